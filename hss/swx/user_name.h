// User-Name of SWx: the IMSI, which peers also write as an NAI of EAP (TS 23.003 19.3.2).
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hss::swx {

/// The IMSI of "001010000000001", "001010000000001@realm", "0001010000000001@realm" (EAP-AKA) and
/// "6001010000000001@realm" (EAP-AKA'): the leading digit is taken away only when exactly 16 digits stand before '@'.
/// nullopt for everything else: pseudonyms and fast re-authentication identities (2, 4, 7, 8 ...) belong to the AAA
/// server. Nothing is taken from the realm.
std::optional<std::string> imsi_of(std::string_view user_name);

}  // namespace hss::swx
