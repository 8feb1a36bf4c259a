// One walk over the AVPs; nothing is copied, and of the contents only Session-Id, User-Name and two groups are read.
// SPDX-License-Identifier: MIT
#include "diameter/wire_guard.h"

#include <algorithm>
#include <cstring>

#include "diameter/dictionary.h"
#include "diameter/raw_avps.h"

namespace hss::diameter {
namespace {

constexpr std::uint32_t kUserName = 1;
constexpr std::uint32_t kAuthApplicationId = 258;
constexpr std::uint32_t kAcctApplicationId = 259;
constexpr std::uint32_t kVendorSpecificApplicationId = 260;
constexpr std::uint32_t kSessionId = 263;
constexpr std::uint32_t kVendorId = 266;
constexpr std::uint32_t kProxyInfo = 284;

constexpr std::string_view kOddApplication =
    "Vendor-Specific-Application-Id holds something else than vendor and application";

std::string_view look_at_session_id(BytesView data) noexcept {
  if (data.empty()) return "Session-Id is empty";
  if (std::memchr(data.data(), 0, data.size()) != nullptr) return "Session-Id holds a NUL";
  return {};
}

std::string_view look_at_proxy_info(BytesView data) noexcept {
  const bool sound = walk(data, [](const OctetAvp&) { return std::string_view(); }).empty();
  return sound ? std::string_view() : "Proxy-Info holds no AVPs";
}

std::string_view look_at_application(BytesView data) noexcept {
  const bool sound = walk(data, [](const OctetAvp& member) {
                       const bool known = member.vendor == 0 && member.data.size() == 4 &&
                                          (member.code == kVendorId || member.code == kAuthApplicationId ||
                                           member.code == kAcctApplicationId);
                       return known ? std::string_view() : kOddApplication;
                     }).empty();
  return sound ? std::string_view() : kOddApplication;
}

}  // namespace

Inspection inspect(BytesView octets) noexcept {
  if (octets.size() < kMessageHeader) return {"it is shorter than a header", false};
  const bool capabilities = (u32(&octets[4]) & 0xFFFFFFU) == command_code::kCapabilitiesExchange;
  Inspection out;
  out.refusal = walk(octets.subspan(kMessageHeader), [&out, capabilities](const OctetAvp& avp) -> std::string_view {
    if (avp.vendor != 0) return {};
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
