// SPDX-License-Identifier: MIT
#include "diameter/parts.h"

#include <algorithm>

namespace hss::diameter {

DiameterNode origin_of(const AvpReader& reader) {
  return {reader.text(avps::kOriginHost), reader.text(avps::kOriginRealm)};
}

void write_aka_item(AvpWriter& writer, std::uint32_t number, std::string_view scheme, const AkaVector& vector) {
  Octets<32> challenge{};  // RAND || AUTN
  std::ranges::copy(vector.autn, std::ranges::copy(vector.rand, challenge.begin()).out);
  AvpWriter group = writer.group(avps::kSipAuthDataItem);
  group.unsigned32(avps::kSipItemNumber, number);
  group.text(avps::kSipAuthenticationScheme, scheme);
  group.octets(avps::kSipAuthenticate, challenge);
  group.octets(avps::kSipAuthorization, vector.xres.reveal());
  group.octets(avps::kConfidentialityKey, vector.ck.reveal());
  group.octets(avps::kIntegrityKey, vector.ik.reveal());
}

void append_word(std::string& words, std::string_view word) {
  if (word.empty()) return;
  if (!words.empty()) words += ' ';
  words += word;
}

}  // namespace hss::diameter
