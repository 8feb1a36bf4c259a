// The IMSI in the forms of User-Name that peers send (TS 23.003 19.3.2).
// SPDX-License-Identifier: MIT
#include "hss/swx/user_name.h"

#include <gtest/gtest.h>

namespace hss::swx::test {
namespace {

constexpr char kImsi[] = "001010000000001";

struct Row {
  const char* clause;
  std::string user_name;
  std::optional<std::string> expected;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class UserName : public testing::TestWithParam<Row> {};

TEST_P(UserName, HoldsTheImsi) { EXPECT_EQ(imsi_of(GetParam().user_name), GetParam().expected); }

const std::string kRealm = "@nai.epc.mnc001.mcc001.3gppnetwork.org";

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause19_3_2, UserName,
    testing::Values(
        Row{"bare IMSI", kImsi, kImsi},
        Row{"shortest IMSI", "001011", "001011"},
        Row{"IMSI that begins with 6", "655010000000001", "655010000000001"},
        Row{"NAI without a leading digit", kImsi + kRealm, kImsi},
        Row{"0: EAP-AKA", "0" + std::string(kImsi) + kRealm, kImsi},
        Row{"6: EAP-AKA'", "6" + std::string(kImsi) + kRealm, kImsi},
        Row{"short IMSI: nothing is taken away", "01010000000001" + kRealm, "01010000000001"},
        Row{"1: EAP-SIM", "1" + std::string(kImsi) + kRealm, std::nullopt},
        Row{"2: pseudonym of EAP-AKA", "2" + std::string(kImsi) + kRealm, std::nullopt},
        Row{"4: re-authentication of EAP-AKA", "4" + std::string(kImsi) + kRealm, std::nullopt},
        Row{"7: pseudonym of EAP-AKA'", "7" + std::string(kImsi) + kRealm, std::nullopt},
        Row{"8: re-authentication of EAP-AKA'", "8" + std::string(kImsi) + kRealm, std::nullopt},
        Row{"pseudonym with letters", "2aXZ9" + kRealm, std::nullopt},
        Row{"16 digits without a realm", "0" + std::string(kImsi), std::nullopt},
        Row{"17 digits", "00" + std::string(kImsi) + kRealm, std::nullopt},
        Row{"5 digits", "00101", std::nullopt},
        Row{"nothing", "", std::nullopt},
        Row{"no user", kRealm, std::nullopt},
        Row{"no realm", std::string(kImsi) + "@", std::nullopt},
        Row{"two realms", kImsi + kRealm + kRealm, std::nullopt},
        Row{"digits of the realm are not the user's", "user@001010000000001", std::nullopt},
        Row{"decorated NAI", "home.example!0" + std::string(kImsi) + kRealm, std::nullopt},
        Row{"white space", std::string(kImsi) + " ", std::nullopt},
        Row{"zero octet", std::string(kImsi) + '\0', std::nullopt}));
// clang-format on

}  // namespace
}  // namespace hss::swx::test
