// The frames that end freeDiameter 1.2.1, recognised in their octets before freeDiameter reads them. A pure function:
// the hook that acts on it is in received_frames.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hss::diameter {

struct Inspection {
  std::string_view refusal;          // why the frame may not go on, a literal; empty when it may
  bool decorated_user_name = false;  // '!' in User-Name: core_traps.h has to see to it
};

/// Looks at one received message, header and all. Refused are
/// - what is no list of AVPs: freeDiameter closes the connection for most of it, and ours to say with its address;
/// - an AVP with a V flag and vendor 0, which RFC 6733 4.1.1 forbids: an assertion when it is Session-Id, and for
///   Proxy-Info no answer;
/// - Session-Id with NUL, as one has whose length takes in the AVP behind it, and an empty one: dispatch gives up, and
///   with it the process;
/// - Proxy-Info that holds no AVPs: the answer cannot be made, the process ends. What lacks Proxy-Host or Proxy-State,
/// or
///   holds more, does no harm: it gets 5005, or its answer (RFC 6733 6.7.2 allows more);
/// - in CER and CEA, Vendor-Specific-Application-Id with anything but Vendor-Id, Auth- and Acct-Application-Id of four
///   octets each: an assertion, before the peer is admitted. In other messages freeDiameter answers 5004 or 5014.
/// All else that freeDiameter cannot stand is well formed, and answered: core_traps.h.
Inspection inspect(std::span<const std::uint8_t> octets) noexcept;

}  // namespace hss::diameter
