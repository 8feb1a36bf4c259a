// One walk over the AVPs; nothing is copied, and of the contents only Session-Id, User-Name and two groups are read.
// SPDX-License-Identifier: MIT
#include "diameter/wire_guard.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "diameter/dictionary.h"

namespace hss::diameter {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kMessageHeader = 20;
constexpr std::uint32_t kUserName = 1;
constexpr std::uint32_t kAuthApplicationId = 258;
constexpr std::uint32_t kAcctApplicationId = 259;
constexpr std::uint32_t kVendorSpecificApplicationId = 260;
constexpr std::uint32_t kSessionId = 263;
constexpr std::uint32_t kVendorId = 266;
constexpr std::uint32_t kProxyInfo = 284;

std::uint32_t u32(const std::uint8_t* at) noexcept {
  return (std::uint32_t{at[0]} << 24U) | (std::uint32_t{at[1]} << 16U) | (std::uint32_t{at[2]} << 8U) | at[3];
}

constexpr std::string_view kOddApplication =
    "Vendor-Specific-Application-Id holds something else than vendor and application";

struct RawAvp {
  std::uint32_t code;
  bool vendor;  // some vendor's: the code says nothing to us
  Octets data;
};

/// Calls `look` with each AVP until it or the form of one gives a reason.
template <typename Look>
std::string_view walk(Octets octets, Look look) noexcept {
  while (!octets.empty()) {
    if (octets.size() < 8) return "what is left at the end is no AVP";
    const bool vendor = (octets[4] & 0x80U) != 0;
    const std::size_t header = vendor ? 12 : 8;
    const std::size_t length = u32(&octets[4]) & 0xFFFFFFU;
    if (length < header) return "the length of an AVP is less than its header's";
    if (length > octets.size()) return "the length of an AVP goes beyond the end";
    if (vendor && u32(&octets[8]) == 0) return "an AVP has a V flag and vendor 0";
    if (const std::string_view reason =
            look(RawAvp{u32(octets.data()), vendor, octets.subspan(header, length - header)});
        !reason.empty()) {
      return reason;
    }
    // freeDiameter takes a message whose last AVP lacks its padding.
    octets = octets.subspan(std::min((length + 3) / 4 * 4, octets.size()));
  }
  return {};
}

std::string_view look_at_session_id(Octets data) noexcept {
  if (data.empty()) return "Session-Id is empty";
  if (std::memchr(data.data(), 0, data.size()) != nullptr) return "Session-Id holds a NUL";
  return {};
}

std::string_view look_at_proxy_info(Octets data) noexcept {
  const bool sound = walk(data, [](const RawAvp&) { return std::string_view(); }).empty();
  return sound ? std::string_view() : "Proxy-Info holds no AVPs";
}

std::string_view look_at_application(Octets data) noexcept {
  const bool sound = walk(data, [](const RawAvp& member) {
                       const bool known = !member.vendor && member.data.size() == 4 &&
                                          (member.code == kVendorId || member.code == kAuthApplicationId ||
                                           member.code == kAcctApplicationId);
                       return known ? std::string_view() : kOddApplication;
                     }).empty();
  return sound ? std::string_view() : kOddApplication;
}

}  // namespace

Inspection inspect(Octets octets) noexcept {
  if (octets.size() < kMessageHeader) return {"it is shorter than a header", false};
  const bool capabilities = (u32(&octets[4]) & 0xFFFFFFU) == command_code::kCapabilitiesExchange;
  Inspection out;
  out.refusal = walk(octets.subspan(kMessageHeader), [&out, capabilities](const RawAvp& avp) -> std::string_view {
    if (avp.vendor) return {};
    switch (avp.code) {
      case kUserName:
        out.decorated_user_name =
            out.decorated_user_name || std::find(avp.data.begin(), avp.data.end(), '!') != avp.data.end();
        return {};
      case kSessionId:
        return look_at_session_id(avp.data);
      case kProxyInfo:
        return look_at_proxy_info(avp.data);
      case kVendorSpecificApplicationId:
        return capabilities ? look_at_application(avp.data) : std::string_view();
      default:
        return {};
    }
  });
  return out;
}

}  // namespace hss::diameter
