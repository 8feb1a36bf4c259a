// RAT-Type by name and number, and APNs as they are compared (TS 29.212 5.3.31, TS 23.003 9.1).
// SPDX-License-Identifier: MIT
#include "hss/non_3gpp.h"

#include <gtest/gtest.h>

namespace hss {
namespace {

TEST(RatTypeTest, NameAndNumberAreTheSame) {
  const std::pair<std::uint32_t, const char*> rows[] = {
      {0, "WLAN"},   {1, "VIRTUAL"},           {2, "TRUSTED-N3GA"}, {1000, "UTRAN"},       {1001, "GERAN"},
      {1002, "GAN"}, {1003, "HSPA_EVOLUTION"}, {1004, "EUTRAN"},    {2000, "CDMA2000_1X"}, {2001, "HRPD"},
      {2002, "UMB"}, {2003, "EHRPD"},
  };
  for (const auto& [value, name] : rows) {
    EXPECT_EQ(parse_rat_type(name), value) << name;
    EXPECT_EQ(parse_rat_type(std::to_string(value)), value) << name;
    EXPECT_EQ(rat_type_text(value), name);
  }
}

TEST(RatTypeTest, IsReadWithoutCaseAndWithoutAName) {
  EXPECT_EQ(parse_rat_type("wlan"), 0U);
  EXPECT_EQ(parse_rat_type("hspa_Evolution"), 1003U);
  EXPECT_EQ(parse_rat_type("1006"), 1006U);
  EXPECT_EQ(rat_type_text(1006), "1006");
  EXPECT_EQ(parse_rat_type("2147483647"), 2147483647U);
}

TEST(RatTypeTest, AnythingElseIsRefused) {
  for (const char* text : {"", "WIFI", "WLAN ", "-1", "+1", "1.0", "0x10", "2147483648", "4294967296", "99999999999"}) {
    EXPECT_FALSE(parse_rat_type(text)) << text;
  }
}

struct ApnRow {
  std::string text;
  std::optional<std::string> expected;
};

void PrintTo(const ApnRow& row, std::ostream* out) { *out << row.text; }

class CanonicalApn : public testing::TestWithParam<ApnRow> {};

TEST_P(CanonicalApn, IsWhatIsCompared) { EXPECT_EQ(canonical_apn(GetParam().text), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Clause9_1, CanonicalApn,
    testing::Values(ApnRow{"ims", "ims"}, ApnRow{"IMS", "ims"}, ApnRow{"*", "*"},
                    ApnRow{"internet.corp-7.example", "internet.corp-7.example"},
                    ApnRow{"ims.mnc001.mcc001.gprs", "ims"}, ApnRow{"Ims.MNC01A.mcc001.gprs", std::nullopt},
                    ApnRow{"IMS.MNC001.MCC901.GPRS", "ims"}, ApnRow{"a.b.mnc001.mcc001.gprs", "a.b"},
                    ApnRow{"mnc001.mcc001.gprs", std::nullopt}, ApnRow{".mnc001.mcc001.gprs", std::nullopt},
                    ApnRow{"ims.mnc01.mcc001.gprs", std::nullopt}, ApnRow{"ims.gprs", std::nullopt},
                    ApnRow{"*.mnc001.mcc001.gprs", std::nullopt}, ApnRow{"", std::nullopt}, ApnRow{".", std::nullopt},
                    ApnRow{"ims.", std::nullopt}, ApnRow{".ims", std::nullopt}, ApnRow{"a..b", std::nullopt},
                    ApnRow{"im s", std::nullopt}, ApnRow{"i_ms", std::nullopt}, ApnRow{"-ims", std::nullopt},
                    ApnRow{"ims-", std::nullopt}, ApnRow{"**", std::nullopt}, ApnRow{"\xC3\xBC", std::nullopt},
                    ApnRow{std::string(62, 'a'), std::string(62, 'a')}, ApnRow{std::string(63, 'a'), std::nullopt},
                    ApnRow{std::string(62, 'a') + ".mnc001.mcc001.gprs", std::string(62, 'a')}));

}  // namespace
}  // namespace hss
