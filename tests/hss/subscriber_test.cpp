// Searches in a subscription with two cards, two implicit sets, and one set that both cards share.
// SPDX-License-Identifier: MIT
#include "hss/subscriber.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hss {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SubscriptionTest : public testing::Test {
 protected:
  SubscriptionTest() {
    const auto profile = std::make_shared<const ServiceProfile>();
    subscription_.private_identities = {{.id = 11, .impi = "phone@example.com", .key_set = 1},
                                        {.id = 12, .impi = "tablet@example.com", .key_set = std::nullopt}};
    subscription_.public_identities = {
        {.id = 21, .impu = "sip:alice@example.com", .implicit_set = 31, .service_profile = profile, .display_name = ""},
        {.id = 22, .impu = "sip:work@example.com", .implicit_set = 32, .service_profile = profile, .display_name = ""},
        {.id = 23, .impu = "tel:+15550100001", .implicit_set = 31, .service_profile = profile, .display_name = ""}};
    subscription_.associations = {{12, 31}, {11, 31}, {11, 32}};
  }

  static std::vector<std::int64_t> ids(const auto& found) {
    std::vector<std::int64_t> out;
    for (const auto* identity : found) out.push_back(identity->id);
    return out;
  }

  Subscription subscription_;
};

TEST_F(SubscriptionTest, FindsIdentitiesByNameAndById) {
  ASSERT_NE(subscription_.find_private("tablet@example.com"), nullptr);
  EXPECT_EQ(subscription_.find_private("tablet@example.com")->id, 12);
  EXPECT_EQ(subscription_.find_private("Tablet@example.com"), nullptr);
  EXPECT_EQ(subscription_.find_private(""), nullptr);
  ASSERT_NE(subscription_.find_public("tel:+15550100001"), nullptr);
  EXPECT_EQ(subscription_.find_public("tel:+15550100001")->id, 23);
  EXPECT_EQ(subscription_.find_public("sip:bob@example.com"), nullptr);
  ASSERT_NE(subscription_.private_by_id(11), nullptr);
  EXPECT_EQ(subscription_.private_by_id(11)->impi, "phone@example.com");
  EXPECT_EQ(subscription_.private_by_id(21), nullptr);
  ASSERT_NE(subscription_.public_by_id(22), nullptr);
  EXPECT_EQ(subscription_.public_by_id(22)->impu, "sip:work@example.com");
  EXPECT_EQ(subscription_.public_by_id(11), nullptr);
}

TEST_F(SubscriptionTest, KnowsWhoMayUseWhichSet) {
  EXPECT_TRUE(subscription_.associated(11, 31));
  EXPECT_TRUE(subscription_.associated(12, 31));
  EXPECT_TRUE(subscription_.associated(11, 32));
  EXPECT_FALSE(subscription_.associated(12, 32));
  EXPECT_FALSE(subscription_.associated(31, 11));
}

TEST_F(SubscriptionTest, ListsInProvisionedOrder) {
  EXPECT_THAT(ids(subscription_.members(31)), ElementsAre(21, 23));
  EXPECT_THAT(ids(subscription_.members(32)), ElementsAre(22));
  EXPECT_THAT(ids(subscription_.members(33)), IsEmpty());
  EXPECT_THAT(ids(subscription_.private_identities_of(31)), ElementsAre(11, 12));
  EXPECT_THAT(ids(subscription_.private_identities_of(32)), ElementsAre(11));
  EXPECT_THAT(ids(subscription_.private_identities_of(33)), IsEmpty());
}

TEST_F(SubscriptionTest, IsEmptyWithoutIdentities) {
  const Subscription empty;
  EXPECT_EQ(empty.find_private(""), nullptr);
  EXPECT_EQ(empty.find_public(""), nullptr);
  EXPECT_THAT(empty.members(0), IsEmpty());
}

TEST(AuthSchemeName, IsSpeltExactly) {
  EXPECT_EQ(name_of(AuthScheme::kDigestAkaV1Md5), "Digest-AKAv1-MD5");
  EXPECT_EQ(name_of(AuthScheme::kSipDigest), "SIP Digest");
  EXPECT_EQ(name_of(AuthScheme::kEarlyImsSecurity), "Early-IMS-Security");
  EXPECT_EQ(name_of(AuthScheme::kNassBundled), "NASS-Bundled");
}

/// The schemes that an identity supports, by name.
std::vector<std::string_view> supported(const PrivateIdentity& identity) {
  std::vector<std::string_view> names;
  for (const AuthScheme scheme :
       {AuthScheme::kDigestAkaV1Md5, AuthScheme::kSipDigest, AuthScheme::kEarlyImsSecurity, AuthScheme::kNassBundled}) {
    if (identity.supports(scheme)) names.push_back(name_of(scheme));
  }
  return names;
}

TEST(PrivateIdentity, SupportsWhatItHoldsCredentialsOf) {
  PrivateIdentity identity;
  // Its own scheme alone is no credential.
  identity.scheme = AuthScheme::kSipDigest;
  EXPECT_THAT(supported(identity), IsEmpty());
  identity.key_set = 0;
  EXPECT_THAT(supported(identity), ElementsAre("Digest-AKAv1-MD5"));
  identity.sip_digest = true;
  identity.framed_address = FramedAddress{};
  EXPECT_THAT(supported(identity), ElementsAre("Digest-AKAv1-MD5", "SIP Digest"));
  identity.framed_address = parse_framed_address("192.0.2.1");
  EXPECT_THAT(supported(identity), ElementsAre("Digest-AKAv1-MD5", "SIP Digest", "Early-IMS-Security"));
  identity.framed_address = parse_framed_address("2001:db8::/64");
  EXPECT_THAT(supported(identity), ElementsAre("Digest-AKAv1-MD5", "SIP Digest", "Early-IMS-Security"));
  identity.line_identifiers = {Bytes{1}};
  identity.key_set.reset();
  identity.sip_digest = false;
  identity.framed_address.reset();
  EXPECT_THAT(supported(identity), ElementsAre("NASS-Bundled"));
}

}  // namespace
}  // namespace hss
