// What commands of both applications read and write in the same way.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "diameter/avp_reader.h"
#include "diameter/avp_writer.h"
#include "hss/aka.h"
#include "hss/context.h"

namespace hss::diameter {

inline constexpr std::int32_t kNoStateMaintained = 1;  // Auth-Session-State, RFC 6733 8.11

DiameterNode origin_of(const AvpReader& reader);

/// SIP-Auth-Data-Item of an AKA vector (TS 29.228 table 6.3.4, TS 29.273 table 8.1.2.1.1/3): RAND || AUTN, XRES and the
/// two keys. What the keys are is the scheme's to say.
void write_aka_item(AvpWriter& writer, std::uint32_t number, std::string_view scheme, const AkaVector& vector);

/// For a detail of the log: words with a space between them.
void append_word(std::string& words, std::string_view word);

}  // namespace hss::diameter
