// Every row of the published EAP-AKA' vectors, and what binds the keys.
// SPDX-License-Identifier: MIT
#include "hss/eap_aka_prime.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/csv.h"

namespace hss::eap_aka_prime {
namespace {

std::vector<test::CsvRow> rows() { return test::read_csv(MINIHSS_TEST_DATA "/eap-aka-prime.csv"); }

TEST(EapAkaPrimeDataTest, HasAllRows) { EXPECT_EQ(rows().size(), 4U); }

class EapAkaPrimeTest : public testing::TestWithParam<test::CsvRow> {
 protected:
  [[nodiscard]] Keys derive(std::string_view access_network, const Octets<16>& autn) const {
    return derive_keys(Secret<16>(row_.octets<16>("CK")), Secret<16>(row_.octets<16>("IK")), access_network, autn);
  }
  const test::CsvRow& row_ = GetParam();
};

TEST_P(EapAkaPrimeTest, Keys) {
  const auto keys = derive(row_.text("network_name"), row_.octets<16>("AUTN"));
  EXPECT_EQ(to_hex(keys.ck_prime.reveal()), row_.text("CK_prime"));
  EXPECT_EQ(to_hex(keys.ik_prime.reveal()), row_.text("IK_prime"));
}

TEST_P(EapAkaPrimeTest, AnotherNetworkHasOtherKeys) {
  const auto own = derive(row_.text("network_name"), row_.octets<16>("AUTN"));
  const auto other = derive(row_.text("network_name") + "2", row_.octets<16>("AUTN"));
  EXPECT_FALSE(own.ck_prime.equals(other.ck_prime));
  EXPECT_FALSE(own.ik_prime.equals(other.ik_prime));
}

TEST_P(EapAkaPrimeTest, OfAutnOnlySqnCounts) {
  const auto own = derive(row_.text("network_name"), row_.octets<16>("AUTN"));
  auto autn = row_.octets<16>("AUTN");
  autn[6] ^= 1U;  // AMF
  autn[15] ^= 1U;
  EXPECT_TRUE(own.ck_prime.equals(derive(row_.text("network_name"), autn).ck_prime));
  autn[5] ^= 1U;  // SQN xor AK
  EXPECT_FALSE(own.ck_prime.equals(derive(row_.text("network_name"), autn).ck_prime));
}

INSTANTIATE_TEST_SUITE_P(Rfc9048, EapAkaPrimeTest, testing::ValuesIn(rows()));

TEST(EapAkaPrimeRefusalTest, AnAccessNetworkThatItsLengthCannotCount) {
  EXPECT_NO_THROW(derive_keys({}, {}, std::string(kLongestAccessNetwork, 'x'), {}));
  EXPECT_THROW(derive_keys({}, {}, std::string(kLongestAccessNetwork + 1, 'x'), {}), std::length_error);
}

}  // namespace
}  // namespace hss::eap_aka_prime
