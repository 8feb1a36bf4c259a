// SPDX-License-Identifier: MIT
#include "tests/diameter/raw_message.h"

#include <stdexcept>

namespace hss::diameter::test {
namespace {

void put(std::string& out, std::uint32_t value, int octets) {
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xFFU));
}

std::uint32_t get(const std::string& in, std::size_t at, std::size_t octets) {
  if (at + octets > in.size()) throw std::runtime_error("the octets end too early");
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < octets; ++i) value = (value << 8U) | static_cast<std::uint8_t>(in[at + i]);
  return value;
}

std::vector<RawAvp> select(const std::vector<RawAvp>& from, std::uint32_t code, std::uint32_t vendor) {
  std::vector<RawAvp> out;
  for (const RawAvp& avp : from) {
    if (avp.code == code && avp.vendor == vendor) out.push_back(avp);
  }
  return out;
}

RawAvp only(const std::vector<RawAvp>& from, std::uint32_t code, std::uint32_t vendor) {
  const auto found = select(from, code, vendor);
  if (found.size() != 1) {
    throw std::runtime_error(std::to_string(found.size()) + " AVPs " + std::to_string(code) + " of vendor " +
                             std::to_string(vendor) + " where one was expected");
  }
  return found.front();
}

}  // namespace

RawAvp text(std::uint32_t code, std::string data, std::uint32_t vendor) {
  return {code, vendor, static_cast<std::uint8_t>(vendor == 0 ? 0x40 : 0xC0), std::move(data)};
}

RawAvp number(std::uint32_t code, std::uint32_t value, std::uint32_t vendor) {
  std::string data;
  put(data, value, 4);
  return text(code, std::move(data), vendor);
}

RawAvp group(std::uint32_t code, const std::vector<RawAvp>& members, std::uint32_t vendor) {
  return text(code, encode(members), vendor);
}

RawAvp with_flags(RawAvp avp, std::uint8_t flags) {
  avp.flags = flags;
  return avp;
}

std::string encode(const std::vector<RawAvp>& avps) {
  std::string out;
  for (const RawAvp& avp : avps) {
    const bool vendor = (avp.flags & 0x80U) != 0;
    put(out, avp.code, 4);
    put(out, avp.flags, 1);
    put(out, static_cast<std::uint32_t>(avp.data.size() + (vendor ? 12 : 8)), 3);
    if (vendor) put(out, avp.vendor, 4);
    out += avp.data;
    while (out.size() % 4 != 0) out.push_back('\0');
  }
  return out;
}

std::vector<RawAvp> decode(const std::string& octets) {
  std::vector<RawAvp> out;
  std::size_t at = 0;
  while (at < octets.size()) {
    RawAvp avp;
    avp.code = get(octets, at, 4);
    avp.flags = static_cast<std::uint8_t>(get(octets, at + 4, 1));
    const std::size_t length = get(octets, at + 5, 3);
    const std::size_t header = (avp.flags & 0x80U) != 0 ? 12 : 8;
    if (header == 12) avp.vendor = get(octets, at + 8, 4);
    if (length < header || at + length > octets.size()) throw std::runtime_error("an AVP has a wrong length");
    avp.data = octets.substr(at + header, length - header);
    at += (length + 3) / 4 * 4;
    out.push_back(std::move(avp));
  }
  if (at != octets.size()) throw std::runtime_error("the padding of the last AVP is missing");
  return out;
}

std::string RawMessage::octets() const {
  const std::string body = encode(avps);
  std::string out;
  put(out, 1, 1);
  put(out, static_cast<std::uint32_t>(20 + body.size()), 3);
  put(out, flags, 1);
  put(out, code, 3);
  put(out, application, 4);
  put(out, hop_by_hop, 4);
  put(out, end_to_end, 4);
  return out + body;
}

RawMessage RawMessage::from(const std::string& octets) {
  if (get(octets, 0, 1) != 1) throw std::runtime_error("not Diameter version 1");
  if (get(octets, 1, 3) != octets.size()) throw std::runtime_error("the message has a wrong length");
  RawMessage out;
  out.flags = static_cast<std::uint8_t>(get(octets, 4, 1));
  out.code = get(octets, 5, 3);
  out.application = get(octets, 8, 4);
  out.hop_by_hop = get(octets, 12, 4);
  out.end_to_end = get(octets, 16, 4);
  out.avps = decode(octets.substr(20));
  return out;
}

std::vector<RawAvp> RawMessage::all(std::uint32_t avp_code, std::uint32_t vendor) const {
  return select(avps, avp_code, vendor);
}

RawAvp RawMessage::one(std::uint32_t avp_code, std::uint32_t vendor) const { return only(avps, avp_code, vendor); }

std::string RawMessage::order() const {
  std::string out;
  for (const RawAvp& avp : avps) {
    if (!out.empty()) out += ' ';
    out += std::to_string(avp.code);
    if (avp.vendor != 0) out += "@" + std::to_string(avp.vendor);
  }
  return out;
}

RawAvp member(const RawAvp& group, std::uint32_t code, std::uint32_t vendor) {
  return only(decode(group.data), code, vendor);
}

std::uint32_t value_of(const RawAvp& avp) {
  if (avp.data.size() != 4) throw std::runtime_error("not an AVP of 32 bits");
  return get(avp.data, 0, 4);
}

}  // namespace hss::diameter::test
