// One session of freeDiameter's for all requests. It makes one for each Session-Id otherwise, and frees it with the
// last of its messages without a lock over both: two requests of one Session-Id that end as a third comes in end the
// server. Ours hold no state, and sessions of Cx and SWx end with their answer (NO_STATE_MAINTAINED).
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/fd.h"

namespace hss::diameter {

class CommonSession {
 public:
  /// For the hook MESSAGE_RECEIVED, before freeDiameter looks for the message's session. Leaves requests of
  /// applications that another extension serves as they are. By any thread.
  static void take(msg* message) noexcept;
  /// For the hook MESSAGE_SENDING: an answer that freeDiameter made of such a request gets the request's Session-Id.
  /// Throws fd::Error.
  static void give_back(msg* answer);
};

}  // namespace hss::diameter
