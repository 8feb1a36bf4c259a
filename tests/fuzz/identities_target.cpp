// Identities and URIs, two to an input, a line each: a canonical form is its own canonical form, who is the same as
// whom does not depend on the order, and a wildcarded identity reads back as it is written.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/sip_uri.h"
#include "hss/utf8.h"
#include "hss/wildcard.h"
#include "tests/fuzz/target.h"

namespace hss::fuzz {
namespace {

bool public_identity(std::string_view text) {
  const auto canonical = canonical_public_identity(text);
  if (!canonical) return false;
  require(canonical_public_identity(*canonical) == canonical, "a canonical public identity is its own canonical form");
  require(std::ranges::all_of(*canonical, ascii::is_visible), "a canonical public identity is visible ASCII");
  require(canonical->find_first_of("<>\"") == std::string::npos, "a canonical public identity has no brackets");
  return true;
}

bool private_identity(std::string_view text) {
  const auto canonical = canonical_private_identity(text);
  if (!canonical) return false;
  require(canonical_private_identity(*canonical) == canonical, "a canonical private identity is its own form");
  require(canonical->size() == text.size(), "a private identity loses nothing");
  require(is_utf8(*canonical), "a private identity is UTF-8");
  return true;
}

bool sip_uri(std::string_view text) {
  require(same_server(text, text), "a server is the same as itself");
  const auto uri = parse_sip_uri(text);
  require(uri.has_value() == is_sip_uri(text), "one parser decides what a SIP URI is");
  if (!uri) return false;
  require(same_sip_uri(*uri, *uri), "a SIP URI is the same as itself");
  require(!uri->host.empty(), "a SIP URI has a host");
  return true;
}

bool wildcard(std::string_view text, std::string_view other) {
  std::string why;
  const auto parsed = WildcardedIdentity::parse(text, &why);
  require(parsed.has_value() == why.empty(), "a refusal has its reason");
  if (!parsed) return false;
  const auto again = WildcardedIdentity::parse(parsed->text());
  require(again && again->text() == parsed->text(), "a wildcarded identity reads back as it is written");
  require(again->literal_octets() == parsed->literal_octets(), "and has as many literal octets");
  if (const auto identity = canonical_public_identity(other)) {
    require(again->matches(*identity) == parsed->matches(*identity), "and matches the same");
    require(!parsed->matches(*identity) || identity->size() >= parsed->literal_octets(), "no match lacks a literal");
  }
  return true;
}

bool one(std::string_view text, std::string_view other) {
  if (is_imsi(text)) {
    const int digits = mnc_digits(text, other);
    require(digits == 2 || digits == 3, "a network code has two or three digits");
    require(mnc_digits(text, home_domain_of(text, digits)) == digits, "the home domain tells how many");
    return true;
  }
  const std::string network = canonical_network(text);
  require(canonical_network(network) == network, "a canonical network is its own form");
  if (is_diameter_uri(text)) {
    require(text.starts_with("aaa"), "a DiameterURI has its scheme");
    require(std::ranges::all_of(text, ascii::is_visible), "a DiameterURI is visible ASCII");
    return true;
  }
  const bool taken[] = {public_identity(text), private_identity(text), sip_uri(text), wildcard(text, other)};
  return std::ranges::find(taken, true) != std::end(taken);
}

bool run(std::string_view input) {
  const std::string_view first = take_line(input);
  require(same_server(first, input) == same_server(input, first), "the same server, whichever is asked first");
  const bool left = one(first, input);
  return one(input, first) || left;
}

std::vector<std::string> seeds() {
  return {"sip:alice%40home@Example.ORG.:5060;transport=tcp;lr?subject=x\nSIP:alice@example.org;lr;transport=TCP",
          "sips:+15550100001@[2001:DB8::1]:5061;user=phone\nsip:[::ffff:192.0.2.1]",
          "tel:+1-555-0100.001;isub=1\ntel:7042;phone-context=example.com",
          "tel:7(0)42;phone-context=+1-555\n001010000000001@ims.mnc001.mcc001.3gppnetwork.org",
          "sip:chat-!.*!@example.com\nsip:chat-7@example.com",
          "tel:+1555!(01|02)[0-9]{4,6}!\ntel:+1555010000",
          "aaa://ccf.example.org:3868;transport=tcp;protocol=diameter\naaas://host",
          "001010000000001\nims.mnc001.mcc001.3gppnetwork.org",
          "alice@example.org\n\" Visited.Example.ORG \""};
}

const Registration kTarget({"identities", seeds, run});

}  // namespace
}  // namespace hss::fuzz
