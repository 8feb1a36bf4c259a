// One pass over the AVPs, then one over the rules; a request has about ten of both.
// SPDX-License-Identifier: MIT
#include "diameter/avp_reader.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "diameter/dictionary.h"
#include "hss/utf8.h"

namespace hss::diameter {
namespace {

bool is_octet_string(AvpType type) {
  switch (type) {
    case AvpType::kUnsigned32:
    case AvpType::kUnsigned64:
    case AvpType::kEnumerated:
    case AvpType::kGrouped:
      return false;
    default:
      return true;
  }
}

/// Two octets of an address family, and an address; the length of those of IP is known.
bool is_address(std::string_view octets) {
  constexpr std::size_t kFamily = 2;
  if (octets.size() <= kFamily) return false;
  if (octets.starts_with(std::string_view("\0\1", kFamily))) return octets.size() == kFamily + 4;
  if (octets.starts_with(std::string_view("\0\2", kFamily))) return octets.size() == kFamily + 16;
  return true;
}

bool usable(avp* received, const AvpDefinition& definition) {
  if (!has_value(received, definition)) return false;
  if (is_octet_string(definition.type)) {
    const std::string_view octets = octets_of(received, definition);
    if (octets.empty()) return false;
    if (definition.type == AvpType::kUtf8String) return octets.find('\0') == octets.npos && is_utf8(octets);
    if (definition.type == AvpType::kDiameterIdentity || definition.type == AvpType::kDiameterUri) {
      return std::ranges::all_of(octets, [](char c) { return c > 0x20 && c < 0x7F; });
    }
    if (definition.type == AvpType::kAddress) return is_address(octets);
    return true;
  }
  if (definition.type == AvpType::kEnumerated) {
    const std::int32_t value = fd::header(received).avp_value->i32;
    return value >= 0 && value <= definition.last_value;
  }
  return true;
}

bool informational(avp* received, const AvpDefinition& definition) {
  return !definition.mandatory() && (fd::header(received).avp_flags & AVP_FLAG_MANDATORY) == 0;
}

/// What is wrong with one AVP of a rule; nullopt when it can be used.
std::optional<DecodeError> inspect(avp* received, const Rule& rule) {
  const AvpDefinition& definition = *rule.avp;
  if (!usable(received, definition)) {
    return DecodeError{result::kInvalidAvpValue, FailedAvp{&definition, received, {}},
                       std::string(definition.name) + " has no usable value"};
  }
  if (rule.members.empty()) return std::nullopt;
  auto content = AvpReader::read(received, rule.members);
  if (auto* error = std::get_if<DecodeError>(&content)) {
    error->failed->groups.insert(error->failed->groups.begin(), &definition);
    error->remark += std::string(" in ") + definition.name;
    return std::move(*error);
  }
  return std::nullopt;
}

}  // namespace

avp* find_avp(msg_or_avp* parent, const AvpDefinition& definition, std::size_t index) {
  for (avp* child : fd::children(parent)) {
    if (is(child, definition) && index-- == 0) return child;
  }
  return nullptr;
}

std::size_t count_avps(msg_or_avp* parent, const AvpDefinition& definition) {
  std::size_t count = 0;
  for (avp* child : fd::children(parent)) count += is(child, definition) ? 1 : 0;
  return count;
}

bool has_value(avp* avp, const AvpDefinition& definition) {
  if (fd::model(avp) != model_of(definition)) return false;
  return definition.type == AvpType::kGrouped || fd::header(avp).avp_value != nullptr;
}

std::string_view octets_of(avp* avp, const AvpDefinition& definition) {
  if (avp == nullptr || !is_octet_string(definition.type) || !has_value(avp, definition)) return {};
  const auto& octets = fd::header(avp).avp_value->os;
  if (octets.data == nullptr || octets.len == 0) return {};
  return {reinterpret_cast<const char*>(octets.data), octets.len};
}

std::string_view parsed_octets(avp* avp, const AvpDefinition& definition) {
  if (avp == nullptr) return {};
  if (fd::model(avp) == nullptr && fd_msg_parse_dict(avp, fd_g_config->cnf_dict, nullptr) != 0) return {};
  return octets_of(avp, definition);
}

Bytes content_of(msg* message, const AvpDefinition& definition) {
  unsigned char* buffer = nullptr;
  std::size_t size = 0;
  fd::check(fd_msg_bufferize(message, &buffer, &size), "encode a message");
  const std::unique_ptr<unsigned char, decltype(&std::free)> owned(buffer, &std::free);
  constexpr std::size_t kMessageHeader = 20;
  const auto number = [buffer](std::size_t at, std::size_t octets) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) value = (value << 8U) | buffer[at + i];
    return value;
  };
  for (std::size_t at = kMessageHeader; at + 8 <= size;) {
    const std::size_t length = number(at + 5, 3);
    const bool vendor = (buffer[at + 4] & kFlagV) != 0;
    const std::size_t header = vendor ? 12 : 8;
    if (length < header || length > size - at) break;
    if (number(at, 4) == definition.code && (vendor ? number(at + 8, 4) : 0) == definition.vendor) {
      return {buffer + at + header, buffer + at + length};
    }
    at += (length + 3) & ~std::size_t{3};
  }
  return {};
}

std::variant<AvpReader, DecodeError> AvpReader::read(msg_or_avp* parent, Abnf rules) {
  struct Child {
    std::uint32_t vendor;
    std::uint32_t code;
    avp* received;
  };
  std::vector<Child> all;
  for (avp* child : fd::children(parent)) {
    const avp_hdr& header = fd::header(child);
    all.push_back({(header.avp_flags & AVP_FLAG_VENDOR) != 0 ? header.avp_vendor : 0, header.avp_code, child});
  }

  AvpReader reader;
  reader.parent_ = parent;
  std::vector<avp*> received;
  for (const Rule& rule : rules) {
    const AvpDefinition& definition = *rule.avp;
    received.clear();
    for (const Child& child : all) {
      if (child.code == definition.code && child.vendor == definition.vendor) received.push_back(child.received);
    }
    if (received.size() < rule.min) {
      return DecodeError{result::kMissingAvp, FailedAvp{&definition, nullptr, {}},
                         std::string(definition.name) + " is missing"};
    }
    if (received.size() > rule.max) {
      return DecodeError{result::kAvpOccursTooManyTimes, FailedAvp{&definition, received[rule.max], {}},
                         std::string(definition.name) + " is there more than " +
                             (rule.max == 1 ? "once" : std::to_string(rule.max) + " times")};
    }
    for (avp* const one : received) {
      if (auto error = inspect(one, rule)) {
        if (rule.min == 0 && !rule.kept && informational(one, definition)) continue;
        return std::move(*error);
      }
      reader.entries_.push_back({&rule, one});
    }
  }
  return reader;
}

avp* AvpReader::find(const AvpDefinition& avp) const {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.rule->avp == &avp; });
  return found == entries_.end() ? nullptr : found->received;
}

std::string AvpReader::text(const AvpDefinition& avp) const { return std::string(octets_of(find(avp), avp)); }

std::uint32_t AvpReader::unsigned32(const AvpDefinition& avp) const {
  auto* const found = find(avp);
  return found == nullptr ? 0 : fd::header(found).avp_value->u32;
}

std::optional<std::uint32_t> AvpReader::optional_unsigned32(const AvpDefinition& avp) const {
  auto* const found = find(avp);
  if (found == nullptr) return std::nullopt;
  return fd::header(found).avp_value->u32;
}

std::optional<std::string> AvpReader::optional_text(const AvpDefinition& avp) const {
  auto* const found = find(avp);
  if (found == nullptr) return std::nullopt;
  return std::string(octets_of(found, avp));
}

std::optional<Bytes> AvpReader::octets(const AvpDefinition& avp) const {
  auto* const found = find(avp);
  if (found == nullptr) return std::nullopt;
  const std::string_view octets = octets_of(found, avp);
  return Bytes(octets.begin(), octets.end());
}

std::optional<Bytes> AvpReader::content(const AvpDefinition& avp) const {
  if (!has(avp)) return std::nullopt;
  return content_of(static_cast<msg*>(parent_), avp);
}

std::optional<std::int32_t> AvpReader::enumerated(const AvpDefinition& avp) const {
  auto* const found = find(avp);
  if (found == nullptr) return std::nullopt;
  return fd::header(found).avp_value->i32;
}

std::vector<std::string> AvpReader::texts(const AvpDefinition& avp) const {
  std::vector<std::string> out;
  for (const Entry& entry : entries_) {
    if (entry.rule->avp == &avp) out.emplace_back(octets_of(entry.received, avp));
  }
  return out;
}

std::vector<AvpReader> AvpReader::groups(const AvpDefinition& avp) const {
  std::vector<AvpReader> out;
  for (const Entry& entry : entries_) {
    if (entry.rule->avp != &avp) continue;
    auto content = read(entry.received, entry.rule->members);
    if (auto* reader = std::get_if<AvpReader>(&content)) out.push_back(std::move(*reader));
  }
  return out;
}

}  // namespace hss::diameter
