// SPDX-License-Identifier: MIT
#include "hss/swx/user_name.h"

#include "hss/ascii.h"
#include "hss/identity.h"

namespace hss::swx {
namespace {

/// The leading digit of a permanent identity and an IMSI of 15 digits.
constexpr std::size_t kPrefixedDigits = 16;

/// TS 23.003 19.3.2: permanent identities of EAP-AKA and of EAP-AKA'.
constexpr bool of_permanent_identity(char prefix) { return prefix == '0' || prefix == '6'; }

}  // namespace

std::optional<std::string> imsi_of(std::string_view user_name) {
  std::string_view user = user_name;
  if (const auto at = user_name.find('@'); at != std::string_view::npos) {
    user = user_name.substr(0, at);
    const std::string_view realm = user_name.substr(at + 1);
    if (realm.empty() || realm.find('@') != std::string_view::npos) return std::nullopt;
    if (user.size() == kPrefixedDigits && of_permanent_identity(user.front())) user.remove_prefix(1);
  }
  return is_imsi(user) ? std::optional<std::string>(user) : std::nullopt;
}

}  // namespace hss::swx
