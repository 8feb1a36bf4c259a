// SPDX-License-Identifier: MIT
#include "provisioning/checks.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "hss/ascii.h"
#include "hss/sqn.h"
#include "hss/utf8.h"
#include "hss/wildcard.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

/// Columns of lists that have the name of their option, and an s.
constexpr std::array<std::string_view, 5> kPlurals{"--impus", "--line-identifiers", "--apns", "--forbidden-rats",
                                                   "--non-3gpp-networks"};

/// Position, counted from 1, of the first character that is not `wanted`.
template <typename Wanted>
std::optional<std::size_t> first_other(std::string_view text, Wanted wanted) {
  const auto at = std::ranges::find_if_not(text, wanted);
  if (at == text.end()) return std::nullopt;
  return static_cast<std::size_t>(at - text.begin()) + 1;
}

std::string at_character(std::size_t position, std::string_view what) {
  return "character " + std::to_string(position) + " is " + std::string(what);
}

}  // namespace

std::string field_name(std::string_view column, FieldNames names) {
  if (names == FieldNames::kColumns) return std::string(column);
  std::string option = "--" + std::string(column);
  std::ranges::replace(option, '_', '-');
  if (option == "--static-addresses") return "--static-address";
  if (std::ranges::find(kPlurals, option) != kPlurals.end()) option.pop_back();
  return option;
}

std::optional<std::string_view> Checker::compact(std::string_view field, std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) {
    refuse(field, "empty");
    return std::nullopt;
  }
  if (const auto at = first_other(trimmed, [](char c) { return !ascii::is_space(c); })) {
    refuse(field, at_character(*at, "white space"));
    return std::nullopt;
  }
  return trimmed;
}

bool Checker::hex(std::string_view field, std::string_view text, std::span<std::uint8_t> out) {
  const auto value = compact(field, text);
  if (!value) return false;
  if (const auto at = first_other(*value, ascii::is_hex)) {
    refuse(field, at_character(*at, "no hexadecimal digit"));
    return false;
  }
  if (!parse_hex(*value, out)) {
    refuse(field,
           "has " + count_of(value->size(), "hexadecimal digit") + ", must have " + std::to_string(out.size() * 2));
    return false;
  }
  return true;
}

bool Checker::secret(std::string_view field, std::string_view text, std::initializer_list<std::size_t> octets,
                     SecretOctets<32>& out) {
  const auto value = compact(field, text);
  if (!value) return false;
  if (const auto at = first_other(*value, ascii::is_hex)) {
    refuse(field, at_character(*at, "no hexadecimal digit"));
    return false;
  }
  std::string allowed;
  for (const std::size_t length : octets) {
    Secret<32> read;
    const auto place = read.overwrite().first(length);
    if (parse_hex(*value, place)) {
      out = SecretOctets<32>(place);
      return true;
    }
    allowed += (allowed.empty() ? "" : " or ") + std::to_string(length * 2);
  }
  refuse(field, "has " + count_of(value->size(), "hexadecimal digit") + ", must have " + allowed);
  return false;
}

std::optional<std::string> Checker::digits(std::string_view field, std::string_view text, std::size_t min,
                                           std::size_t max, std::string_view what) {
  if (const auto at = first_other(text, ascii::is_digit)) {
    refuse(field, at_character(*at, "no digit"));
    return std::nullopt;
  }
  if (text.size() < min || text.size() > max) {
    refuse(field, "has " + count_of(text.size(), "digit") + ", " + std::string(what) + " has " + std::to_string(min) +
                      " to " + std::to_string(max));
    return std::nullopt;
  }
  return std::string(text);
}

std::optional<std::string> Checker::imsi(std::string_view field, std::string_view text) {
  const auto value = compact(field, text);
  if (!value) return std::nullopt;
  return digits(field, *value, 6, 15, "an IMSI");  // TS 23.003 2.2
}

std::optional<std::string> Checker::msisdn(std::string_view field, std::string_view text) {
  auto value = compact(field, text);
  if (!value) return std::nullopt;
  if (value->front() == '+') value->remove_prefix(1);
  return digits(field, *value, 5, 15, "an MSISDN");  // TS 23.003 3.3
}

std::optional<std::string> Checker::impi(std::string_view field, std::string_view text) {
  const auto value = compact(field, text);
  if (!value) return std::nullopt;
  auto canonical = canonical_private_identity(*value);
  if (!canonical) refuse(field, "is no private identity: write user@realm");
  return canonical;
}

std::optional<std::string> Checker::impu(std::string_view field, std::string_view text) {
  const auto value = compact(field, text);
  if (!value) return std::nullopt;
  auto canonical = canonical_public_identity(*value);
  if (!canonical) refuse(field, "is no public identity: write sip:user@domain or tel:+number");
  return canonical;
}

std::optional<PublicName> Checker::public_name(std::string_view field, std::string_view text) {
  if (text.find('!') == std::string_view::npos) {
    auto identity = impu(field, text);
    if (!identity) return std::nullopt;
    return PublicName{.impu = std::move(*identity), .wildcarded = false};
  }
  const auto value = compact(field, text);
  if (!value) return std::nullopt;
  std::string why;
  const auto wildcarded = WildcardedIdentity::parse(*value, &why);
  if (wildcarded) return PublicName{.impu = wildcarded->text(), .wildcarded = true};
  refuse(field, "is no wildcarded identity (" + one_line(why) + "): write sip:user-!expression!@domain");
  return std::nullopt;
}

std::optional<std::string> Checker::diameter_uri(std::string_view field, std::string_view text) {
  const auto value = compact(field, text);
  if (!value) return std::nullopt;
  if (is_diameter_uri(*value) && value->size() <= 255) return std::string(*value);
  refuse(field, "is no DiameterURI: write aaa://host or aaa://host:port;transport=tcp");
  return std::nullopt;
}

bool Checker::label(std::string_view field, std::string_view text) {
  if (is_xml_text(text)) return true;
  refuse(field, "is sent to S-CSCFs in XML, which cannot hold it: write UTF-8 without control characters");
  return false;
}

std::optional<std::string> Checker::server_name(std::string_view field, std::string_view text) {
  const auto value = compact(field, text);
  if (!value) return std::nullopt;
  if (is_sip_uri(*value)) return std::string(*value);
  refuse(field, "is no SIP URI: write sip:host or sip:host:port");
  return std::nullopt;
}

std::optional<std::uint64_t> Checker::seq(std::string_view field, std::string_view text, unsigned ind_bits) {
  Octets<6> octets{};
  if (!hex(field, text, octets)) return std::nullopt;
  const std::uint64_t seq = seq_of(decode_sqn(octets), ind_bits);
  if (next_seq(seq, ind_bits)) return seq;
  refuse(field, "no SEQ is left after it (TS 33.102 C.3)");
  return std::nullopt;
}

std::optional<std::uint64_t> Checker::number(std::string_view field, std::string_view text, std::uint64_t max,
                                             std::uint64_t min) {
  const auto value = compact(field, text);
  if (!value) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error == std::errc{} && end == value->data() + value->size() && number >= min && number <= max) {
    return number;
  }
  refuse(field, "must be a number from " + std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

std::string sqn_text(std::uint64_t seq, unsigned ind_bits) { return to_hex(encode_sqn(join_sqn(seq, 0, ind_bits))); }

}  // namespace hss::provisioning
