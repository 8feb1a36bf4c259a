// What was packed is unpacked as it was, member by member.
// SPDX-License-Identifier: MIT
#include "db/packed_subscription.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/packed_state.h"

namespace hss::db {
namespace {

const auto kProfile = std::make_shared<const ServiceProfile>();
const auto kOtherProfile = std::make_shared<const ServiceProfile>();

PublicIdentity public_identity(PublicIdentityId id, const std::string& impu,
                               const std::shared_ptr<const ServiceProfile>& profile) {
  PublicIdentity made;
  made.id = id;
  made.impu = impu;
  made.implicit_set = 70000 + id;
  made.service_profile = profile;
  return made;
}

/// With a value other than the usual one in every member.
Subscription full() {
  Subscription made;
  made.id = 300;
  made.imsi = "001010000000001";
  made.usim = 9;
  made.private_identities.push_back({.id = 1,
                                     .impi = "one@ims.example.org",
                                     .scheme = AuthScheme::kSipDigest,
                                     .key_set = std::int64_t{1} << 40,
                                     .sip_digest = true,
                                     .framed_address = parse_framed_address("2001:db8:1::/56"),
                                     .line_identifiers = {Bytes(200, 0xaa), Bytes{}, Bytes{1, 2}}});
  made.private_identities.push_back({.id = 2, .impi = "two@ims.example.org", .key_set = {}});
  made.private_identities.back().framed_address = parse_framed_address("192.0.2.1");
  made.public_identities.push_back(public_identity(1, "sip:" + std::string(300, 'a') + "@example.org", kProfile));
  PublicIdentity& rare = made.public_identities.emplace_back(public_identity(2, "sip:!.*!@example.org", kOtherProfile));
  rare.barred = true;
  rare.registration_allowed = false;
  rare.display_name = "Somebody";
  rare.type = IdentityType::kWildcardedPsi;
  rare.psi_active = false;
  rare.application_server = "sip:as.example.org";
  rare.alias_group = "group";
  rare.service_priority_level = 0;
  made.public_identities.push_back(public_identity(3, "tel:+15550001", nullptr));
  made.associations = {{1, 70001}, {2, 70001}, {2, 70003}};
  made.capabilities = {{1, 70000}, {2}, {"sip:s1.example.org", "sip:s2.example.org"}};
  made.visited_networks = {"a.example.org", "b.example.org"};
  made.loose_route_required = false;
  made.charging = {"aaa://1.example.org", "", "aaa://3.example.org", "aaa://4.example.org"};
  return made;
}

/// As nearly everybody is provisioned: TS 23.003 13.3, 13.4.
Subscription usual() {
  Subscription made;
  made.id = 10'000'000;
  made.imsi = "001010012345678";
  made.usim = 10'000'000;
  made.private_identities.push_back(
      {.id = 10'000'000, .impi = "001010012345678@ims.mnc001.mcc001.3gppnetwork.org", .key_set = 10'000'000});
  for (const char* const impu : {"sip:001010012345678@ims.mnc001.mcc001.3gppnetwork.org",
                                 "sip:+15550012345678@ims.mnc001.mcc001.3gppnetwork.org", "tel:+15550012345678"}) {
    made.public_identities.push_back(public_identity(30'000'000, impu, kProfile));
  }
  made.associations = {{10'000'000, 10'000'000}};
  return made;
}

/// Identities that have more, or less, in common than is usual.
std::vector<Subscription> with_other_identities() {
  std::vector<Subscription> all(5);
  const auto add = [&](Subscription& to, const std::string& impi, const std::vector<std::string>& impus) {
    if (!impi.empty()) to.private_identities.push_back({.id = 1, .impi = impi, .key_set = {}});
    for (const std::string& impu : impus) to.public_identities.push_back(public_identity(1, impu, kProfile));
  };
  add(all[0], "a@b", {"a@b", "sip:a@b", "b", "x"});
  all[1].imsi = "00101";
  add(all[1], "", {"sip:00101@b"});
  all[2].imsi = "00101";
  add(all[2], "00101", {"sip:00101", "sip:1"});
  all[3].imsi = "00102";
  add(all[3], "00101@b", {"@b"});
  add(all[3], "00102@b", {"sip:00102@b"});
  all[4].imsi = "0010";
  add(all[4], "00101@b", {});
  return all;
}

void expect_same(const PrivateIdentity& a, const PrivateIdentity& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.impi, b.impi);
  EXPECT_EQ(a.scheme, b.scheme);
  EXPECT_EQ(a.key_set, b.key_set);
  EXPECT_EQ(a.sip_digest, b.sip_digest);
  EXPECT_EQ(a.framed_address, b.framed_address);
  EXPECT_EQ(a.line_identifiers, b.line_identifiers);
}

void expect_same(const PublicIdentity& a, const PublicIdentity& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.impu, b.impu);
  EXPECT_EQ(a.barred, b.barred);
  EXPECT_EQ(a.registration_allowed, b.registration_allowed);
  EXPECT_EQ(a.implicit_set, b.implicit_set);
  EXPECT_EQ(a.service_profile, b.service_profile);
  EXPECT_EQ(a.display_name, b.display_name);
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.psi_active, b.psi_active);
  EXPECT_EQ(a.application_server, b.application_server);
  EXPECT_EQ(a.alias_group, b.alias_group);
  EXPECT_EQ(a.service_priority_level, b.service_priority_level);
}

void expect_same(const Subscription& a, const Subscription& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.imsi, b.imsi);
  EXPECT_EQ(a.usim, b.usim);
  EXPECT_EQ(a.capabilities, b.capabilities);
  EXPECT_EQ(a.visited_networks, b.visited_networks);
  EXPECT_EQ(a.loose_route_required, b.loose_route_required);
  EXPECT_EQ(a.charging, b.charging);
  ASSERT_EQ(a.private_identities.size(), b.private_identities.size());
  for (std::size_t i = 0; i < a.private_identities.size(); ++i) {
    expect_same(a.private_identities[i], b.private_identities[i]);
  }
  ASSERT_EQ(a.public_identities.size(), b.public_identities.size());
  for (std::size_t i = 0; i < a.public_identities.size(); ++i) {
    expect_same(a.public_identities[i], b.public_identities[i]);
  }
  ASSERT_EQ(a.associations.size(), b.associations.size());
  for (std::size_t i = 0; i < a.associations.size(); ++i) {
    EXPECT_EQ(a.associations[i].private_identity, b.associations[i].private_identity);
    EXPECT_EQ(a.associations[i].implicit_set, b.associations[i].implicit_set);
  }
}

TEST(PackedSubscriptionTest, IsUnpackedAsItWas) {
  SharedProfiles profiles;
  Bytes scratch;
  Subscription plain;
  plain.id = 1;
  std::vector<Subscription> all = with_other_identities();
  all.insert(all.end(), {full(), usual(), plain});
  for (const Subscription& given : all) {
    const PackedSubscription packed(given, profiles, scratch);
    EXPECT_EQ(packed.id(), given.id);
    expect_same(*packed.unpack(profiles), given);
  }
}

TEST(PackedSubscriptionTest, WhatItsIdentitiesHaveInCommonStandsOnce) {
  SharedProfiles profiles;
  Bytes scratch;
  const std::string domain = "ims.mnc001.mcc001.3gppnetwork.org";
  const std::size_t octets = PackedSubscription(usual(), profiles, scratch).octets();
  EXPECT_LE(octets, 176U);
  const std::string text(scratch.begin(), scratch.end());
  EXPECT_EQ(text.find(domain), text.rfind(domain));
  EXPECT_EQ(text.find(usual().imsi), text.rfind(usual().imsi));
}

TEST(PackedSubscriptionTest, HoldsItsIdentitiesEachOfItsKind) {
  SharedProfiles profiles;
  Bytes scratch;
  const PackedSubscription packed(full(), profiles, scratch);
  std::vector<std::pair<IdentityKind, std::string>> identities;
  std::string text_of_one;
  packed.each_identity(text_of_one,
                       [&](IdentityKind kind, std::string_view text) { identities.emplace_back(kind, text); });
  EXPECT_EQ(identities.size(), 6U);
  for (const auto& [kind, text] : identities) EXPECT_TRUE(packed.holds(kind, text)) << text;
  EXPECT_FALSE(packed.holds(IdentityKind::kPublic, "one@ims.example.org"));
  EXPECT_FALSE(packed.holds(IdentityKind::kPrivate, "one@ims.example.or"));
  EXPECT_FALSE(packed.holds(IdentityKind::kImsi, ""));
}

TEST(PackedSubscriptionTest, IdentitiesAreComparedWhole) {
  SharedProfiles profiles;
  Bytes scratch;
  const PackedSubscription packed(usual(), profiles, scratch);
  for (const PublicIdentity& identity : usual().public_identities) {
    EXPECT_TRUE(packed.holds(IdentityKind::kPublic, identity.impu)) << identity.impu;
  }
  EXPECT_TRUE(packed.holds(IdentityKind::kPrivate, usual().private_identities[0].impi));
  EXPECT_TRUE(packed.holds(IdentityKind::kImsi, usual().imsi));
  for (const char* const other :
       {"sip:", "sip:001010012345678", "sip:001010012345679@ims.mnc001.mcc001.3gppnetwork.org",
        "sip:001010012345678@ims.mnc001.mcc002.3gppnetwork.org", "001010012345678@ims.mnc001.mcc001.3gppnetwork.org",
        "sip:sip:001010012345678@ims.mnc001.mcc001.3gppnetwork.org", "sip:+15550012345678", "tel:+1555001234567", ""}) {
    EXPECT_FALSE(packed.holds(IdentityKind::kPublic, other)) << other;
  }
  EXPECT_FALSE(packed.holds(IdentityKind::kImsi, "00101001234567"));
}

TEST(PackedSubscriptionTest, ProfilesAreKeptWhileTheyAreUsed) {
  SharedProfiles profiles;
  Bytes scratch;
  const auto users_before = kProfile.use_count();
  const PackedSubscription one(full(), profiles, scratch);
  const PackedSubscription other(full(), profiles, scratch);
  EXPECT_EQ(kProfile.use_count(), users_before + 1) << "once for both";
  one.release_profiles(profiles);
  expect_same(*other.unpack(profiles), full());
  other.release_profiles(profiles);
  EXPECT_EQ(kProfile.use_count(), users_before);
}

TEST(PackedStateTest, ARegistrationIsUnpackedAsItWas) {
  Registration full_one;
  full_one.server = {"sip:s.example.org", "s.example.org", "example.org"};
  full_one.previous_server = {"sip:o.example.org", "o.example.org", "example.org"};
  full_one.reassignment_pending = true;
  full_one.pairs = {{1, 2, RegistrationStatus::kRegistered, {}},
                    {std::int64_t{1} << 50, 3, RegistrationStatus::kUnregistered, 1764000000},
                    {4, 5, RegistrationStatus::kNotRegistered, -1}};
  Registration served;
  served.server = full_one.server;
  SharedServers servers;
  Bytes scratch;
  Registration found;  // one after the other into the same
  for (const Registration& given : {full_one, Registration{}, served, full_one}) {
    const PackedOctets packed(pack(given, servers, scratch));
    ASSERT_TRUE(packed);
    unpack(packed, servers, found);
    EXPECT_EQ(found, given);
  }
}

TEST(PackedStateTest, AServerIsLetGoWithItsLastUser) {
  SharedServers servers;
  Bytes scratch;
  Registration served;
  for (int i = 0; i < 1000; ++i) {
    served.server = {"sip:a-name-that-is-long" + std::to_string(i), "host", "realm"};
    release_servers(PackedOctets(pack(served, servers, scratch)), servers);
  }
  const std::size_t of_none = servers.octets();
  const PackedOctets one(pack(served, servers, scratch));
  const PackedOctets other(pack(served, servers, scratch));
  EXPECT_LT(servers.octets(), 2000U);
  EXPECT_GT(servers.octets(), of_none);
  release_servers(one, servers);
  Registration found;
  unpack(other, servers, found);
  EXPECT_EQ(found, served);
  release_servers(other, servers);
  release_servers(PackedOctets{}, servers);
  EXPECT_EQ(servers.octets(), of_none);
}

TEST(PackedOctetsTest, WhatIsAssignedStandsInTheSameBlockWhenItIsAsLong) {
  PackedOctets packed;
  packed.assign(Bytes(200, 1));
  ASSERT_TRUE(packed);
  const std::uint8_t* const block = packed.view().data();
  packed.assign(Bytes(200, 2));
  EXPECT_EQ(packed.view().data(), block);
  EXPECT_THAT(packed.view(), testing::ElementsAreArray(Bytes(200, 2)));
  packed.assign(Bytes(3, 4));
  EXPECT_THAT(packed.view(), testing::ElementsAre(4, 4, 4));
  packed.assign({});
  EXPECT_TRUE(packed);
  EXPECT_TRUE(packed.view().empty());
}

TEST(PackedStateTest, ASequenceIsUnpackedAsItWas) {
  Bytes scratch;
  SequenceState found;
  for (const std::uint64_t seq : {std::uint64_t{0}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{1} << 47U,
                                  std::numeric_limits<std::uint64_t>::max()}) {
    for (const std::size_t issued : {std::size_t{8}, std::size_t{0}, std::size_t{1}}) {
      SequenceState given{.seq = seq, .issued = {}};
      for (std::size_t i = 0; i < issued; ++i) given.issued.push_front({static_cast<std::uint8_t>(i + 1)});
      const PackedOctets packed(pack(given, scratch));
      ASSERT_TRUE(packed);
      unpack(packed, found);
      EXPECT_EQ(found, given);
      EXPECT_LE(packed.octets(), 160U);
    }
  }
}

}  // namespace
}  // namespace hss::db
