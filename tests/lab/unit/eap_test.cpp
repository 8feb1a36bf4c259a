// Published keys of EAP-AKA and EAP-AKA': what both halves of hsslab's `swx` derive is what the RFCs say.
// SPDX-License-Identifier: MIT
#include "tests/lab/eap.h"

#include <gtest/gtest.h>

#include "hss/eap_aka_prime.h"
#include "tests/support/csv.h"

namespace hss::lab {
namespace {

template <std::size_t N>
Secret<N> secret(std::string_view hex) {
  return Secret<N>(from_hex_exact<N>(hex).value());
}

template <std::size_t N>
std::string prf(std::string_view xkey) {
  Octets<N> out{};
  fips_186_2_prf(secret<20>(xkey), out);
  return to_hex(out);
}

/// NIST's example for change notice 1: x_0 of algorithm 1, two blocks.
TEST(Fips1862PrfTest, NistExample) {
  EXPECT_EQ(prf<40>("bd029bbe7f51960bcf9edb2b61f06f0feb5a38b6"),
            "2070b3223dba372fde1c0ffc7b2e3b498b2606143c6c18bacb0f6c55babb13788e20d737a3275116");
}

/// RFC 4186 Appendix A.5, whose keys are of the same generator and order as those of EAP-AKA: MK to K_encr, K_aut, MSK,
/// EMSK.
TEST(Fips1862PrfTest, Rfc4186Example) {
  EXPECT_EQ(prf<160>("e576d5ca332e9930018bf1baee2763c795b3c712"),
            "536e5ebc4465582aa6a8ec9986ebb620"
            "25af1942efcbf4bc72b3943421f2a974"
            "39d45aeaf4e30601983e972b6cfd46d1c363773365690d09cd44976b525f47d3"
            "a60a985e955c53b090b2e4b73719196a402542968fd14a888f46b9a7886e4488"
            "5949eab0fff69d52315c6c634fd14a7f0d52023d56f79698fa6596abeed4f93f"
            "bb48eb534d985414ceed0d9a8ed33c387c9dfdab92ffbdf240fcecf65a2c93b9");
}

TEST(Fips1862PrfTest, AShorterOutputIsTheBeginningOfALonger) {
  EXPECT_EQ(prf<7>("bd029bbe7f51960bcf9edb2b61f06f0feb5a38b6"), "2070b3223dba37");
}

/// Computed apart from this program, with CK and IK of TS 35.208 set 1: MK = SHA1(Identity | IK | CK), in this order.
TEST(EapAkaTest, KeysOfAVector) {
  const EapKeys keys =
      eap_aka_keys("0001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org",
                   secret<16>("b40ba9a3c58b2a05bbf0d987b21bf8cb"), secret<16>("f769bcd751044604127672711c6d3441"));
  EXPECT_EQ(to_hex(keys.k_encr.reveal()), "00d4591e927b701e86ab617ff9e7c6e1");
  EXPECT_EQ(to_hex(keys.k_aut.reveal()), "16589190b459f1708f94261b0a042d73");
  EXPECT_TRUE(keys.k_re.empty());
  EXPECT_EQ(to_hex(keys.msk.reveal()),
            "01418086c8d0f735a92329e4f3d83820a268f077c6ebf455d66958d90ef7bc67"
            "51d7fbf2ad98c81f973bfc978130ae58a0e8901b228116b272d698ef7758330d");
  EXPECT_EQ(to_hex(keys.emsk.reveal()),
            "8b7889d127acadb852cd4b499fe57914b71ef87ba067ca9a34da66035fc55161"
            "482d63ac995146051c57cea687d4f3735818c31be4f853022825df3ef057a473");
}

std::vector<test::CsvRow> rows() { return test::read_csv(MINIHSS_TEST_DATA "/eap-aka-prime.csv"); }

TEST(EapAkaPrimeDataTest, HasAllRows) { EXPECT_EQ(rows().size(), 4U); }

class EapAkaPrimeTest : public testing::TestWithParam<test::CsvRow> {};

/// From CK and IK on: what the phone does with the card's keys, the network's name and AUTN.
TEST_P(EapAkaPrimeTest, Keys) {
  const test::CsvRow& row = GetParam();
  const auto [ck_prime, ik_prime] =
      eap_aka_prime::derive_keys(Secret<16>(row.octets<16>("CK")), Secret<16>(row.octets<16>("IK")),
                                 row.text("network_name"), row.octets<16>("AUTN"));
  const EapKeys keys = eap_aka_prime_keys(row.text("identity"), ck_prime, ik_prime);
  EXPECT_EQ(to_hex(keys.k_encr.reveal()), row.text("K_encr"));
  EXPECT_EQ(to_hex(keys.k_aut.reveal()), row.text("K_aut"));
  EXPECT_EQ(to_hex(keys.k_re.reveal()), row.text("K_re"));
  EXPECT_EQ(to_hex(keys.msk.reveal()), row.text("MSK"));
  EXPECT_EQ(to_hex(keys.emsk.reveal()), row.text("EMSK"));
}

INSTANTIATE_TEST_SUITE_P(Rfc9048, EapAkaPrimeTest, testing::ValuesIn(rows()));

}  // namespace
}  // namespace hss::lab
