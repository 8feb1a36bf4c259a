// SPDX-License-Identifier: MIT
#include "tests/hss/swx/fixture.h"

#include <ostream>

#include "hss/bytes.h"

namespace hss {

void PrintTo(const Non3gppRegistration& registration, std::ostream* out) {
  if (!registration.server) {
    *out << "with nobody";
  } else {
    *out << (registration.registered ? "registered" : "pending") << " with " << registration.server->host << " of "
         << registration.server->realm;
  }
  if (registration.pending_until) *out << " until " << *registration.pending_until;
  for (const ActiveApn& apn : registration.active_apns) {
    *out << ", " << apn.name << " (" << apn.context_identifier << ") through " << apn.gateway.host
         << (apn.gateway.ipv4 ? " 192.0.2." + std::to_string(apn.gateway.ipv4->back()) : "") << " in '"
         << apn.visited_network << "'";
  }
}

}  // namespace hss

namespace hss::swx::test {

std::string imsi_of(User user) { return "00101000000000" + std::to_string(user); }

Registration cx_registration() {
  return {AssignedServer{"sip:scscf.example.org:6060", "scscf.example.org", "example.org"},
          {{11, 101, RegistrationStatus::kRegistered, {}}},
          {},
          false};
}

PdnGateway gateway(std::uint8_t number) {
  return {Octets<4>{192, 0, 2, number}, {}, "pgw" + std::to_string(number) + ".example.org", "example.org"};
}

SubscribedApn apn(std::uint32_t context, const char* name) {
  SubscribedApn subscribed;
  subscribed.configuration.context_identifier = context;
  subscribed.configuration.name = name;
  if (subscribed.configuration.name == "ims") subscribed.configuration.qci = 5;
  return subscribed;
}

Non3gppSubscription plain_non_3gpp() {
  Non3gppSubscription non_3gpp;
  non_3gpp.msisdns = {kMsisdn};
  non_3gpp.apns = {apn(1, "ims"), apn(2, "internet")};
  non_3gpp.ambr = Ambr{50'000'000, 100'000'000};
  non_3gpp.charging_characteristics = "0800";
  return non_3gpp;
}

KeySet key_set_of(User user) {
  if (user == kPlain || user == kWildcard) {
    KeySet key_set = cx::test::test_key_set(cx::test::kKeys1);
    key_set.id = user;
    return key_set;
  }
  KeySet key_set = cx::test::test_key_set(cx::test::kKeys2);
  key_set.id = user;
  if (user == kXor || user == kXorTest) {
    key_set.algorithm = AkaAlgorithm::kXor;
    key_set.opc = {};
    key_set.test = user == kXorTest;
  } else if (user == kTuak) {
    key_set.algorithm = AkaAlgorithm::kTuak;
    key_set.opc = SecretOctets<32>(Bytes(32, 0x5C));
    key_set.parameters.res_octets = 16;
  }
  return key_set;
}

World::World() {
  for (const User user : {kPlain, kNo3gpp, kBarred, kRestricted, kKeyless, kXor, kXorTest, kTuak, kWildcard}) {
    add(user);
  }
  repository.save_registration(kPlain, cx_registration());
  start();
}

void World::expect_cx_untouched() { EXPECT_TRUE(repository.registration(kPlain) == cx_registration()); }

void World::add(User user) {
  const std::string imsi = imsi_of(user);
  auto subscription = std::make_shared<Subscription>();
  subscription->id = user;
  subscription->imsi = imsi;
  const PrivateIdentityId identity = 100 + user;
  const ImplicitSetId set = 10 + user;
  auto profile = std::make_shared<ServiceProfile>();
  profile->name = "plain";
  PublicIdentity impu;
  impu.id = user;
  impu.impu = user == kPlain ? kImpu : "sip:" + imsi + "@ims.example.org";
  impu.implicit_set = set;
  impu.service_profile = std::move(profile);
  subscription->public_identities = {std::move(impu)};
  subscription->associations = {{identity, set}};
  std::optional<KeySetId> keys;
  if (user != kKeyless) {
    repository.add(key_set_of(user));
    keys = user;
  }
  subscription->usim = keys;
  subscription->private_identities = {{identity, imsi + "@ims.example.org", AuthScheme::kDigestAkaV1Md5, keys}};

  if (user != kNo3gpp) {
    Non3gppSubscription non_3gpp = plain_non_3gpp();
    if (user != kPlain) non_3gpp.msisdns = {"1555010000" + std::to_string(user)};
    non_3gpp.access_allowed = user != kBarred;
    if (user == kRestricted) {
      non_3gpp.forbidden_rat_types = {kHrpd, kEhrpd};
      non_3gpp.visited_networks = {kHome, kPartner};
    }
    if (user == kWildcard) non_3gpp.apns = {apn(1, "ims"), apn(3, "*")};
    repository.add(user, non_3gpp);
  }
  repository.add(std::shared_ptr<const Subscription>(subscription));
  subscriptions_.push_back(std::move(subscription));
}

void World::given(User user, const Non3gppRegistration& registration) {
  if (registration.server) repository.save_non_3gpp_registration(user, registration);
  start();
}

}  // namespace hss::swx::test
