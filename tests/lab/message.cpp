// SPDX-License-Identifier: MIT
#include "tests/lab/message.h"

#include <algorithm>
#include <stdexcept>

namespace hss::lab {
namespace {

constexpr std::size_t kMessageHeader = 20;            // RFC 6733 3
constexpr std::size_t kAvpHeader = 8;                 // RFC 6733 4.1
constexpr std::size_t kLargestMessage = 1024 * 1024;  // ours: what is longer is no message, but a stream out of step
constexpr std::uint32_t kLargestLength = 0xFFFFFF;

constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kRequestFlag = 0x80;
constexpr std::uint32_t kProxiableFlag = 0x40;
constexpr std::uint32_t kErrorFlag = 0x20;
constexpr std::uint32_t kRetransmittedFlag = 0x10;
constexpr std::uint32_t kVendorFlag = 0x80;
constexpr std::uint32_t kMandatoryFlag = 0x40;

void put(Bytes& out, std::uint32_t value) {
  out.insert(out.end(), {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
                         static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
}

/// Overwrites the length of 24 bits that stands at `at`.
void put_length(Bytes& out, std::size_t at, std::size_t length) {
  if (length > kLargestLength) throw std::length_error("a Diameter message or AVP is too long");
  out.at(at) = static_cast<std::uint8_t>(length >> 16);
  out.at(at + 1) = static_cast<std::uint8_t>(length >> 8);
  out.at(at + 2) = static_cast<std::uint8_t>(length);
}

std::uint32_t word_at(BytesView octets, std::size_t at) {
  const BytesView four = octets.subspan(at, 4);
  return std::uint32_t{four[0]} << 24 | std::uint32_t{four[1]} << 16 | std::uint32_t{four[2]} << 8 | four[3];
}

std::size_t padded(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

void append_avp(Bytes& out, const Avp& avp) {
  const std::size_t start = out.size();
  put(out, avp.id.code);
  put(out, ((avp.id.vendor != 0 ? kVendorFlag : 0) | (avp.mandatory ? kMandatoryFlag : 0)) << 24);
  if (avp.id.vendor != 0) put(out, avp.id.vendor);
  out.insert(out.end(), avp.data.begin(), avp.data.end());
  const std::size_t length = out.size() - start;
  put_length(out, start + 5, length);
  out.resize(start + padded(length));
}

/// What stands in `octets` one AVP after the other; or what is wrong, octets counted from `origin`. Reserved flags, the
/// P flag of RFC 3588 and what padding holds are ignored, as RFC 6733 asks of a receiver.
std::optional<std::string> parse_avps(BytesView octets, std::size_t origin, std::vector<Avp>& out) {
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t left = octets.size() - at;
    const std::string where = " at octet " + std::to_string(origin + at);
    if (left < kAvpHeader) return std::to_string(left) + " octets" + where + ", too few for an AVP";
    const std::uint32_t code = word_at(octets, at);
    const std::uint32_t word = word_at(octets, at + 4);
    const std::size_t length = word & kLargestLength;
    const bool has_vendor = (word >> 24 & kVendorFlag) != 0;
    const std::size_t header = kAvpHeader + (has_vendor ? 4 : 0);
    const std::string announced = "AVP " + std::to_string(code) + where + " has length " + std::to_string(length);
    if (length < header) return announced + ", less than its header of " + std::to_string(header);
    if (padded(length) > left) return announced + " with padding beyond the " + std::to_string(left) + " octets left";
    const BytesView data = octets.subspan(at + header, length - header);
    out.push_back({.id = {code, has_vendor ? word_at(octets, at + kAvpHeader) : 0},
                   .mandatory = (word >> 24 & kMandatoryFlag) != 0,
                   .data = Bytes(data.begin(), data.end())});
    at += padded(length);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> Avp::number() const {
  if (data.size() != 4) return std::nullopt;
  return word_at(data, 0);
}

std::optional<std::vector<Avp>> Avp::members() const {
  std::vector<Avp> out;
  if (parse_avps(data, 0, out)) return std::nullopt;
  return out;
}

Avp text_avp(AvpId id, std::string_view value, bool mandatory) {
  return {.id = id, .mandatory = mandatory, .data = Bytes(value.begin(), value.end())};
}

Avp octets_avp(AvpId id, BytesView value, bool mandatory) {
  return {.id = id, .mandatory = mandatory, .data = Bytes(value.begin(), value.end())};
}

Avp number_avp(AvpId id, std::uint32_t value, bool mandatory) {
  Avp out{.id = id, .mandatory = mandatory};
  put(out.data, value);
  return out;
}

Avp group_avp(AvpId id, const std::vector<Avp>& members, bool mandatory) {
  Avp out{.id = id, .mandatory = mandatory};
  for (const Avp& member : members) append_avp(out.data, member);
  return out;
}

const Avp* find(const std::vector<Avp>& avps, AvpId id) {
  const auto found = std::ranges::find(avps, id, &Avp::id);
  return found == avps.end() ? nullptr : &*found;
}

const Avp* Message::find(AvpId id) const { return lab::find(avps, id); }

std::vector<const Avp*> Message::all(AvpId id) const {
  std::vector<const Avp*> out;
  for (const Avp& one : avps) {
    if (one.id == id) out.push_back(&one);
  }
  return out;
}

void append(Bytes& out, const Message& message) {
  const std::size_t start = out.size();
  put(out, kVersion << 24);
  const std::uint32_t flags = (message.request ? kRequestFlag : 0) | (message.proxiable ? kProxiableFlag : 0) |
                              (message.error ? kErrorFlag : 0) | (message.retransmitted ? kRetransmittedFlag : 0);
  put(out, flags << 24 | (message.command & kLargestLength));
  put(out, message.application);
  put(out, message.hop_by_hop);
  put(out, message.end_to_end);
  for (const Avp& avp : message.avps) append_avp(out, avp);
  put_length(out, start + 1, out.size() - start);
}

Bytes encode(const Message& message) {
  Bytes out;
  append(out, message);
  return out;
}

std::variant<Message, std::string> parse(BytesView octets) {
  if (octets.size() < kMessageHeader) {
    return std::to_string(octets.size()) + " octets, a header alone has " + std::to_string(kMessageHeader);
  }
  const std::uint32_t first = word_at(octets, 0);
  if (first >> 24 != kVersion) return "version " + std::to_string(first >> 24) + ", there is only 1";
  const std::size_t length = first & kLargestLength;
  if (length != octets.size()) {
    return "the header says " + std::to_string(length) + " octets, there are " + std::to_string(octets.size());
  }
  if (length % 4 != 0) return "a length of " + std::to_string(length) + " octets, not a multiple of 4";
  const std::uint32_t second = word_at(octets, 4);
  const auto has = [flags = second >> 24](std::uint32_t flag) { return (flags & flag) != 0; };
  Message out{.request = has(kRequestFlag),
              .proxiable = has(kProxiableFlag),
              .error = has(kErrorFlag),
              .retransmitted = has(kRetransmittedFlag),
              .command = second & kLargestLength,
              .application = word_at(octets, 8),
              .hop_by_hop = word_at(octets, 12),
              .end_to_end = word_at(octets, 16)};
  out.avps.reserve(16);  // of most messages, all
  if (auto wrong = parse_avps(octets.subspan(kMessageHeader), kMessageHeader, out.avps)) return *std::move(wrong);
  return out;
}

std::optional<std::size_t> announced_length(BytesView first_four) {
  if (first_four.size() < 4) return std::nullopt;
  const std::uint32_t word = word_at(first_four, 0);
  const std::size_t length = word & kLargestLength;
  if (word >> 24 != kVersion || length < kMessageHeader || length > kLargestMessage) return std::nullopt;
  return length;
}

std::optional<ResultOf> result_of(const Message& answer) {
  if (const Avp* const code = answer.find(avp::kResultCode)) {
    if (const auto number = code->number()) return ResultOf{0, *number};
  }
  const Avp* const group = answer.find(avp::kExperimentalResult);
  if (group == nullptr) return std::nullopt;
  const auto members = group->members();
  if (!members) return std::nullopt;
  const Avp* const vendor = find(*members, avp::kVendorId);
  const Avp* const code = find(*members, avp::kExperimentalResultCode);
  if (vendor == nullptr || code == nullptr || !vendor->number() || !code->number()) return std::nullopt;
  return ResultOf{*vendor->number(), *code->number()};
}

}  // namespace hss::lab
