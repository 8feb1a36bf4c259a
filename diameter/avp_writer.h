// Appends AVPs to a message or a group, with the flags of avp_table.h whatever another dictionary says of them: to one
// of freeDiameter's, or to octets.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "diameter/avp_octets.h"
#include "diameter/avp_table.h"
#include "diameter/fd.h"
#include "hss/bytes.h"

namespace hss::diameter {

/// Every method throws fd::Error, and std::bad_alloc.
class AvpWriter {
 public:
  /// Writes at the end of `parent`, or before `anchor`, a child of it, when one is given.
  explicit AvpWriter(msg_or_avp* parent, avp* anchor = nullptr) : parent_(parent), anchor_(anchor) {}

  /// Writes octets at the end of `out`, which lives as long: what freeDiameter would make of the same AVPs. A group is
  /// to be filled before anything is written behind it.
  explicit AvpWriter(AvpOctets& out) : out_(&out) {}

  /// For UTF8String, DiameterIdentity and the like.
  void text(const AvpDefinition& avp, std::string_view value);
  /// The same, of octets that live until freeDiameter has ended: it keeps no copy of them.
  void lasting_text(const AvpDefinition& avp, std::string_view value);
  /// freeDiameter keeps a copy of the octets until the message is sent; there is no other.
  void octets(const AvpDefinition& avp, BytesView value);
  void unsigned32(const AvpDefinition& avp, std::uint32_t value);
  void enumerated(const AvpDefinition& avp, std::int32_t value);
  /// An address of IPv4 or IPv6 (RFC 6733 4.3.1).
  void address(const AvpDefinition& avp, const Octets<4>& ipv4);
  void address(const AvpDefinition& avp, const Octets<16>& ipv6);
  /// An empty group, to be filled by what is returned.
  AvpWriter group(const AvpDefinition& avp);

  /// A grouped AVP with a content that is encoded already, e.g. by content_of.
  void content(const AvpDefinition& avp, BytesView value);

  /// What a peer sent, as it sent it, flags included; members of a group that the dictionary does not know are left
  /// out. False, and nothing is written, when it cannot be copied (unknown, or without a value).
  bool copy(avp* received);
  /// The shortest AVP of its type, zeros (RFC 6733 7.1.5, DIAMETER_MISSING_AVP).
  void example(const AvpDefinition& avp);

 private:
  AvpWriter(AvpOctets& out, std::size_t depth) : out_(&out), depth_(depth) {}
  void add(fd::AvpPtr avp);
  void append_copy(avp* received, const dict_avp_data& data);
  msg_or_avp* parent_ = nullptr;
  avp* anchor_ = nullptr;
  AvpOctets* out_ = nullptr;  // instead of the two above
  std::size_t depth_ = 0;     // of the groups in `out_`
};

}  // namespace hss::diameter
