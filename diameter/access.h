// Who may connect, and who may ask what, by the settings: read once, so that a request costs a few comparisons.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/peer_entry.h"
#include "hss/result.h"
#include "hss/settings.h"

namespace hss::diameter {

class Access {
 public:
  /// `expelled`: peers that are connected, but by these settings could not be.
  explicit Access(const Settings& settings, std::vector<std::string> expelled = {});

  enum class Entry : std::uint8_t { kAdmitted, kUnknown, kFromElsewhere };
  /// Whether a Diameter identity may connect from an address ("192.0.2.1", "2001:db8::1"; empty: unknown).
  [[nodiscard]] Entry entry(std::string_view identity, std::string_view address) const;
  /// True when it may from anywhere.
  [[nodiscard]] bool knows(std::string_view identity) const;

  struct Refusal {
    Result result;
    std::string remark;
    bool of_origin_host = false;  // Failed-AVP
  };
  /// Why `peer` (the identity of the connection) may not send such a request; nullopt when it may. 3010: it was
  /// admitted once; 3007: the application is not for it; 3001: the command is not; 5004: it is no agent, and
  /// Origin-Host is not its own name (an empty one stands for one that is missing, which is no matter of this).
  [[nodiscard]] std::optional<Refusal> refusal(std::uint32_t application, std::uint32_t command, std::string_view peer,
                                               std::string_view origin_host) const;

 private:
  using Names = std::vector<PeerName>;
  /// A list of names: those that may send such requests; empty: everybody.
  struct Senders {
    std::uint32_t application;
    std::uint32_t command;  // 0: any
    const char* setting;
    Names names;
  };

  std::vector<PeerEntry> peers_;
  Names agents_;
  std::vector<Senders> senders_;  // without the empty ones
  std::vector<std::string> expelled_;
};

}  // namespace hss::diameter
