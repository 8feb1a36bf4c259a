// SPDX-License-Identifier: MIT
#include "db/sealed_keys.h"

#include <gmock/gmock.h>

#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::HasSubstr;

class SealedKeysTest : public StoreTest {};

constexpr std::size_t kOverhead = 29;  // layout, nonce, tag

TEST_F(SealedKeysTest, KeysOpenInTheirPlaceOnly) {
  const Bytes sealed = seal_keys(vault_, 7, key(0x01), key(0x02));
  EXPECT_EQ(sealed.size(), kOverhead + 33);
  SecretOctets<32> k;
  SecretOctets<32> opc;
  open_keys(vault_, 7, sealed, k, opc);
  EXPECT_TRUE(k.equals(key(0x01)));
  EXPECT_TRUE(opc.equals(key(0x02)));
  EXPECT_THAT(error_of<StoreFault>([&] { open_keys(vault_, 8, sealed, k, opc); }), HasSubstr("key set 8"));
}

TEST_F(SealedKeysTest, KeysHaveTheLengthsThatTheyWereSealedWith) {
  const std::vector<std::pair<SecretOctets<32>, SecretOctets<32>>> lengths{
      {key(1), key(2)}, {key(1), long_key(2)}, {long_key(1), long_key(2)}, {key(1), {}}, {{}, {}}};
  for (const auto& [k, opc] : lengths) {
    SecretOctets<32> opened_k = long_key(9);
    SecretOctets<32> opened_opc = long_key(9);
    open_keys(vault_, 7, seal_keys(vault_, 7, k, opc), opened_k, opened_opc);
    EXPECT_EQ(opened_k.size(), k.size());
    EXPECT_EQ(opened_opc.size(), opc.size());
    EXPECT_TRUE(opened_k.equals(k));
    EXPECT_TRUE(opened_opc.equals(opc));
  }
}

TEST_F(SealedKeysTest, WhatIsNoSealedKeysIsRefused) {
  SecretOctets<32> k;
  SecretOctets<32> opc;
  const std::string text = "key_set/7";
  const Bytes place(text.begin(), text.end());
  std::vector<Bytes> wrong{{}, Bytes(kOverhead, 0), Bytes(1000, 1)};
  // Sealed well, but not by seal_keys: lengths that do not fit.
  for (const Bytes& clear : {Bytes{}, Bytes{1}, Bytes{33, 1}, Bytes(66, 0), Bytes(35, 0), Bytes(40, 33)}) {
    wrong.push_back(vault_.seal(clear, place));
  }
  for (const Bytes& sealed : wrong) {
    EXPECT_THAT(error_of<StoreFault>([&] { open_keys(vault_, 7, sealed, k, opc); }), HasSubstr("key set 7"));
  }
}

TEST_F(SealedKeysTest, DigestsOpenInTheirPlaceOnly) {
  for (const bool alternate : {false, true}) {
    SipDigest digest{"x.test", key(0x01), std::nullopt};
    if (alternate) digest.alternate_sha256 = long_key(0x02);
    const Bytes sealed = seal_digest(vault_, 7, digest);
    EXPECT_EQ(sealed.size(), kOverhead + (alternate ? 48 : 16));
    const SipDigest opened = open_digest(vault_, 7, "x.test", sealed);
    EXPECT_EQ(opened.realm, "x.test");
    EXPECT_TRUE(opened.ha1.equals(digest.ha1));
    ASSERT_EQ(opened.alternate_sha256.has_value(), alternate);
    if (alternate) {
      EXPECT_TRUE(opened.alternate_sha256->equals(long_key(0x02)));
    }
    const SipDigest closed = closed_digest("x.test", sealed);
    EXPECT_TRUE(closed.ha1.equals(key(0)));
    EXPECT_EQ(closed.alternate_sha256.has_value(), alternate);
    EXPECT_THAT(error_of<StoreFault>([&] { open_digest(vault_, 8, "x.test", sealed); }),
                HasSubstr("private identity 8"));
    EXPECT_THROW(open_digest(vault_, 7, "x.test", Bytes(sealed.begin(), sealed.end() - 1)), StoreFault);
  }
}

TEST_F(SealedKeysTest, ParametersAreReadAsTheyWereWritten) {
  EXPECT_EQ(encode_parameters({}), std::nullopt) << "the usual ones take no room";
  EXPECT_EQ(decode_parameters(7, {}), AkaParameters{});
  AkaParameters parameters;
  parameters.milenage.r = {1, 2, 3, 4, 127};
  for (std::uint8_t i = 0; i < 5; ++i) parameters.milenage.c[i].fill(static_cast<std::uint8_t>(0xf0 + i));
  parameters.tuak_iterations = 255;
  parameters.res_octets = 16;
  const Bytes octets = encode_parameters(parameters).value();
  EXPECT_EQ(octets.size(), 88U);
  EXPECT_EQ(decode_parameters(7, octets), parameters);
  for (const Bytes& wrong : {Bytes{1}, Bytes(87, 1), Bytes(88, 2), Bytes(89, 1)}) {
    EXPECT_THAT(error_of<StoreFault>([&] { decode_parameters(7, wrong); }), HasSubstr("key set 7"));
  }
}

TEST_F(SealedKeysTest, ANewDatabaseIsBoundToTheFirstMasterKey) {
  check_master_key(*database_, vault_);
  check_master_key(*database_, vault_);
  const KeyVault other(master_key(0x01));
  EXPECT_THAT(error_of<KeyVaultError>([&] { check_master_key(*database_, other); }),
              testing::AllOf(HasSubstr(file_.string()), HasSubstr("another master key")));
  EXPECT_THROW(Administration(*database_, other), KeyVaultError);
  EXPECT_NO_THROW(Administration(*database_, vault_));
}

TEST_F(SealedKeysTest, ALostCheckValueIsNotReplacedUnderKeys) {
  Administration administration(*database_, vault_);
  database_->write([&] { administration.add(usual_draft(1)); });
  run_sql(file_, "DELETE FROM meta");
  EXPECT_THAT(error_of<KeyVaultError>([&] { check_master_key(*database_, vault_); }), HasSubstr("check value"));
}

TEST_F(SealedKeysTest, ALostCheckValueIsNotReplacedUnderDigests) {
  Administration administration(*database_, vault_);
  SubscriptionDraft draft = usual_draft(1);
  draft.key_sets.clear();
  draft.private_identities[0].key_set.reset();
  draft.private_identities[0].sip_digest = SipDigest{"x.test", key(1), std::nullopt};
  database_->write([&] { administration.add(draft); });
  run_sql(file_, "DELETE FROM meta");
  EXPECT_THAT(error_of<KeyVaultError>([&] { check_master_key(*database_, vault_); }), HasSubstr("check value"));
}

}  // namespace
}  // namespace hss::db::test
