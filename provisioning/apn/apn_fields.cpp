// SPDX-License-Identifier: MIT
#include "provisioning/apn/apn_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/subscriber.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

// In the order of PdnType.
constexpr std::array<std::string_view, 4> kPdnTypes{"ipv4", "ipv6", "ipv4v6", "ipv4-or-ipv6"};

struct Unit {
  char letter;
  std::uint64_t bits;
};
constexpr std::array<Unit, 3> kUnits{{{'G', 1'000'000'000}, {'M', 1'000'000}, {'K', 1'000}}};

std::optional<std::uint32_t> parse_rate(std::string_view text) {
  std::uint64_t factor = 1;
  if (!text.empty()) {
    const auto unit = std::ranges::find(kUnits, text.back() == 'k' ? 'K' : text.back(), &Unit::letter);
    if (unit != kUnits.end()) {
      factor = unit->bits;
      text.remove_suffix(1);
    }
  }
  std::uint64_t value = 0;
  // Ten digits hold the largest rate, and their product with a unit still fits.
  if (text.empty() || text.size() > 10 || !ascii::all_digits(text)) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), value);
  value *= factor;
  if (value == 0 || value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

std::string rate_text(std::uint32_t rate) {
  for (const Unit& unit : kUnits) {
    if (rate != 0 && rate % unit.bits == 0) return std::to_string(rate / unit.bits) + unit.letter;
  }
  return std::to_string(rate);
}

}  // namespace

std::optional<PdnType> parse_pdn_type(std::string_view text) {
  const auto found = std::ranges::find(kPdnTypes, ascii::lower(trim(text)));
  if (found == kPdnTypes.end()) return std::nullopt;
  return static_cast<PdnType>(found - kPdnTypes.begin());
}

std::string_view name_of(PdnType type) { return kPdnTypes[static_cast<std::size_t>(type)]; }

std::optional<Ambr> read_ambr(std::string_view field, std::string_view text, Checker& check) {
  const std::string_view pair = trim(text);
  const auto colon = pair.find(':');
  if (colon != std::string_view::npos) {
    const auto uplink = parse_rate(pair.substr(0, colon));
    const auto downlink = parse_rate(pair.substr(colon + 1));
    if (uplink && downlink) return Ambr{.uplink = *uplink, .downlink = *downlink};
  }
  check.refuse(field, "must be UPLINK:DOWNLINK in bit/s, each from 1 to 4294967295, like 50M:150M");
  return std::nullopt;
}

std::string ambr_text(const Ambr& ambr) { return rate_text(ambr.uplink) + ':' + rate_text(ambr.downlink); }

std::optional<std::string> read_charging_characteristics(std::string_view field, std::string_view text,
                                                         Checker& check) {
  Octets<2> octets{};
  if (!check.hex(field, text, octets)) return std::nullopt;
  std::string digits(trim(text));
  std::ranges::transform(digits, digits.begin(),
                         [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
  return digits;
}

bool add_address(std::string_view field, std::string_view text, PdnGateway& gateway, Checker& check) {
  const std::string_view address = trim(text);
  const auto parsed = address.find('/') == std::string_view::npos ? parse_framed_address(address) : std::nullopt;
  if (!parsed) {
    check.refuse(field, "is no IPv4 or IPv6 address");
    return false;
  }
  // MIP6-Agent-Info has room for one of each (TS 29.272 7.3.45).
  if ((parsed->ipv4 && gateway.ipv4) || (parsed->ipv6_prefix && gateway.ipv6)) {
    check.refuse(field, "is given twice for the same kind of address: one IPv4 and one IPv6 address at the most");
    return false;
  }
  if (parsed->ipv4) gateway.ipv4 = parsed->ipv4;
  if (parsed->ipv6_prefix) gateway.ipv6 = parsed->ipv6_prefix;
  return true;
}

std::vector<std::string> address_texts(const std::optional<Octets<4>>& ipv4, const std::optional<Octets<16>>& ipv6) {
  std::vector<std::string> texts;
  if (ipv4) texts.push_back(to_text(FramedAddress{.ipv4 = ipv4, .ipv6_prefix = std::nullopt}));
  if (ipv6) {
    const std::string text = to_text(FramedAddress{.ipv4 = std::nullopt, .ipv6_prefix = ipv6});
    texts.push_back(text.substr(0, text.find('/')));
  }
  return texts;
}

std::string gateway_text(const PdnGateway& gateway) {
  std::vector<std::string> parts = address_texts(gateway.ipv4, gateway.ipv6);
  if (!gateway.host.empty()) parts.push_back(gateway.host + " in " + gateway.realm);
  return printable(join(parts, ", "));
}

void check_gateway_name(const PdnGateway& gateway, std::string_view host_field, std::string_view realm_field,
                        Checker& check) {
  if (gateway.host.empty() != gateway.realm.empty()) {
    check.refuse(gateway.host.empty() ? host_field : realm_field,
                 "is missing: a gateway is named by its host and its realm");
  }
  // is_diameter_uri reads a host name as RFC 6733 4.3.1 has it.
  const auto is_name = [](const std::string& name) {
    return name.empty() ||
           (name.size() <= 255 && name.find_first_of(":;") == std::string::npos && is_diameter_uri("aaa://" + name));
  };
  if (!is_name(gateway.host)) check.refuse(host_field, "is no Diameter identity (host name)");
  if (!is_name(gateway.realm)) check.refuse(realm_field, "is no Diameter realm (domain name)");
}

std::optional<std::string> read_apn_name(std::string_view field, std::string_view text, Checker& check) {
  const std::string_view name = trim(text);
  const auto allowed = [](char c) {
    return ascii::is_alpha(c) || ascii::is_digit(c) || c == '-' || c == '_' || c == '.';
  };
  if (!name.empty() && name.size() <= 63 && std::ranges::all_of(name, allowed)) return std::string(name);
  check.refuse(field, "is no name: write 1 to 63 letters, digits, '-', '_' or '.'");
  return std::nullopt;
}

std::optional<std::string> read_network_identifier(std::string_view field, std::string_view text, Checker& check) {
  auto canonical = canonical_apn(trim(text));
  if (!canonical) {
    check.refuse(field, "is no APN: write labels of letters, digits and '-' with dots between them, or * for any APN");
  }
  return canonical;
}

}  // namespace hss::provisioning
