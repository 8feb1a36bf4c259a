// base64 (RFC 4648 4, with padding), as SIP writes the tokens of AKA (RFC 3310 3.2, 3.4).
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hss/bytes.h"

namespace hss {

std::string to_base64(BytesView octets);
/// nullopt for an empty text, and for one that is no base64.
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace hss
