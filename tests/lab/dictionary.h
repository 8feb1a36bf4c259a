// Names for what is shown: AVPs, commands, results; and values in words. A secret is masked unless it is asked for.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/lab/message.h"

namespace hss::lab {

enum class AvpKind { kText, kOctets, kNumber, kEnumerated, kGrouped, kAddress };

struct AvpInfo {
  AvpId id;
  std::string_view name;
  AvpKind kind = AvpKind::kOctets;
  bool secret = false;  // XRES, CK, IK, HA1
};
/// Null for one that is not in the table.
const AvpInfo* info_of(AvpId id);
/// "User-Name", or "AVP 4711 of vendor 10415".
std::string name_of(AvpId id);

/// "MAR", "MAA", "SWx-MAR", "CER" ...; a number for others.
std::string short_name(const Message& message);
/// "Multimedia-Auth-Request".
std::string long_name(const Message& message);
/// "DIAMETER_SUCCESS (2001)", "DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)".
std::string result_text(const ResultOf& result);

/// One AVP in words, for a line: text as it is (what is not printable escaped), numbers with the name of their value
/// (Server-Assignment-Type ...), octets in hexadecimal, groups empty; a secret as "(16 octets, hidden)". A
/// SIP-Authorization of 30 octets is RAND || AUTS and no secret.
std::string value_text(const Avp& avp, bool show_secrets);

/// The whole tree, in order; down to a depth of 16. A group that is none is shown by its length only.
struct AvpLine {
  unsigned depth = 0;
  std::string name;
  std::string value;
};
std::vector<AvpLine> describe(const Message& message, bool show_secrets);

}  // namespace hss::lab
