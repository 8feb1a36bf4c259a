// Commands in tests: a request through freeDiameter's parser and our decoder, an answer through our encoder and its
// own.
// SPDX-License-Identifier: MIT
#pragma once

#include <variant>

#include "diameter/command.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {

template <class Request, class AnswerData>
Request read(const Command<Request, AnswerData>& command, const RawMessage& message) {
  const fd::MessagePtr parsed = parse(message);
  return std::get<Request>(decode(command, parsed.get()));
}

template <class Request, class AnswerData>
RawMessage written(const Command<Request, AnswerData>& command, const RawMessage& request, const AnswerData& data) {
  fd::MessagePtr message = parse(request);
  Answer answer(message.get(), data.verdict.result);
  if (command.echo != Echo::kNothing) answer.echo(avps::kUserName);
  command.encode(data, answer);
  fd::MessagePtr out = finished(answer, std::move(message));
  return encoded(out.get());
}

}  // namespace hss::diameter::test
