// SPDX-License-Identifier: MIT
#include "tests/lab/message.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <stdexcept>

namespace hss::lab {
namespace {

constexpr AvpId kProxyInfo{284};

Bytes hex(std::string_view digits) { return from_hex(digits).value(); }

// ---- Golden octets
// ---------------------------------------------------------------------------------------------------

struct GoldenRow {
  const char* name;
  Message message;
  const char* octets;
};

class MessageGoldenTest : public testing::TestWithParam<GoldenRow> {};

TEST_P(MessageGoldenTest, IsEncodedAndParsed) {
  const GoldenRow& row = GetParam();
  SCOPED_TRACE(row.name);
  EXPECT_EQ(to_hex(encode(row.message)), row.octets);
  EXPECT_EQ(parse(hex(row.octets)), (std::variant<Message, std::string>(row.message)));
}

const Message kEmpty{.proxiable = false, .command = 280, .hop_by_hop = 0x01020304, .end_to_end = 0xA0B0C0D0};

Message with(std::vector<Avp> avps) {
  Message out = kEmpty;
  out.avps = std::move(avps);
  return out;
}

#define HEAD(length) \
  "010000" length    \
  "80000118"         \
  "00000000"         \
  "01020304"         \
  "a0b0c0d0"

INSTANTIATE_TEST_SUITE_P(
    All, MessageGoldenTest,
    testing::Values(
        GoldenRow{"request without AVPs", kEmpty, HEAD("14")},
        GoldenRow{"all flags",
                  {.request = true, .proxiable = true, .error = true, .retransmitted = true, .command = 0xFFFFFF},
                  "01000014f0ffffff000000000000000000000000"},
        GoldenRow{"answer of Cx",
                  {.request = false, .command = 303, .application = kCx, .hop_by_hop = 1, .end_to_end = 2},
                  "010000144000012f010000000000000100000002"},
        GoldenRow{"number", with({number_avp(avp::kResultCode, 2001)}), HEAD("20") "0000010c4000000c000007d1"},
        GoldenRow{"three octets of padding", with({text_avp(avp::kUserName, "a")}),
                  HEAD("20") "00000001"
                             "40000009"
                             "61000000"},
        GoldenRow{"two octets of padding, M clear", with({text_avp(avp::kProductName, "ab", false)}),
                  HEAD("20") "0000010d"
                             "0000000a"
                             "61620000"},
        GoldenRow{"no padding, then another", with({text_avp(avp::kUserName, "abcd"), octets_avp(avp::kUserName, {})}),
                  HEAD("28") "000000014000000c61626364"
                             "0000000140000008"},
        GoldenRow{"vendor", with({text_avp(avp::kPublicIdentity, "sip:x")}),
                  HEAD("28") "00000259"
                             "c0000011"
                             "000028af"
                             "7369703a78000000"},
        GoldenRow{"vendor, M clear", with({number_avp(avp::kRatType, 1004, false)}),
                  HEAD("24") "00000408"
                             "80000010"
                             "000028af"
                             "000003ec"},
        GoldenRow{"grouped, members padded",
                  with({group_avp(avp::kExperimentalResult, {number_avp(avp::kVendorId, kVendor3gpp),
                                                             number_avp(avp::kExperimentalResultCode, 5001)}),
                        group_avp(avp::kSipAuthDataItem, {text_avp(avp::kUserName, "a")})}),
                  HEAD("4c") "00000129"
                             "40000020"
                             "0000010a4000000c000028af"
                             "0000012a4000000c00001389"
                             "00000264"
                             "c0000018"
                             "000028af"
                             "000000014000000961000000"}));

TEST(MessageTest, AppendsBehindWhatIsThere) {
  Bytes out{1, 2, 3};
  append(out, kEmpty);
  EXPECT_EQ(to_hex(out), "010203" HEAD("14"));
}

TEST(MessageTest, RefusesToEncodeWhatIsLongerThanItsLengthCanSay) {
  const Avp large = octets_avp(avp::kUserData, Bytes(0xFFFFFF));
  EXPECT_THROW(group_avp(avp::kFailedAvp, {large}), std::length_error);
  EXPECT_THROW(encode(with({octets_avp(avp::kUserData, Bytes(0x800000)), octets_avp(avp::kUserData, Bytes(0x800000))})),
               std::length_error);
}

TEST(MessageTest, FindsTheFirstAndAll) {
  const Message message = with({text_avp(avp::kUserName, "a"), text_avp(avp::kServerName, "s"),
                                text_avp(avp::kUserName, "b"), text_avp({1, kVendor3gpp}, "other")});
  ASSERT_NE(message.find(avp::kUserName), nullptr);
  EXPECT_EQ(message.find(avp::kUserName)->text(), "a");
  EXPECT_EQ(message.find(avp::kUserData), nullptr);
  const auto all = message.all(avp::kUserName);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1]->text(), "b");
}

TEST(MessageTest, NumbersHaveFourOctets) {
  EXPECT_EQ(number_avp(avp::kResultCode, 0xFFFFFFFE).number(), 0xFFFFFFFE);
  EXPECT_EQ(octets_avp(avp::kResultCode, Bytes(3)).number(), std::nullopt);
  EXPECT_EQ(octets_avp(avp::kResultCode, Bytes(5)).number(), std::nullopt);
  EXPECT_EQ(Avp{.id = avp::kResultCode}.number(), std::nullopt);
}

// ---- Octets that are no message
// --------------------------------------------------------------------------------------

struct WrongRow {
  const char* octets;
  const char* wrong;
};

class MessageWrongTest : public testing::TestWithParam<WrongRow> {};

TEST_P(MessageWrongTest, SaysWhatIsWrong) {
  const auto parsed = parse(hex(GetParam().octets));
  const auto* const wrong = std::get_if<std::string>(&parsed);
  ASSERT_NE(wrong, nullptr);
  EXPECT_EQ(*wrong, GetParam().wrong);
}

INSTANTIATE_TEST_SUITE_P(
    All, MessageWrongTest,
    testing::Values(WrongRow{"", "0 octets, a header alone has 20"},
                    WrongRow{"01000014800001180000000001020304a0b0c0", "19 octets, a header alone has 20"},
                    WrongRow{"02000014800001180000000001020304a0b0c0d0", "version 2, there is only 1"},
                    WrongRow{"01000018800001180000000001020304a0b0c0d0", "the header says 24 octets, there are 20"},
                    WrongRow{"01000010800001180000000001020304a0b0c0d0", "the header says 16 octets, there are 20"},
                    WrongRow{HEAD("15") "00", "a length of 21 octets, not a multiple of 4"},
                    WrongRow{HEAD("18") "0000010c", "4 octets at octet 20, too few for an AVP"},
                    WrongRow{HEAD("1c") "0000010c"
                                        "40000007",
                             "AVP 268 at octet 20 has length 7, less than its header of 8"},
                    WrongRow{HEAD("1c") "0000010c"
                                        "40000000",
                             "AVP 268 at octet 20 has length 0, less than its header of 8"},
                    WrongRow{HEAD("20") "00000259"
                                        "c000000b"
                                        "000028af",
                             "AVP 601 at octet 20 has length 11, less than its header of 12"},
                    WrongRow{HEAD("1c") "00000259"
                                        "c000000c",
                             "AVP 601 at octet 20 has length 12 with padding beyond the 8 octets left"},
                    WrongRow{HEAD("20") "0000010c"
                                        "4000000d"
                                        "000007d1",
                             "AVP 268 at octet 20 has length 13 with padding beyond the 12 octets left"},
                    WrongRow{HEAD("28") "0000010840000009"
                                        "61000000"
                                        "0000010c40ffffff",
                             "AVP 268 at octet 32 has length 16777215 with padding beyond the 8 octets left"}));

TEST(MessageTest, IgnoresReservedFlagsAndWhatPaddingHolds) {
  const auto parsed =
      parse(hex("01000020"
                "8f000118"
                "00000000"
                "01020304"
                "a0b0c0d0"
                "00000001"
                "7f000009"
                "61ffffff"));
  EXPECT_EQ(parsed, (std::variant<Message, std::string>(with({text_avp(avp::kUserName, "a")}))));
}

TEST(MessageTest, TakesAnIetfAvpThatNamesItsVendor) {
  const auto parsed = parse(hex(HEAD("24") "0000010c"
                                           "c0000010"
                                           "00000000"
                                           "000007d1"));
  ASSERT_TRUE(std::holds_alternative<Message>(parsed));
  EXPECT_EQ(result_of(std::get<Message>(parsed)), (ResultOf{0, 2001}));
}

TEST(MessageTest, MembersAreWholeAvpsOrNone) {
  const Avp inner = text_avp(avp::kUserName, "a");
  EXPECT_EQ(group_avp(avp::kFailedAvp, {inner, inner}).members(), (std::vector<Avp>{inner, inner}));
  EXPECT_EQ(group_avp(avp::kFailedAvp, {}).members(), std::vector<Avp>());
  Avp cut = group_avp(avp::kFailedAvp, {inner, inner});
  cut.data.pop_back();
  EXPECT_EQ(cut.members(), std::nullopt);
  EXPECT_EQ(text_avp(avp::kFailedAvp, "text, and no AVPs in it").members(), std::nullopt);
}

// Every cut and every changed octet of a message with groups: parsed or refused, members and result too.
TEST(MessageTest, NothingIsReadBeyondTheEnd) {
  const Message whole = with({text_avp(avp::kSessionId, "a;1;2"),
                              group_avp(avp::kExperimentalResult, {number_avp(avp::kVendorId, kVendor3gpp),
                                                                   number_avp(avp::kExperimentalResultCode, 5001)}),
                              group_avp(kProxyInfo, {group_avp(kProxyInfo, {text_avp(avp::kUserData, "<a/>")})})});
  const Bytes octets = encode(whole);
  for (std::size_t size = 0; size < octets.size(); ++size) {
    // In an allocation of its own, so that a sanitizer sees an octet too many.
    EXPECT_TRUE(std::holds_alternative<std::string>(
        parse(Bytes(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size)))));
  }
  std::size_t parsed_ones = 0;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    for (const std::uint8_t value : Bytes{0x00, 0x01, 0x7F, 0x80, 0xFF}) {
      Bytes changed = octets;
      changed[at] = value;
      const auto parsed = parse(changed);
      const auto* const message = std::get_if<Message>(&parsed);
      if (message == nullptr) continue;
      ++parsed_ones;
      static_cast<void>(result_of(*message));
      for (const Avp& one : message->avps) static_cast<void>(one.members());
    }
  }
  EXPECT_GT(parsed_ones, 100U);
}

TEST(MessageTest, GarbageIsRefusedOrParsed) {
  std::mt19937 random(5);
  std::size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    Bytes octets(20 + 4 * (random() % 16));
    for (std::uint8_t& octet : octets) octet = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : random() % 32);
    octets[0] = 1;
    octets[1] = octets[2] = 0;
    octets[3] = static_cast<std::uint8_t>(octets.size());
    const auto parsed = parse(octets);
    const auto* const message = std::get_if<Message>(&parsed);
    if (message == nullptr) {
      ++refused;
    } else {
      EXPECT_EQ(encode(*message).size() % 4, 0U);
    }
  }
  EXPECT_GT(refused, 0U);
}

// ---- Framing and results
// ---------------------------------------------------------------------------------------------

TEST(MessageTest, AnnouncesItsLength) {
  EXPECT_EQ(announced_length(hex("01000014")), 20U);
  EXPECT_EQ(announced_length(hex("01100000ff")), 1024U * 1024U);
  for (const char* const wrong :
       {"", "010000", "01000013", "01000000", "01100001", "01ffffff", "00000014", "02000014"}) {
    EXPECT_EQ(announced_length(hex(wrong)), std::nullopt) << wrong;
  }
}

struct ResultRow {
  std::vector<Avp> avps;
  std::optional<ResultOf> result;
};

class MessageResultTest : public testing::TestWithParam<ResultRow> {};

TEST_P(MessageResultTest, IsOfEitherFamily) { EXPECT_EQ(result_of(with(GetParam().avps)), GetParam().result); }

INSTANTIATE_TEST_SUITE_P(
    All, MessageResultTest,
    testing::Values(ResultRow{{number_avp(avp::kResultCode, 2001)}, ResultOf{0, 2001}},
                    ResultRow{{group_avp(avp::kExperimentalResult, {number_avp(avp::kExperimentalResultCode, 5001),
                                                                    number_avp(avp::kVendorId, kVendor3gpp)})},
                              ResultOf{kVendor3gpp, 5001}},
                    ResultRow{{}, std::nullopt}, ResultRow{{text_avp(avp::kResultCode, "2001!")}, std::nullopt},
                    ResultRow{{group_avp(avp::kExperimentalResult, {number_avp(avp::kVendorId, kVendor3gpp)})},
                              std::nullopt},
                    ResultRow{{group_avp(avp::kExperimentalResult, {number_avp(avp::kExperimentalResultCode, 5001)})},
                              std::nullopt},
                    ResultRow{{group_avp(avp::kExperimentalResult, {text_avp(avp::kExperimentalResultCode, "5"),
                                                                    number_avp(avp::kVendorId, kVendor3gpp)})},
                              std::nullopt},
                    ResultRow{{text_avp(avp::kExperimentalResult, "no group")}, std::nullopt}));

}  // namespace
}  // namespace hss::lab
