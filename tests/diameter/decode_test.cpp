// Every request spoilt in every way: what is missing, repeated, empty, out of range or unknown, and the answer to it.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "diameter/cx/location_info.h"
#include "diameter/cx/multimedia_auth.h"
#include "diameter/cx/server_assignment.h"
#include "diameter/cx/user_authorization.h"
#include "diameter/swx/multimedia_auth.h"
#include "diameter/swx/server_assignment.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

struct Key {
  std::uint32_t code;
  std::uint32_t vendor = 0;
};

struct Case {
  CommandEntry command;
  RawMessage good;
  std::vector<Key> required;
  std::vector<Key> optional_once;
  std::uint32_t features = 7;  // offered
};

std::vector<Case> cases() {
  const std::vector<Key> head{{263}, {260}, {277}, {264}, {296}, {283}};
  const auto with = [&](std::vector<Key> more) {
    more.insert(more.begin(), head.begin(), head.end());
    return more;
  };
  return {
      {entry<cx::kUserAuthorization>(),
       user_authorization_request(),
       with({{1}, {601, k3gpp}, {600, k3gpp}}),
       {{301}, {293}, {623, k3gpp}, {637, k3gpp}, {621}}},
      {entry<cx::kMultimediaAuth>(),
       multimedia_auth_request(),
       with({{1}, {601, k3gpp}, {612, k3gpp}, {607, k3gpp}, {602, k3gpp}}),
       {{301}, {293}, {621}}},
      {entry<cx::kServerAssignment>(),
       server_assignment_request(),
       with({{602, k3gpp}, {614, k3gpp}, {624, k3gpp}}),
       {{301}, {293}, {1}, {634, k3gpp}, {648, k3gpp}, {650, k3gpp}, {655, k3gpp}}},
      {entry<cx::kLocationInfo>(),
       location_info_request(),
       with({{601, k3gpp}}),
       {{301}, {293}, {623, k3gpp}, {633, k3gpp}, {650, k3gpp}}},
      {entry<swx::kMultimediaAuth>(),
       swx_multimedia_auth_request(),
       with({{1}, {612, k3gpp}, {607, k3gpp}}),
       {{301},
        {293},
        {621},
        {1032, k3gpp},
        {1503, k3gpp},
        {1504, k3gpp},
        {600, k3gpp},
        {1401, k3gpp},
        {1518, k3gpp},
        {1538, k3gpp}},
       15},
      {entry<swx::kServerAssignment>(),
       swx_server_assignment_request(),
       with({{1}, {614, k3gpp}}),
       {{301}, {293}, {621}, {493}, {1423, k3gpp}, {486}, {600, k3gpp}, {1401, k3gpp}, {1538, k3gpp}},
       15},
  };
}

/// A usable AVP for a place where the good requests have none.
RawAvp sample(Key key) {
  if (key.code == 293) return text(293, kHost);
  if (key.code == 1) return text(1, "alice@example.org");
  if (key.code == 634) return with_flags(text(634, "sip:!.*!@example.org", k3gpp), 0x80);
  if (key.code == 621) return with_flags(group(621, {}), 0);
  if (key.code == 486 || key.code == 1401) return group(key.code, {}, key.vendor);
  if (key.code == 493 || key.code == 600 || key.code == 1504) return text(key.code, "internet", key.vendor);
  RawAvp out = number(key.code, 0, key.vendor);
  if (key.code == 301) out.flags = 0;
  if (key.code == 637 || (key.code >= 648 && key.code <= 655) || key.code > 1504) out.flags = 0x80;
  return out;
}

struct Refusal {
  Result result{};
  RawMessage answer;
};

/// Through freeDiameter's parser, our decoder, our answer and freeDiameter's encoder. nullopt: the request is good.
std::optional<Refusal> refusal(const CommandEntry& command, const RawMessage& message) {
  const LiveSettings settings(for_everybody());
  SystemRandom random;
  Recorder recorder;
  FakeQueue queue;  // goes first: what waits in it is answered then
  const fd::MessagePtr answer = take_request(parse(message), command, {queue, settings, random}, recorder.outlet());
  if (answer == nullptr) {
    EXPECT_EQ(queue.waiting.size(), 1U);
    EXPECT_TRUE(recorder.lines.empty());
    return std::nullopt;
  }
  EXPECT_TRUE(queue.waiting.empty());
  EXPECT_EQ(recorder.lines.size(), 1U);
  return Refusal{recorder.lines.at(0).result, encoded(answer.get())};
}

void expect_refused(const CommandEntry& command, const RawMessage& message, Result result, Key failed) {
  const auto found = refusal(command, message);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result, result) << found->result.code;
  EXPECT_EQ(value_of(found->answer.one(268)), result.code);
  EXPECT_TRUE(found->answer.all(297).empty());
  const auto inside = decode(found->answer.one(279).data);
  ASSERT_EQ(inside.size(), 1U);
  EXPECT_EQ(inside[0].code, failed.code);
  EXPECT_EQ(inside[0].vendor, failed.vendor);
}

RawMessage without(RawMessage message, Key key) { return test::without(std::move(message), key.code, key.vendor); }

class DecodeTest : public CoreTest {};

TEST_F(DecodeTest, GoodRequestsAreTaken) {
  for (const Case& one : cases()) EXPECT_FALSE(refusal(one.command, one.good)) << one.command.name;
}

TEST_F(DecodeTest, EveryRequiredAvpMissing) {
  for (const Case& one : cases()) {
    for (const Key& key : one.required) {
      SCOPED_TRACE(one.command.name + std::string(" without ") + std::to_string(key.code));
      expect_refused(one.command, without(one.good, key), result::kMissingAvp, key);
    }
  }
}

TEST_F(DecodeTest, TheExampleOfAMissingAvpIsMinimalAndZero) {
  const auto integer = refusal(entry<cx::kServerAssignment>(), without(server_assignment_request(), {614, k3gpp}));
  EXPECT_EQ(member(integer->answer.one(279), 614, k3gpp).data, std::string(4, '\0'));
  EXPECT_EQ(member(integer->answer.one(279), 614, k3gpp).flags, 0xC0);
  const auto octets = refusal(entry<cx::kUserAuthorization>(), without(user_authorization_request(), {1}));
  EXPECT_EQ(member(octets->answer.one(279), 1).data, std::string(1, '\0'));
  const auto grouped = refusal(entry<cx::kMultimediaAuth>(), without(multimedia_auth_request(), {612, k3gpp}));
  EXPECT_EQ(member(grouped->answer.one(279), 612, k3gpp).data, "");
}

TEST_F(DecodeTest, EverySingleAvpRepeated) {
  for (const Case& one : cases()) {
    for (const Key& key : one.required) {
      SCOPED_TRACE(one.command.name + std::string(" with two ") + std::to_string(key.code));
      expect_refused(one.command, with(one.good, one.good.one(key.code, key.vendor)), result::kAvpOccursTooManyTimes,
                     key);
    }
    for (const Key& key : one.optional_once) {
      SCOPED_TRACE(one.command.name + std::string(" with two ") + std::to_string(key.code));
      const RawMessage single = with(without(one.good, key), sample(key));
      EXPECT_FALSE(refusal(one.command, single));
      expect_refused(one.command, with(single, sample(key)), result::kAvpOccursTooManyTimes, key);
    }
  }
}

TEST_F(DecodeTest, TheAvpTooManyIsTheOneThatIsReturned) {
  const auto found =
      refusal(entry<cx::kLocationInfo>(), with(location_info_request(), text(601, "sip:second@example.org", k3gpp)));
  EXPECT_EQ(member(found->answer.one(279), 601, k3gpp).data, "sip:second@example.org");
}

TEST_F(DecodeTest, EmptyValues) {
  for (const Case& one : cases()) {
    for (const Key& key : {Key{1}, Key{264}, Key{296}, Key{601, k3gpp}, Key{602, k3gpp}, Key{600, k3gpp}}) {
      if (one.good.all(key.code, key.vendor).empty()) continue;
      SCOPED_TRACE(one.command.name + std::string(" with an empty ") + std::to_string(key.code));
      expect_refused(one.command, replaced(one.good, text(key.code, "", key.vendor)), result::kInvalidAvpValue, key);
    }
  }
}

TEST_F(DecodeTest, TextsThatAreNoText) {
  for (const std::string& bad : {std::string("sip:\xC3\x28@example.org"), std::string("sip:\xFF@example.org"),
                                 std::string("sip:a\0b@example.org", 18)}) {
    expect_refused(entry<cx::kLocationInfo>(), replaced(location_info_request(), text(601, bad, k3gpp)),
                   result::kInvalidAvpValue, {601, k3gpp});
  }
  expect_refused(entry<cx::kLocationInfo>(), replaced(location_info_request(), text(264, "two words")),
                 result::kInvalidAvpValue, {264});
  EXPECT_FALSE(refusal(entry<cx::kLocationInfo>(),
                       replaced(location_info_request(), text(601, "sip:j\xC3\xBCrgen@example.org", k3gpp))));
}

TEST_F(DecodeTest, EnumerationsOutOfRange) {
  const struct {
    CommandEntry command;
    RawMessage good;
    RawAvp bad;
  } rows[] = {
      {entry<cx::kServerAssignment>(), server_assignment_request(), number(614, 15, k3gpp)},
      {entry<cx::kServerAssignment>(), server_assignment_request(), number(614, 0xFFFFFFFF, k3gpp)},
      {entry<cx::kServerAssignment>(), server_assignment_request(), number(624, 2, k3gpp)},
      {entry<cx::kServerAssignment>(), server_assignment_request(), number(277, 2)},
      {entry<cx::kUserAuthorization>(), user_authorization_request(), number(623, 3, k3gpp)},
      {entry<cx::kLocationInfo>(), location_info_request(), number(623, 3, k3gpp)},
      {entry<cx::kLocationInfo>(), location_info_request(), number(633, 1, k3gpp)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::to_string(row.bad.code));
    const Key key{row.bad.code, row.bad.vendor};
    const auto message = with(without(row.good, key), row.bad);
    expect_refused(row.command, message, result::kInvalidAvpValue, key);
    EXPECT_EQ(member(refusal(row.command, message)->answer.one(279), key.code, key.vendor).data, row.bad.data);
  }
  // Values that Cx does not use are the procedure's to refuse.
  for (std::uint32_t type = 0; type <= 14; ++type) {
    EXPECT_FALSE(
        refusal(entry<cx::kServerAssignment>(), replaced(server_assignment_request(), number(614, type, k3gpp))));
  }
}

TEST_F(DecodeTest, AnInformationalAvpWithoutAUsableValueIsIgnoredUnlessMarkedM) {
  const RawAvp priority = with_flags(number(650, 99, k3gpp), 0x80);
  EXPECT_FALSE(refusal(entry<cx::kLocationInfo>(), with(location_info_request(), priority)));
  expect_refused(entry<cx::kLocationInfo>(), with(location_info_request(), with_flags(priority, 0xC0)),
                 result::kInvalidAvpValue, {650, k3gpp});
}

TEST_F(DecodeTest, AnAvpOfAnotherVendorIsAnotherAvp) {
  // Public-Identity without the V flag is AVP 601 of vendor 0, which nobody knows.
  expect_refused(entry<cx::kLocationInfo>(),
                 with(without(location_info_request(), {601, k3gpp}), with_flags(text(601, "sip:a@b"), 0)),
                 result::kMissingAvp, {601, k3gpp});
  // The same number of another vendor.
  expect_refused(entry<cx::kLocationInfo>(),
                 with(without(location_info_request(), {601, k3gpp}), with_flags(text(601, "sip:a@b", 9), 0x80)),
                 result::kMissingAvp, {601, k3gpp});
  // M where the specification has none, and none where it has one, change nothing.
  EXPECT_FALSE(refusal(entry<cx::kLocationInfo>(),
                       replaced(location_info_request(), with_flags(text(601, "sip:a@b", k3gpp), 0x80))));
}

TEST_F(DecodeTest, UnknownAvps) {
  // Kamailio's SAR: the Call-ID as AVP 494 of vendor 50, before Destination-Realm.
  RawMessage message = server_assignment_request();
  message.avps.insert(message.avps.begin() + 1, with_flags(text(494, "a-call-id", 50), 0x80));
  EXPECT_FALSE(refusal(entry<cx::kServerAssignment>(), message));
  EXPECT_FALSE(
      refusal(entry<cx::kServerAssignment>(), with(server_assignment_request(), with_flags(text(60000, "x"), 0))));
  // With M the core refuses it, before it comes to us (completion_test.cpp has the answer).
  EXPECT_THROW(parse(with(server_assignment_request(), text(60000, "x"))), fd::Error);
}

TEST_F(DecodeTest, AvpsOfOtherCommandsAreAllowed) {
  EXPECT_FALSE(refusal(entry<cx::kLocationInfo>(), with(location_info_request(), number(604, 7, k3gpp))));
  EXPECT_FALSE(refusal(entry<cx::kLocationInfo>(), with(location_info_request(), text(282, "proxy.example.org"))));
}

TEST_F(DecodeTest, TheApplicationOfTheHeaderCounts) {
  for (const auto& odd :
       {group(260, {number(266, k3gpp), number(259, 16777216)}), group(260, {number(266, k3gpp), number(258, 1)})}) {
    EXPECT_FALSE(refusal(entry<cx::kLocationInfo>(), replaced(location_info_request(), odd)));
  }
}

TEST_F(DecodeTest, RetransmissionsAreTaken) {
  RawMessage message = multimedia_auth_request();
  message.flags = 0xD0;  // R, P, T
  EXPECT_FALSE(refusal(entry<cx::kMultimediaAuth>(), message));
}

TEST_F(DecodeTest, SipAuthDataItem) {
  const auto with_item = [](const std::vector<RawAvp>& members) {
    return replaced(multimedia_auth_request(), group(612, members, k3gpp));
  };
  const RawAvp scheme = text(608, "Digest-AKAv1-MD5", k3gpp);
  const struct {
    std::vector<RawAvp> members;
    Result result;
    std::uint32_t failed;
  } rows[] = {
      {{number(613, 1, k3gpp)}, result::kMissingAvp, 608},
      {{}, result::kMissingAvp, 608},
      {{scheme, scheme}, result::kAvpOccursTooManyTimes, 608},
      {{text(608, "", k3gpp)}, result::kInvalidAvpValue, 608},
      {{scheme, text(610, "", k3gpp)}, result::kInvalidAvpValue, 610},
      {{scheme, text(610, "a", k3gpp), text(610, "b", k3gpp)}, result::kAvpOccursTooManyTimes, 610},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::to_string(row.result.code) + " " + std::to_string(row.failed));
    const auto found = refusal(entry<cx::kMultimediaAuth>(), with_item(row.members));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->result, row.result);
    // The offending AVP inside the group it lies in.
    EXPECT_NO_THROW(member(member(found->answer.one(279), 612, k3gpp), row.failed, k3gpp));
  }
  EXPECT_FALSE(refusal(entry<cx::kMultimediaAuth>(),
                       with_item({scheme, text(610, std::string(30, '\0'), k3gpp), text(8, std::string(4, '\1'))})));
}

TEST_F(DecodeTest, TheFirstErrorWins) {
  // Session-Id comes before Public-Identity in the ABNF, wherever they stand in the message.
  RawMessage message = without(without(location_info_request(), {601, k3gpp}), {263});
  expect_refused(entry<cx::kLocationInfo>(), message, result::kMissingAvp, {263});
}

TEST_F(DecodeTest, SupportedFeatures) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.command.name);
    // Wished for, without M: taken.
    EXPECT_FALSE(refusal(one.command, with(one.good, supported_features(0xF, 0x80))));
    EXPECT_FALSE(refusal(one.command, with(one.good, supported_features(0, 0xC0))));
    EXPECT_FALSE(refusal(one.command, with(one.good, supported_features(one.features, 0xC0))));
    EXPECT_FALSE(refusal(one.command, with(one.good, supported_features(1, 0x80, 2))));
    // Needed: 5011 of 3GPP, and what we have.
    for (const std::uint32_t list : {1U, 2U}) {
      const auto found = refusal(one.command, with(one.good, supported_features(one.features + 1, 0xC0, list)));
      ASSERT_TRUE(found);
      EXPECT_EQ(found->result, result::kFeatureUnsupported);
      EXPECT_EQ(value_of(member(found->answer.one(297), 298)), 5011U);
      EXPECT_EQ(value_of(member(found->answer.one(297), 266)), k3gpp);
      EXPECT_TRUE(found->answer.all(268).empty());
      EXPECT_TRUE(found->answer.all(279).empty());
      const RawAvp own = found->answer.one(628, k3gpp);
      EXPECT_EQ(own.flags, 0x80);
      EXPECT_EQ(value_of(member(own, 266)), k3gpp);
      EXPECT_EQ(value_of(member(own, 629, k3gpp)), 1U);
      EXPECT_EQ(value_of(member(own, 630, k3gpp)), one.features);
    }
    // Malformed: refused with M, ignored without.
    const RawAvp bare = group(628, {number(266, k3gpp)}, k3gpp);
    EXPECT_EQ(refusal(one.command, with(one.good, bare))->result, result::kMissingAvp);
    EXPECT_FALSE(refusal(one.command, with(one.good, with_flags(bare, 0x80))));
  }
}

TEST_F(DecodeTest, MultimediaAuthErrorsEchoTheIdentities) {
  const auto found = refusal(entry<cx::kMultimediaAuth>(), without(multimedia_auth_request(), {602, k3gpp}));
  EXPECT_EQ(found->answer.one(1).data, "alice@example.org");
  EXPECT_EQ(found->answer.one(601, k3gpp).data, "sip:alice@example.org");
  EXPECT_EQ(found->answer.order(), "263 260 268 277 264 296 1 601@10415 279");
  // Only what the request had, and the first of two.
  const auto half = refusal(entry<cx::kMultimediaAuth>(), without(multimedia_auth_request(), {1}));
  EXPECT_TRUE(half->answer.all(1).empty());
  EXPECT_EQ(half->answer.one(601, k3gpp).data, "sip:alice@example.org");
  const auto two = refusal(entry<cx::kMultimediaAuth>(),
                           with(multimedia_auth_request(), text(601, "sip:second@example.org", k3gpp)));
  EXPECT_EQ(two->answer.one(601, k3gpp).data, "sip:alice@example.org");
}

}  // namespace
}  // namespace hss::diameter::test
