// The answer DIAMETER_TOO_BUSY, made of the octets of its request alone: what is refused because more comes than can be
// answered never gets into freeDiameter, where a refusal costs as much as any answer. Pure functions; who refuses is in
// overload.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "diameter/local_requests.h"

namespace hss::diameter {

class BusyAnswers {
 public:
  /// To the requests that LocalRequests finds with the same arguments.
  BusyAnswers(const std::string& host, const std::string& realm, std::span<const CommandEntry> commands,
              const Settings& settings);

  /// Appends the answer to a frame, which is to be whole and one that inspect() lets pass, and returns true. It is what
  /// a transaction that is refused gets (transaction.h), but for Supported-Features: Session-Id, the identities that
  /// the command echoes and every Proxy-Info come from the request. False, and nothing is appended: the frame is none
  /// of the requests.
  bool append(std::span<const std::uint8_t> frame, std::vector<std::uint8_t>& out) const;
  /// Whether a frame may be one of the requests, by its header.
  [[nodiscard]] bool concerns(std::span<const std::uint8_t> frame) const noexcept {
    return requests_.command_of(frame) != nullptr;
  }

 private:
  LocalRequests requests_;
  std::map<std::uint32_t, std::vector<std::uint8_t>> common_;  // by application: AVPs that all these answers have
};

}  // namespace hss::diameter
