// Answers that freeDiameter makes itself (5001, 5014, 3xxx) lack what TS 29.229 6.1 requires of every answer: they get
// it just before they are sent. And the hooks: they also keep freeDiameter from formatting whole messages into its log,
// and from what would end it (received_frames.h, core_traps.h).
// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "diameter/fd.h"
#include "diameter/late_answers.h"
#include "diameter/refusal_sender.h"

namespace hss::diameter {

/// Adds what an answer of one of our applications lacks: Session-Id, Vendor-Specific-Application-Id,
/// Auth-Session-State, Origin-Host, Origin-Realm; what of the request the command echoes (command_table.h); P
/// as in the request. Mends a Failed-AVP that could not be encoded. Other messages, and whole answers, stay as they
/// are. Throws fd::Error.
void complete_answer(msg* answer);

/// Registers the hooks, and takes them back.
class Hooks {
 public:
  Hooks();
  ~Hooks();
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;

 private:
  void release() noexcept;
  LateAnswers late_answers_;
  RefusalSender refusals_;  // the hooks go first
  std::array<fd_hook_hdl*, 6> handles_{};
};

}  // namespace hss::diameter
