// SPDX-License-Identifier: MIT
#include "db/packed_subscription.h"

#include <algorithm>
#include <string>
#include <vector>

namespace hss::db {

namespace {

// Most identities have little of what a flag stands for. A structured binding takes every member: one that is new is an
// error here until it is packed. The texts of the identities, and the profiles, are packed before the rest.

constexpr bool has(std::uint8_t flags, std::uint8_t flag) { return (flags & flag) != 0; }
constexpr std::uint8_t when(bool present, std::uint8_t flag) { return present ? flag : std::uint8_t{0}; }

// Of a private identity.
constexpr std::uint8_t kSipDigest = 1, kFramedAddress = 2, kLineIdentifiers = 4;
// Of a framed address.
constexpr std::uint8_t kIpv4 = 1, kIpv6Prefix = 2;
// Of a public identity.
constexpr std::uint8_t kBarred = 1, kRegistrationAllowed = 2, kPsiActive = 4, kDisplayName = 8, kApplicationServer = 16,
                       kAliasGroup = 32, kServicePriorityLevel = 64;
// Of a subscription.
constexpr std::uint8_t kCapabilities = 1, kVisitedNetworks = 2, kLooseRouteKnown = 4, kLooseRouteRequired = 8,
                       kCharging = 16;

void write(PackedWriter& to, const FramedAddress& address) {
  const auto& [ipv4, ipv6_prefix, ipv6_prefix_length] = address;
  to.octet(when(ipv4.has_value(), kIpv4) | when(ipv6_prefix.has_value(), kIpv6Prefix));
  if (ipv4) to.octets(*ipv4);
  if (ipv6_prefix) to.octets(*ipv6_prefix);
  to.octet(ipv6_prefix_length);
}

void write(PackedWriter& to, const PrivateIdentity& identity) {
  const auto& [id, impi, scheme, key_set, sip_digest, framed_address, line_identifiers] = identity;
  to.id(id);
  to.optional_id(key_set);
  to.octet(static_cast<std::uint8_t>(scheme));
  to.octet(when(sip_digest, kSipDigest) | when(framed_address.has_value(), kFramedAddress) |
           when(!line_identifiers.empty(), kLineIdentifiers));
  if (framed_address) write(to, *framed_address);
  if (line_identifiers.empty()) return;
  to.number(line_identifiers.size());
  for (const Bytes& line : line_identifiers) to.block(line);
}

void write(PackedWriter& to, const PublicIdentity& identity) {
  const auto& [id, impu, barred, registration_allowed, implicit_set, service_profile, display_name, type, psi_active,
               application_server, alias_group, service_priority_level] = identity;
  to.id(id);
  to.id(implicit_set);
  to.octet(static_cast<std::uint8_t>(type));
  to.octet(when(barred, kBarred) | when(registration_allowed, kRegistrationAllowed) | when(psi_active, kPsiActive) |
           when(!display_name.empty(), kDisplayName) | when(!application_server.empty(), kApplicationServer) |
           when(!alias_group.empty(), kAliasGroup) | when(service_priority_level.has_value(), kServicePriorityLevel));
  for (const std::string* const text : {&display_name, &application_server, &alias_group}) {
    if (!text->empty()) to.text(*text);
  }
  if (service_priority_level) to.number(*service_priority_level);
}

void write(PackedWriter& to, const ServerCapabilities& capabilities) {
  const auto& [mandatory, optional, server_names] = capabilities;
  for (const std::vector<std::uint32_t>* const numbers : {&mandatory, &optional}) {
    to.number(numbers->size());
    for (const std::uint32_t number : *numbers) to.number(number);
  }
  to.number(server_names.size());
  for (const std::string& name : server_names) to.text(name);
}

void write(PackedWriter& to, const ChargingInformation& charging) {
  const auto& [primary_event, secondary_event, primary_collection, secondary_collection] = charging;
  for (const std::string* const text : {&primary_event, &secondary_event, &primary_collection, &secondary_collection}) {
    to.text(*text);
  }
}

void read(PackedReader& from, FramedAddress& address) {
  const std::uint8_t flags = from.octet();
  if (has(flags, kIpv4)) std::ranges::copy(from.octets(4), address.ipv4.emplace().begin());
  if (has(flags, kIpv6Prefix)) std::ranges::copy(from.octets(16), address.ipv6_prefix.emplace().begin());
  address.ipv6_prefix_length = from.octet();
}

void read(PackedReader& from, PrivateIdentity& identity) {
  identity.id = from.id();
  identity.key_set = from.optional_id();
  identity.scheme = static_cast<AuthScheme>(from.octet());
  const std::uint8_t flags = from.octet();
  identity.sip_digest = has(flags, kSipDigest);
  if (has(flags, kFramedAddress)) read(from, identity.framed_address.emplace());
  if (!has(flags, kLineIdentifiers)) return;
  identity.line_identifiers.resize(from.number());
  for (Bytes& line : identity.line_identifiers) {
    const BytesView octets = from.block();
    line.assign(octets.begin(), octets.end());
  }
}

std::optional<SharedProfiles::Number> read_profile(PackedReader& from) {
  const std::uint64_t number = from.number();
  if (number == 0) return std::nullopt;
  return static_cast<SharedProfiles::Number>(number - 1);
}

void read(PackedReader& from, PublicIdentity& identity) {
  identity.id = from.id();
  identity.implicit_set = from.id();
  identity.type = static_cast<IdentityType>(from.octet());
  const std::uint8_t flags = from.octet();
  identity.barred = has(flags, kBarred);
  identity.registration_allowed = has(flags, kRegistrationAllowed);
  identity.psi_active = has(flags, kPsiActive);
  if (has(flags, kDisplayName)) identity.display_name = from.text();
  if (has(flags, kApplicationServer)) identity.application_server = from.text();
  if (has(flags, kAliasGroup)) identity.alias_group = from.text();
  if (has(flags, kServicePriorityLevel)) {
    identity.service_priority_level = static_cast<std::uint32_t>(from.number());
  }
}

void read(PackedReader& from, ServerCapabilities& capabilities) {
  for (std::vector<std::uint32_t>* const numbers : {&capabilities.mandatory, &capabilities.optional}) {
    numbers->resize(from.number());
    for (std::uint32_t& number : *numbers) number = static_cast<std::uint32_t>(from.number());
  }
  capabilities.server_names.resize(from.number());
  for (std::string& name : capabilities.server_names) name = from.text();
}

void read(PackedReader& from, ChargingInformation& charging) {
  charging.primary_event = from.text();
  charging.secondary_event = from.text();
  charging.primary_collection = from.text();
  charging.secondary_collection = from.text();
}

}  // namespace

void PackedSubscription::TextWriter::identity(std::string_view text) {
  const auto differs = std::mismatch(text.rbegin(), text.rend(), first_.rbegin(), first_.rend()).first;
  const auto shared = static_cast<std::size_t>(differs - text.rbegin());
  to_.text(text.substr(0, text.size() - shared));
  to_.number(shared);
  if (first_.empty()) first_ = text;
}

void PackedSubscription::TextWriter::imsi(std::string_view text) {
  const bool shared = first_.starts_with(text);
  to_.number(shared ? text.size() : 0);
  if (!shared || text.empty()) to_.text(text);
}

PackedSubscription::Text PackedSubscription::TextReader::identity() {
  const std::string_view own = from_.text();
  const std::string_view shared = first_.substr(first_.size() - static_cast<std::size_t>(from_.number()));
  if (first_.empty()) first_ = own;
  return {own, shared};
}

PackedSubscription::Text PackedSubscription::TextReader::imsi() {
  const auto shared = static_cast<std::size_t>(from_.number());
  return {shared > 0 ? first_.substr(0, shared) : from_.text()};
}

PackedSubscription::PackedSubscription(const Subscription& subscription, SharedProfiles& profiles, Bytes& scratch) {
  const auto& [id, private_identities, public_identities, associations, capabilities, visited_networks,
               loose_route_required, charging, imsi, usim] = subscription;
  PackedWriter to(scratch);
  to.id(id);
  TextWriter texts(to);
  to.number(private_identities.size());
  for (const PrivateIdentity& identity : private_identities) texts.identity(identity.impi);
  to.number(public_identities.size());
  for (const PublicIdentity& identity : public_identities) texts.identity(identity.impu);
  texts.imsi(imsi);
  for (const PublicIdentity& identity : public_identities) {
    to.number(identity.service_profile == nullptr ? 0 : std::uint64_t{profiles.use(identity.service_profile)} + 1);
  }

  to.optional_id(usim);
  for (const PublicIdentity& identity : public_identities) write(to, identity);
  for (const PrivateIdentity& identity : private_identities) write(to, identity);
  to.number(associations.size());
  for (const auto& [private_identity, implicit_set] : associations) {
    to.id(private_identity);
    to.id(implicit_set);
  }
  to.octet(when(!capabilities.empty(), kCapabilities) | when(!visited_networks.empty(), kVisitedNetworks) |
           when(loose_route_required.has_value(), kLooseRouteKnown) |
           when(loose_route_required.value_or(false), kLooseRouteRequired) | when(!charging.empty(), kCharging));
  if (!capabilities.empty()) write(to, capabilities);
  if (!visited_networks.empty()) {
    to.number(visited_networks.size());
    for (const std::string& network : visited_networks) to.text(network);
  }
  if (!charging.empty()) write(to, charging);
  octets_ = PackedOctets(scratch);
}

std::shared_ptr<const Subscription> PackedSubscription::unpack(const SharedProfiles& profiles) const {
  auto made = std::make_shared<Subscription>();
  PackedReader from(octets_.view());
  made->id = from.id();
  TextReader texts(from);
  made->private_identities.resize(from.number());
  for (PrivateIdentity& identity : made->private_identities) texts.identity().copy_to(identity.impi);
  made->public_identities.resize(from.number());
  for (PublicIdentity& identity : made->public_identities) texts.identity().copy_to(identity.impu);
  texts.imsi().copy_to(made->imsi);
  for (PublicIdentity& identity : made->public_identities) {
    if (const auto profile = read_profile(from)) identity.service_profile = profiles[*profile];
  }

  made->usim = from.optional_id();
  for (PublicIdentity& identity : made->public_identities) read(from, identity);
  for (PrivateIdentity& identity : made->private_identities) read(from, identity);
  made->associations.resize(from.number());
  for (Subscription::Association& association : made->associations) {
    association.private_identity = from.id();
    association.implicit_set = from.id();
  }
  const std::uint8_t flags = from.octet();
  if (has(flags, kCapabilities)) read(from, made->capabilities);
  if (has(flags, kVisitedNetworks)) {
    made->visited_networks.resize(from.number());
    for (std::string& network : made->visited_networks) network = from.text();
  }
  if (has(flags, kLooseRouteKnown)) made->loose_route_required = has(flags, kLooseRouteRequired);
  if (has(flags, kCharging)) read(from, made->charging);
  return made;
}

bool PackedSubscription::holds(IdentityKind kind, std::string_view identity) const {
  prefetch();  // it is unpacked next
  bool found = false;
  visit_identities(
      [&](IdentityKind its_kind, const Text& text) { found = found || (its_kind == kind && text.is(identity)); });
  return found;
}

void PackedSubscription::release_profiles(SharedProfiles& profiles) const {
  PackedReader from(octets_.view());
  from.id();
  std::size_t left = 0;
  read_identities(from, [&](IdentityKind kind, const Text&) { left += kind == IdentityKind::kPublic ? 1U : 0U; });
  for (; left > 0; --left) {
    if (const auto profile = read_profile(from)) profiles.release(*profile);
  }
}

}  // namespace hss::db
