// The requests of the HSS as a table: for each application and kind its name, how its content is read, and which
// procedure applies its answer.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "diameter/fd.h"
#include "hss/context.h"
#include "hss/push.h"
#include "hss/push_answer.h"
#include "hss/repository.h"

namespace hss::diameter {

struct PushCommand {
  /// Makes the message. Throws fd::Error.
  using MakeRequest = std::function<fd::MessagePtr()>;

  const char* name;  // "RTR", "SWx-PPR"
  /// Reads from the store what the request carries, so that it is the newest; what is returned needs no store any more.
  /// Empty when there is nothing to be sent any more, for the reason that `obsolete` gives.
  MakeRequest (*prepare)(const Push&, Repository&, const Context&);
  /// Applies an answer, or its absence, and saves the push.
  void (*apply)(Push, const PushAnswer&, Repository&, const Context&);
  /// "PERMANENT_TERMINATION", "user-data charging", "reset".
  std::string (*detail)(const Push&);
  const char* obsolete;
};

const PushCommand& command_of(const Push& push);

/// One line for what happens to a push without a request being sent.
std::string sentence(const Push& push, std::string_view what);

}  // namespace hss::diameter
