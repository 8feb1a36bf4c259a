// Requests that freeDiameter would deliver to us, recognised by their octets: those need not go through it to get here
// (short_way.h), or to be refused (busy_answer.h). Pure functions.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diameter/command.h"
#include "diameter/inline_vector.h"
#include "hss/bytes.h"
#include "hss/settings.h"

namespace hss::diameter {

/// What was found on the way: the first AVP of each kind, in the frame.
struct LocalRequest {
  const CommandEntry* command = nullptr;
  BytesView session_id, user_name, public_identity;
  std::string_view realm;
  InlineVector<BytesView, 4> proxies;  // whole AVPs, without the padding
};

class LocalRequests {
 public:
  /// Those to `host` or to nobody in particular of `realm`; of `commands`, which live as long, those of the
  /// applications that are served.
  LocalRequests(std::string host, std::string realm, std::span<const CommandEntry> commands, const Settings& settings);

  /// Whether a frame may be such a request, by its header: its command, else null.
  [[nodiscard]] const CommandEntry* command_of(std::span<const std::uint8_t> frame) const noexcept;
  /// Whether a frame, which is to be whole and one that inspect() lets pass, is one. Nothing: it is not, or
  /// freeDiameter would refuse it for its header, its realm, its host or its route, or it has a decorated User-Name,
  /// which may be for another realm. It goes the way of all others.
  [[nodiscard]] std::optional<LocalRequest> read(std::span<const std::uint8_t> frame) const;

 private:
  std::string host_;
  std::string realm_;
  std::vector<const CommandEntry*> commands_;
};

}  // namespace hss::diameter
