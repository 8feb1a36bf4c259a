// Our rows in freeDiameter's dictionary: vendors, the AVPs of avp_table.h, the applications and their commands. What
// another dictionary extension has defined before us is taken over; one that comes after us finds the same data.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "diameter/avp_table.h"
#include "diameter/fd.h"

namespace hss::diameter {

inline constexpr std::uint32_t kApplicationCx = 16777216;   // TS 29.229 6
inline constexpr std::uint32_t kApplicationSwx = 16777265;  // TS 29.273 8.2.1

/// Command codes, shared by Cx and SWx (TS 29.229 6.1, TS 29.273 8.2.2).
namespace command_code {
inline constexpr std::uint32_t kCapabilitiesExchange = 257;  // RFC 6733 5.3
inline constexpr std::uint32_t kUserAuthorization = 300;
inline constexpr std::uint32_t kServerAssignment = 301;
inline constexpr std::uint32_t kLocationInfo = 302;
inline constexpr std::uint32_t kMultimediaAuth = 303;
inline constexpr std::uint32_t kRegistrationTermination = 304;
inline constexpr std::uint32_t kPushProfile = 305;
}  // namespace command_code

/// Defines what is missing and remembers where everything is. No rules for the contents of commands: a command object
/// is global, so Cx and SWx share it, and the core's answers to a broken rule lack what 3GPP requires; abnf.h has the
/// rules. May be called again. Throws fd::Error.
void define_dictionary();

/// Objects of the dictionary; define_dictionary() comes first.
dict_object* model_of(const AvpDefinition& definition);
dict_object* application_object(std::uint32_t id);
dict_object* vendor_object(std::uint32_t id);
dict_object* request_object(std::uint32_t command_code);

/// Vendor and code as one number: read once from an AVP, it is compared with many rows.
using AvpKey = std::uint64_t;
constexpr AvpKey key_of(const AvpDefinition& definition) { return AvpKey{definition.vendor} << 32U | definition.code; }
/// An AVP without the V flag belongs to vendor 0.
inline AvpKey key_of(avp* avp) {
  const avp_hdr& header = fd::header(avp);
  const std::uint32_t vendor = (header.avp_flags & AVP_FLAG_VENDOR) != 0 ? header.avp_vendor : 0;
  return AvpKey{vendor} << 32U | header.avp_code;
}

/// True when the AVP has the vendor and code of the row.
inline bool is(avp* avp, const AvpDefinition& definition) { return key_of(avp) == key_of(definition); }

}  // namespace hss::diameter
