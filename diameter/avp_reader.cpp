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

/// Null when the dictionary does not know the AVP as that row, or it has no value.
const avp_value* value_of(avp* avp, const AvpDefinition& definition) {
  return fd::model(avp) == model_of(definition) ? fd::header(avp).avp_value : nullptr;
}

std::string_view octets_in(const avp_value* value) {
  if (value == nullptr || value->os.data == nullptr || value->os.len == 0) return {};
  return {reinterpret_cast<const char*>(value->os.data), value->os.len};
}

bool usable(avp* received, const AvpDefinition& definition) {
  if (definition.type == AvpType::kGrouped) return has_value(received, definition);
  const avp_value* const value = value_of(received, definition);
  if (value == nullptr) return false;
  if (is_octet_string(definition.type)) {
    const std::string_view octets = octets_in(value);
    if (octets.empty()) return false;
    if (definition.type == AvpType::kUtf8String) return octets.find('\0') == octets.npos && is_utf8(octets);
    if (definition.type == AvpType::kDiameterIdentity || definition.type == AvpType::kDiameterUri) {
      return std::ranges::all_of(octets, [](char c) { return c > 0x20 && c < 0x7F; });
    }
    if (definition.type == AvpType::kAddress) return is_address(octets);
    return true;
  }
  if (definition.type == AvpType::kEnumerated) return value->i32 >= 0 && value->i32 <= definition.last_value;
  return true;
}

bool informational(avp* received, const AvpDefinition& definition) {
  return !definition.mandatory() && (fd::header(received).avp_flags & AVP_FLAG_MANDATORY) == 0;
}

/// The place of the rule for that AVP, searched from `from` on and then from the start; rules.size(): there is none.
std::size_t rule_of(AvpKey key, Abnf rules, std::size_t from) {
  for (std::size_t i = from; i < rules.size(); ++i) {
    if (key_of(*rules[i].avp) == key) return i;
  }
  for (std::size_t i = 0; i < from; ++i) {
    if (key_of(*rules[i].avp) == key) return i;
  }
  return rules.size();
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

bool has_value(avp* avp, const AvpDefinition& definition) {
  if (definition.type == AvpType::kGrouped) return fd::model(avp) == model_of(definition);
  return value_of(avp, definition) != nullptr;
}

std::string_view octets_of(avp* avp, const AvpDefinition& definition) {
  if (avp == nullptr || !is_octet_string(definition.type)) return {};
  return octets_in(value_of(avp, definition));
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
  AvpReader reader;
  reader.parent_ = parent;
  InlineVector<std::uint32_t, 32> numbers(rules.size());  // how many there are for each rule
  std::size_t expected = 0;                               // most come in the order of the rules
  for (avp* child : fd::children(parent)) {
    const std::size_t found = rule_of(key_of(child), rules, expected);
    if (found == rules.size()) continue;
    reader.entries_.push_back({&rules[found], child});
    ++numbers[found];
    expected = found + 1;
  }

  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Rule& rule = rules[i];
    const AvpDefinition& definition = *rule.avp;
    if (numbers[i] < rule.min) {
      return DecodeError{result::kMissingAvp, FailedAvp{&definition, nullptr, {}},
                         std::string(definition.name) + " is missing"};
    }
    if (numbers[i] > rule.max) {
      return DecodeError{result::kAvpOccursTooManyTimes,
                         FailedAvp{&definition, find_avp(parent, definition, rule.max), {}},
                         std::string(definition.name) + " is there more than " +
                             (rule.max == 1 ? "once" : std::to_string(rule.max) + " times")};
    }
    std::uint32_t left = numbers[i];
    for (Entry* entry = reader.entries_.begin(); left != 0; ++entry) {
      if (entry->rule != &rule) continue;
      --left;
      if (auto error = inspect(entry->received, rule)) {
        if (rule.min != 0 || rule.kept || !informational(entry->received, definition)) return std::move(*error);
        entry->rule = nullptr;
      }
    }
  }
  return reader;
}

avp* AvpReader::find(const AvpDefinition& avp) const {
  for (const Entry& entry : entries_) {
    if (entry.rule != nullptr && entry.rule->avp == &avp) return entry.received;
  }
  return nullptr;
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
    if (entry.rule != nullptr && entry.rule->avp == &avp) out.emplace_back(octets_of(entry.received, avp));
  }
  return out;
}

std::vector<AvpReader> AvpReader::groups(const AvpDefinition& avp) const {
  std::vector<AvpReader> out;
  for (const Entry& entry : entries_) {
    if (entry.rule == nullptr || entry.rule->avp != &avp) continue;
    auto content = read(entry.received, entry.rule->members);
    if (auto* reader = std::get_if<AvpReader>(&content)) out.push_back(std::move(*reader));
  }
  return out;
}

std::optional<AvpReader> AvpReader::group(const AvpDefinition& avp) const {
  for (const Entry& entry : entries_) {
    if (entry.rule == nullptr || entry.rule->avp != &avp) continue;
    auto content = read(entry.received, entry.rule->members);
    if (auto* reader = std::get_if<AvpReader>(&content)) return std::move(*reader);
  }
  return std::nullopt;
}

}  // namespace hss::diameter
