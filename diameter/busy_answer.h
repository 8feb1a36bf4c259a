// The answer DIAMETER_TOO_BUSY, made of the octets of its request alone: what is refused because more comes than can be
// answered never gets into freeDiameter, where a refusal costs as much as any answer. Pure functions; who refuses is in
// overload.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "diameter/command.h"

namespace hss::diameter {

class BusyAnswers {
 public:
  /// Requests to `host` or to nobody in particular of `realm`; of `commands` those of the applications that are served.
  BusyAnswers(std::string host, std::string realm, std::span<const CommandEntry> commands, const Settings& settings);

  /// Appends the answer to a frame, which is to be whole and one that inspect() lets pass, and returns true. It is what
  /// a transaction that is refused gets (transaction.h), but for Supported-Features: Session-Id, the identities that
  /// the command echoes and every Proxy-Info come from the request. False, and nothing is appended: the frame is no
  /// such request, or freeDiameter would refuse it for its header, its realm, its host or its route; it goes the way of
  /// all others.
  bool append(std::span<const std::uint8_t> frame, std::vector<std::uint8_t>& out) const;
  /// Whether a frame may be such a request, by its header.
  [[nodiscard]] bool concerns(std::span<const std::uint8_t> frame) const noexcept { return row_of(frame) != nullptr; }

 private:
  struct Row {
    std::uint32_t application;
    std::uint32_t code;
    Echo echo;
    std::vector<std::uint8_t> common;  // the AVPs that are the same in all these answers
  };
  [[nodiscard]] const Row* row_of(std::span<const std::uint8_t> frame) const noexcept;

  std::string host_;
  std::string realm_;
  std::vector<Row> rows_;
};

}  // namespace hss::diameter
