// The administration of a store, and the comparison of what was put in with what comes out.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "db/administration.h"
#include "db/sqlite_repository.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {

inline void expect_same(const KeySetDraft& a, const KeySetDraft& b) {
  EXPECT_EQ(a.algorithm, b.algorithm);
  EXPECT_TRUE(a.k.equals(b.k));
  EXPECT_TRUE(a.opc.equals(b.opc));
  EXPECT_EQ(a.parameters, b.parameters);
  EXPECT_EQ(a.test, b.test);
  EXPECT_EQ(a.amf, b.amf);
  EXPECT_EQ(a.seq, b.seq);
  EXPECT_EQ(a.ind_bits, b.ind_bits);
  EXPECT_EQ(a.delta, b.delta);
}

inline void expect_same(const PrivateIdentityDraft& a, const PrivateIdentityDraft& b) {
  EXPECT_EQ(a.impi, b.impi);
  EXPECT_EQ(a.scheme, b.scheme);
  EXPECT_EQ(a.key_set, b.key_set);
  EXPECT_EQ(a.framed_address, b.framed_address);
  EXPECT_EQ(a.line_identifiers, b.line_identifiers);
  ASSERT_EQ(a.sip_digest.has_value(), b.sip_digest.has_value());
  if (!a.sip_digest) return;
  EXPECT_EQ(a.sip_digest->realm, b.sip_digest->realm);
  EXPECT_TRUE(a.sip_digest->ha1.equals(b.sip_digest->ha1));
  const auto& alternate = a.sip_digest->alternate_sha256;
  ASSERT_EQ(alternate.has_value(), b.sip_digest->alternate_sha256.has_value());
  if (!alternate) return;
  EXPECT_TRUE(alternate->equals(*b.sip_digest->alternate_sha256));
}

inline void expect_same(const PublicIdentityDraft& a, const PublicIdentityDraft& b) {
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

inline void expect_same(const SubscriptionDraft& a, const SubscriptionDraft& b) {
  EXPECT_EQ(a.imsi, b.imsi);
  EXPECT_EQ(a.msisdns, b.msisdns);
  ASSERT_EQ(a.key_sets.size(), b.key_sets.size());
  for (std::size_t i = 0; i < a.key_sets.size(); ++i) expect_same(a.key_sets[i], b.key_sets[i]);
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
  EXPECT_EQ(a.capabilities, b.capabilities);
  EXPECT_EQ(a.visited_networks, b.visited_networks);
  EXPECT_EQ(a.loose_route_required, b.loose_route_required);
  EXPECT_EQ(a.charging, b.charging);
  EXPECT_EQ(a.usim, b.usim);
  EXPECT_TRUE(a.non_3gpp == b.non_3gpp) << "access over non-3GPP networks";
}

class AdministrationTest : public StoreTest {
 protected:
  AdministrationTest() {
    database_->write([&] {
      for (const auto& [name, configuration] : apn_templates()) administration_.save_apn(name, configuration);
    });
  }
  SubscriptionId add(const SubscriptionDraft& draft) {
    SubscriptionId id = 0;
    database_->write([&] { id = administration_.add(draft); });
    return id;
  }
  void replace(SubscriptionId id, const SubscriptionDraft& draft) {
    database_->write([&] { administration_.replace(id, draft); });
  }
  bool remove(SubscriptionId id) {
    bool removed = false;
    database_->write([&] { removed = administration_.remove(id); });
    return removed;
  }
  StoredSubscription read(SubscriptionId id, bool with_keys = true) {
    StoredSubscription stored;
    database_->read([&] { stored = administration_.read(id, with_keys).value(); });
    return stored;
  }
  std::optional<SubscriptionId> find(std::string_view identity) {
    std::optional<SubscriptionId> id;
    database_->read([&] { id = administration_.find(identity); });
    return id;
  }
  std::string taken(const SubscriptionDraft& draft) {
    return error_of<IdentityTaken>([&] { add(draft); });
  }
  /// Registers every pair of a subscription at an S-CSCF, and its IMSI with an AAA server and a PDN connection in every
  /// APN; moves every SEQ on by one.
  void use(SubscriptionId id) {
    database_->write([&] {
      const auto subscription = repository_.subscription(id);
      Registration registration{AssignedServer{"sip:scscf.test", "scscf.test", "test"}, {}};
      for (const auto& [identity, set] : subscription->associations) {
        registration.pairs.push_back({set, identity, RegistrationStatus::kRegistered, std::nullopt});
      }
      repository_.save_registration(id, registration);
      if (const auto non_3gpp = repository_.non_3gpp(id)) {
        Non3gppRegistration on_swx{.server = AaaServer{"aaa.test", "test"}, .registered = true};
        for (const SubscribedApn& apn : non_3gpp->apns) {
          const std::string& name = apn.configuration.name;
          on_swx.active_apns.push_back({.name = name == "*" ? "whatever" : name,
                                        .context_identifier = apn.configuration.context_identifier,
                                        .gateway = {.ipv4 = {}, .ipv6 = {}, .host = "pgw.test", .realm = "test"},
                                        .visited_network = {}});
        }
        repository_.save_non_3gpp_registration(id, on_swx);
      }
      for (const auto& identity : subscription->private_identities) {
        if (!identity.key_set) continue;
        SequenceState state = repository_.sequence(*identity.key_set);
        state.seq += 1;
        state.issued = {Octets<16>{0x42}};
        repository_.save_sequence(*identity.key_set, state);
      }
    });
  }
  std::vector<RecentChallenges> challenges(SubscriptionId id) {
    std::vector<RecentChallenges> found;
    database_->read([&] {
      const auto subscription = repository_.subscription(id);
      for (const auto& identity : subscription->private_identities) {
        if (identity.key_set) found.push_back(repository_.sequence(*identity.key_set).issued);
      }
    });
    return found;
  }
  /// The names of the PDN connections that are known.
  std::vector<std::string> connections(SubscriptionId id) {
    std::vector<std::string> names;
    for (const ActiveApn& apn : read(id).non_3gpp.active_apns) names.push_back(apn.name);
    return names;
  }
  Administration administration_{*database_, vault_};
  SqliteRepository repository_{*database_, vault_};
};

}  // namespace hss::db::test
