// One command as a row: how its request is read, which procedure answers it, how its answer is written. Adding a
// command is adding a file with such a row, and naming it in command_table.cpp.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "diameter/abnf.h"
#include "diameter/answer.h"
#include "diameter/avp_reader.h"
#include "diameter/supported_features.h"
#include "hss/context.h"
#include "hss/repository.h"
#include "hss/result.h"

namespace hss::diameter {

/// What a command adds to its log line.
struct Description {
  std::string detail;       // e.g. "REGISTRATION"
  std::string server_name;  // the S-CSCF that was answered; empty: that of the request
};

/// What of the request goes back in every answer, errors too: peers match an answer by it.
enum class Echo : std::uint8_t { kNothing, kUserName, kIdentities };  // kIdentities: Public-Identity as well

template <class Request, class AnswerData>
struct Command {
  std::uint32_t application;  // Diameter application
  std::uint32_t code;
  const char* name;  // "UAR"
  Echo echo;
  Abnf rules;  // of the request
  /// The rules hold: every required AVP is there, and no value is unusable.
  Request (*decode)(const AvpReader&);
  AnswerData (*procedure)(const Request&, Repository&, const Context&);
  /// Writes what the command adds to the common part, in the order of its ABNF, without Failed-AVP.
  void (*encode)(const AnswerData&, Answer&);
  /// `answer` is null when there is none.
  Description (*describe)(const Request&, const AnswerData* answer);
};

template <class Request, class AnswerData>
std::variant<Request, DecodeError> decode(const Command<Request, AnswerData>& command, msg* message) {
  auto content = AvpReader::read(message, command.rules);
  if (auto* error = std::get_if<DecodeError>(&content)) return std::move(*error);
  const AvpReader& reader = std::get<AvpReader>(content);
  if (reader.has(avps::kSupportedFeatures)) {  // all rules have it, and without a usable one nothing is demanded
    if (auto error = refuse_features(message)) return std::move(*error);
  }
  return command.decode(reader);
}

/// One request of any command, from its octets to its answer.
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// The error, or none: then run() may follow.
  virtual std::optional<DecodeError> decode(msg* message) = 0;
  virtual void run(Repository& repository, const Context& context) = 0;
  /// After run().
  [[nodiscard]] virtual const Verdict& verdict() const = 0;
  virtual void encode(Answer& answer) const = 0;
  [[nodiscard]] virtual Description describe() const = 0;
};

template <class Request, class AnswerData>
class TypedExchange final : public Exchange {
 public:
  explicit TypedExchange(const Command<Request, AnswerData>& command) : command_(command) {}

  std::optional<DecodeError> decode(msg* message) override {
    auto decoded = diameter::decode(command_, message);
    if (auto* error = std::get_if<DecodeError>(&decoded)) return std::move(*error);
    request_ = std::move(std::get<Request>(decoded));
    return std::nullopt;
  }
  void run(Repository& repository, const Context& context) override {
    answer_ = command_.procedure(request_.value(), repository, context);
  }
  [[nodiscard]] const Verdict& verdict() const override { return answer_.value().verdict; }
  void encode(Answer& answer) const override { command_.encode(answer_.value(), answer); }
  [[nodiscard]] Description describe() const override {
    return request_ ? command_.describe(*request_, answer_ ? &*answer_ : nullptr) : Description{};
  }

 private:
  const Command<Request, AnswerData>& command_;
  std::optional<Request> request_;
  std::optional<AnswerData> answer_;
};

/// A command with its types hidden.
struct CommandEntry {
  std::uint32_t application = 0;
  std::uint32_t code = 0;
  const char* name = nullptr;
  Echo echo = Echo::kNothing;
  std::unique_ptr<Exchange> (*begin)() = nullptr;
};

namespace detail {
template <class Request, class AnswerData>
std::unique_ptr<Exchange> begin(const Command<Request, AnswerData>& command) {
  return std::make_unique<TypedExchange<Request, AnswerData>>(command);
}
}  // namespace detail

template <const auto& kCommand>
CommandEntry entry() {
  return {kCommand.application, kCommand.code, kCommand.name, kCommand.echo, [] { return detail::begin(kCommand); }};
}

}  // namespace hss::diameter
