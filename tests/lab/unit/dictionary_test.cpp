// SPDX-License-Identifier: MIT
#include "tests/lab/dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "tests/lab/dictionary_table.h"

namespace hss::lab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;

constexpr AvpId kUnknown{4711, kVendor3gpp};

auto line(unsigned depth, std::string name, std::string value) {
  return AllOf(Field(&AvpLine::depth, depth), Field(&AvpLine::name, name), Field(&AvpLine::value, value));
}

// ---- Names
// -----------------------------------------------------------------------------------------------------------

// What our server sends on Cx and SWx, and what a client sends it.
TEST(DictionaryTest, KnowsEveryAvpOfCxAndSwx) {
  std::vector<AvpId> expected;
  for (const std::uint32_t code :
       {1,   8,   27,  33,  96,  97,  104, 110, 111, 121, 124, 125, 257, 258, 259, 260, 261, 262,
        263, 264, 265, 266, 267, 268, 269, 273, 277, 278, 279, 280, 281, 282, 283, 284, 292, 293,
        294, 296, 297, 298, 299, 301, 334, 348, 443, 444, 450, 486, 493, 621, 623, 650}) {
    expected.push_back({code});
  }
  for (std::uint32_t code = 600; code <= 667; ++code) {
    if (code != 627) expected.push_back({code, kVendor3gpp});  // 627 was withdrawn
  }
  for (std::uint32_t code = 1500; code <= 1512; ++code) expected.push_back({code, kVendor3gpp});
  for (const std::uint32_t code :
       {13,   318,  515,  516,  848,  1028, 1032, 1034, 1046, 1047, 1048, 1401, 1402, 1403, 1423, 1430,
        1431, 1432, 1435, 1438, 1456, 1472, 1518, 1524, 1526, 1538, 1541, 1612, 1642, 1649, 1650, 2716}) {
    expected.push_back({code, kVendor3gpp});
  }
  expected.push_back({500, 13019});
  for (const AvpId& id : expected) {
    EXPECT_NE(info_of(id), nullptr) << "AVP " << id.code << " of vendor " << id.vendor;
  }
}

TEST(DictionaryTest, NamesNothingTwice) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> avps;
  for (const AvpInfo& row : avp_table()) {
    EXPECT_TRUE(avps.emplace(row.id.code, row.id.vendor).second) << row.name;
    EXPECT_FALSE(row.name.empty());
  }
  std::set<std::pair<std::uint32_t, std::uint32_t>> results;
  for (const ResultInfo& row : result_table()) {
    EXPECT_TRUE(results.emplace(row.result.vendor, row.result.code).second) << row.name;
  }
  for (const ValueInfo& row : value_table()) {
    const AvpInfo* const info = info_of(row.id);
    ASSERT_NE(info, nullptr) << row.name;
    EXPECT_EQ(info->kind, AvpKind::kEnumerated) << row.name;
    EXPECT_EQ(std::ranges::count_if(value_table(),
                                    [&](const ValueInfo& one) { return one.id == row.id && one.value == row.value; }),
              1)
        << row.name;
  }
}

TEST(DictionaryTest, NamesAvpsByVendorAndCode) {
  EXPECT_EQ(name_of(avp::kUserName), "User-Name");
  EXPECT_EQ(name_of(avp::kUserAuthorizationType), "User-Authorization-Type");
  EXPECT_EQ(name_of(AvpId{623}), "OC-OLR");
  EXPECT_EQ(name_of(kUnknown), "AVP 4711 of vendor 10415");
  EXPECT_EQ(name_of(AvpId{4711}), "AVP 4711");
}

struct CommandRow {
  std::uint32_t command;
  std::uint32_t application;
  const char* request;
  const char* answer;
  const char* long_request;
};

class DictionaryCommandTest : public testing::TestWithParam<CommandRow> {};

TEST_P(DictionaryCommandTest, HasNames) {
  const CommandRow& row = GetParam();
  Message message{.command = row.command, .application = row.application};
  EXPECT_EQ(short_name(message), row.request);
  EXPECT_EQ(long_name(message), row.long_request);
  message.request = false;
  EXPECT_EQ(short_name(message), row.answer);
}

INSTANTIATE_TEST_SUITE_P(All, DictionaryCommandTest,
                         testing::Values(CommandRow{257, 0, "CER", "CEA", "Capabilities-Exchange-Request"},
                                         CommandRow{280, 0, "DWR", "DWA", "Device-Watchdog-Request"},
                                         CommandRow{282, 0, "DPR", "DPA", "Disconnect-Peer-Request"},
                                         CommandRow{300, kCx, "UAR", "UAA", "User-Authorization-Request"},
                                         CommandRow{301, kCx, "SAR", "SAA", "Server-Assignment-Request"},
                                         CommandRow{302, kCx, "LIR", "LIA", "Location-Info-Request"},
                                         CommandRow{303, kCx, "MAR", "MAA", "Multimedia-Auth-Request"},
                                         CommandRow{304, kCx, "RTR", "RTA", "Registration-Termination-Request"},
                                         CommandRow{305, kCx, "PPR", "PPA", "Push-Profile-Request"},
                                         CommandRow{303, kSwx, "SWx-MAR", "SWx-MAA", "Multimedia-Auth-Request"},
                                         CommandRow{305, kSwx, "SWx-PPR", "SWx-PPA", "Push-Profile-Request"},
                                         CommandRow{303, 16777251, "303", "303", "303-Request"},
                                         CommandRow{300, 0, "300", "300", "300-Request"},
                                         CommandRow{316, kCx, "316", "316", "316-Request"}));

TEST(DictionaryTest, AnAnswerHasALongNameToo) {
  EXPECT_EQ(long_name({.request = false, .command = 303, .application = kCx}), "Multimedia-Auth-Answer");
}

TEST(DictionaryTest, SaysResultsByFamily) {
  EXPECT_EQ(result_text({0, 2001}), "DIAMETER_SUCCESS (2001)");
  EXPECT_EQ(result_text({0, 5001}), "DIAMETER_AVP_UNSUPPORTED (5001)");
  EXPECT_EQ(result_text({kVendor3gpp, 2001}), "DIAMETER_FIRST_REGISTRATION (3GPP 2001)");
  EXPECT_EQ(result_text({kVendor3gpp, 5001}), "DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)");
  EXPECT_EQ(result_text({kVendor3gpp, 5450}), "DIAMETER_ERROR_USER_NO_NON_3GPP_SUBSCRIPTION (3GPP 5450)");
  EXPECT_EQ(result_text({0, 5999}), "unknown result (5999)");
  EXPECT_EQ(result_text({kVendor3gpp, 5999}), "unknown result (3GPP 5999)");
  EXPECT_EQ(result_text({9, 5001}), "unknown result (vendor 9 5001)");
}

// ---- Values
// ----------------------------------------------------------------------------------------------------------

struct ValueRow {
  Avp avp;
  const char* text;
};

class DictionaryValueTest : public testing::TestWithParam<ValueRow> {};

TEST_P(DictionaryValueTest, IsWords) { EXPECT_EQ(value_text(GetParam().avp, false), GetParam().text); }

Avp hex_avp(AvpId id, std::string_view digits) { return octets_avp(id, from_hex(digits).value()); }

INSTANTIATE_TEST_SUITE_P(
    All, DictionaryValueTest,
    testing::Values(ValueRow{text_avp(avp::kUserName, "001010000000001@example.org"), "001010000000001@example.org"},
                    ValueRow{text_avp(avp::kUserData, "<a>\n\t\xC3\xA9\r\\</a>"), "<a>\\n\\t\xC3\xA9\\x0d\\\\</a>"},
                    // An escape sequence, as UTF-8 of C1 too, DEL, and what is no UTF-8.
                    ValueRow{text_avp(avp::kUserName, "\x1b[2J\xC2\x9B\x7F\xFFz"), "\\x1b[2J\\xc2\\x9b\\x7f\\xffz"},
                    ValueRow{text_avp(avp::kUserName, ""), ""}, ValueRow{number_avp(avp::kSipNumberAuthItems, 3), "3"},
                    ValueRow{hex_avp({124}, "0000000100000000"), "4294967296"},
                    ValueRow{hex_avp(avp::kSipNumberAuthItems, "000003"), "000003"},
                    ValueRow{number_avp(avp::kServerAssignmentType, 1), "REGISTRATION (1)"},
                    ValueRow{number_avp(avp::kServerAssignmentType, 14), "RESTORATION (14)"},
                    ValueRow{number_avp(avp::kServerAssignmentType, 15), "15"},
                    ValueRow{hex_avp(avp::kServerAssignmentType, "01"), "01"},
                    ValueRow{number_avp(avp::kReasonCode, 3), "REMOVE_S-CSCF (3)"},
                    ValueRow{number_avp(avp::kAuthApplicationId, kSwx), "3GPP SWx (16777265)"},
                    ValueRow{number_avp(avp::kVendorId, kVendor3gpp), "3GPP (10415)"},
                    ValueRow{number_avp(avp::kResultCode, 3004), "DIAMETER_TOO_BUSY (3004)"},
                    ValueRow{number_avp(avp::kExperimentalResultCode, 5003),
                             "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED (5003)"},
                    ValueRow{number_avp(avp::kRatType, 0), "WLAN (0)"},
                    ValueRow{number_avp({1456, kVendor3gpp}, 2), "IPv4v6 (2)"},
                    ValueRow{hex_avp(avp::kHostIpAddress, "00017f000001"), "127.0.0.1"},
                    ValueRow{hex_avp(avp::kHostIpAddress, "000200000000000000000000000000000001"), "::1"},
                    ValueRow{hex_avp(avp::kHostIpAddress, "00027f000001"), "00027f000001"},
                    ValueRow{hex_avp(avp::kHostIpAddress, ""), ""}, ValueRow{hex_avp({8}, "c0000201"), "192.0.2.1"},
                    ValueRow{hex_avp(avp::kSipAuthenticate, "00ff"), "00ff"}, ValueRow{hex_avp(kUnknown, "0a"), "0a"},
                    ValueRow{group_avp(avp::kSipAuthDataItem, {text_avp(avp::kUserName, "a")}), ""}));

struct SecretRow {
  const char* name;
  AvpId id;
  std::size_t size;
  bool secret;
};

class DictionarySecretTest : public testing::TestWithParam<SecretRow> {};

TEST_P(DictionarySecretTest, IsHiddenUnlessAskedFor) {
  const SecretRow& row = GetParam();
  SCOPED_TRACE(row.name);
  const Bytes digits(row.size, 0x63);
  const Avp secret = octets_avp(row.id, digits);
  const std::string hidden = "(" + std::to_string(row.size) + " octets, hidden)";
  const std::string shown = info_of(row.id)->kind == AvpKind::kText ? secret.text() : to_hex(digits);
  EXPECT_EQ(value_text(secret, false), row.secret ? hidden : shown);
  EXPECT_EQ(value_text(secret, true), shown);
}

INSTANTIATE_TEST_SUITE_P(All, DictionarySecretTest,
                         testing::Values(SecretRow{"XRES", avp::kSipAuthorization, 8, true},
                                         SecretRow{"XRES of 16", avp::kSipAuthorization, 16, true},
                                         SecretRow{"RAND and AUTS", avp::kSipAuthorization, 30, false},
                                         SecretRow{"more than anything", avp::kSipAuthorization, 31, true},
                                         SecretRow{"RAND and AUTN", avp::kSipAuthenticate, 32, false},
                                         SecretRow{"CK", avp::kConfidentialityKey, 16, true},
                                         SecretRow{"IK", avp::kIntegrityKey, 16, true},
                                         SecretRow{"HA1", {121}, 32, true},
                                         SecretRow{"HA1 with a vendor", {121, kVendor3gpp}, 32, true},
                                         SecretRow{"HA1 of SHA-256", {663, kVendor3gpp}, 64, true}));

// ---- The tree
// --------------------------------------------------------------------------------------------------------

TEST(DictionaryTest, DescribesTheTreeInOrder) {
  const Message message{
      .command = 303,
      .application = kCx,
      .avps = {text_avp(avp::kSessionId, "a;1;2"),
               group_avp(avp::kSipAuthDataItem,
                         {number_avp(avp::kSipItemNumber, 1), octets_avp(avp::kConfidentialityKey, Bytes(16)),
                          group_avp({635, kVendor3gpp}, {text_avp({104}, "example.org")})}),
               text_avp(kUnknown, "a")}};
  EXPECT_THAT(
      describe(message, false),
      ElementsAre(line(0, "Session-Id", "a;1;2"), line(0, "SIP-Auth-Data-Item", ""), line(1, "SIP-Item-Number", "1"),
                  line(1, "Confidentiality-Key", "(16 octets, hidden)"), line(1, "SIP-Digest-Authenticate", ""),
                  line(2, "Digest-Realm", "example.org"), line(0, "AVP 4711 of vendor 10415", "61")));
  EXPECT_EQ(describe(message, true)[3].value, "00000000000000000000000000000000");
}

TEST(DictionaryTest, AGroupThatIsNoneShowsNoOctets) {
  Avp cut = group_avp(avp::kSipAuthDataItem, {octets_avp(avp::kConfidentialityKey, Bytes(16, 7))});
  cut.data.pop_back();
  EXPECT_THAT(describe({.command = 303, .avps = {cut}}, false),
              ElementsAre(line(0, "SIP-Auth-Data-Item", "(27 octets that are not whole AVPs)")));
}

TEST(DictionaryTest, NestsOnlySoDeep) {
  Avp nest = group_avp(avp::kFailedAvp, {});
  for (int i = 0; i < 1000; ++i) nest = group_avp(avp::kFailedAvp, {nest});
  const auto lines = describe({.command = 303, .avps = {nest}}, false);
  ASSERT_EQ(lines.size(), 17U);
  EXPECT_THAT(lines.back(), line(16, "Failed-AVP", "(7872 octets in it, too deep to show)"));
}

}  // namespace
}  // namespace hss::lab
