// The outbox as the tests of the pushes on SWx fill and read it.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/push.h"
#include "tests/hss/swx/fixture.h"

namespace hss::swx::test {

/// One of kPlain that waits, as it is written for an AAA server.
inline Push push_to(const AaaServer& server, PushKind kind) {
  Push push;
  push.kind = kind;
  push.application = Application::kSwx;
  push.server = {"", server.host, server.realm};
  push.private_identity = imsi_of(kPlain);
  push.subscription = kPlain;
  push.user_data = kind == PushKind::kPushProfile;
  push.created = kNow;
  return push;
}

/// Put into the outbox and sent so many times.
inline Push sent(World& world, Push push, unsigned attempts = 1) {
  push.id = world.repository.add_push(push);
  push.attempts = attempts;
  world.repository.save_push(push);
  return *world.repository.push(push.id);
}

/// "RTR REASON IMSI HOST SUBSCRIPTION", "PPR data flags=N IMSI HOST SUBSCRIPTION"; with "Cx " before it, of Cx.
inline std::vector<std::string> outbox(const World& world) {
  std::vector<std::string> lines;
  for (const Push& push : world.repository.pushes()) {
    std::string line = push.application == Application::kSwx ? "" : "Cx ";
    if (push.kind == PushKind::kRegistrationTermination) {
      line += "RTR " + std::string(name_of(push.reason));
    } else {
      line += "PPR";
      if (push.user_data) line += " data";
      if (push.ppr_flags != 0) line += " flags=" + std::to_string(push.ppr_flags);
    }
    line += ' ' + push.private_identity + ' ' + push.server.diameter_host + ' ' + std::to_string(push.subscription);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace hss::swx::test
