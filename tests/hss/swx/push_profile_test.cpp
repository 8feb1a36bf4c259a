// Push-Profile on SWx: what is written, what it carries, and what each answer does (TS 29.273 8.1.2.3).
// SPDX-License-Identifier: MIT
#include "hss/swx/push_profile.h"

#include <functional>

#include "tests/hss/swx/pushes.h"

namespace hss::swx::test {
namespace {

const std::string kImsi = imsi_of(kPlain);

// ---- On demand ------------------------------------------------------------------------------------------------------

struct RequestRow {
  const char* clause;
  User user;
  Non3gppRegistration given;
  bool user_data;
  std::uint32_t ppr_flags;
  const char* expected;  // what it carries; null: nothing is written
};

void PrintTo(const RequestRow& row, std::ostream* out) { *out << row.clause; }

class SwxPushRequest : public testing::TestWithParam<RequestRow> {};

TEST_P(SwxPushRequest, IsWrittenForARegisteredUser) {
  const RequestRow& row = GetParam();
  World world;
  world.given(row.user, row.given);
  const auto id =
      request_push(world.subscription(row.user), row.user_data, row.ppr_flags, world.repository, world.context());
  std::vector<std::string> expected;
  if (row.expected != nullptr) {
    expected = {"PPR" + std::string(row.expected) + ' ' + imsi_of(row.user) + " aaa.example.org " +
                std::to_string(row.user)};
  }
  EXPECT_EQ(outbox(world), expected);
  EXPECT_EQ(id.has_value(), row.expected != nullptr);
  EXPECT_EQ(world.after(row.user), row.given);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_3, SwxPushRequest,
    testing::Values(
        RequestRow{"the profile", kPlain, registered(), true, 0, " data"},
        RequestRow{"PPR-Flags alone", kPlain, registered(), false, kResetIndication, " flags=1"},
        RequestRow{"both", kPlain, connected(), true, kAccessNetworkInfoRequest | kLocalTimeZoneRequest,
                   " data flags=6"},
        RequestRow{"P-CSCF restoration", kPlain, registered(), false, kPcscfRestorationRequest, " flags=8"},
        RequestRow{"nothing asked for", kPlain, registered(), false, 0, nullptr},
        RequestRow{"no profile to be sent", kNo3gpp, registered(), true, 0, nullptr},
        RequestRow{"no profile, PPR-Flags alone are sent", kNo3gpp, registered(), true, kResetIndication, " flags=1"},
        RequestRow{"authentication pending", kPlain, pending(), true, kResetIndication, nullptr},
        RequestRow{"with nobody", kPlain, nobody(), true, kResetIndication, nullptr}));
// clang-format on

struct MergeRow {
  const char* clause;
  std::function<void(Push&)> waits;  // what differs from a PPR with the profile and flag 2
  bool user_data;
  std::uint32_t ppr_flags;
  bool merged;
};

void PrintTo(const MergeRow& row, std::ostream* out) { *out << row.clause; }

class SwxPushMerge : public testing::TestWithParam<MergeRow> {};

TEST_P(SwxPushMerge, OneThatWaitsForAtLeastTheSameStandsForBoth) {
  const MergeRow& row = GetParam();
  World world;
  world.given(kPlain, registered());
  Push push = push_to(kAaa, PushKind::kPushProfile);
  push.ppr_flags = kAccessNetworkInfoRequest;
  row.waits(push);
  push = sent(world, push, push.attempts);
  const auto id =
      request_push(world.subscription(kPlain), row.user_data, row.ppr_flags, world.repository, world.context());
  EXPECT_EQ(id == push.id, row.merged);
  EXPECT_EQ(world.repository.pushes().size(), row.merged ? 1U : 2U);
}

void as_it_is(Push&) {}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_3, SwxPushMerge,
    testing::Values(
        MergeRow{"the same", as_it_is, true, kAccessNetworkInfoRequest, true},
        MergeRow{"the profile, and more waits", as_it_is, true, 0, true},
        MergeRow{"the flag, and more waits", as_it_is, false, kAccessNetworkInfoRequest, true},
        MergeRow{"one flag more", as_it_is, true, kAccessNetworkInfoRequest | kResetIndication, false},
        MergeRow{"another flag", as_it_is, false, kResetIndication, false},
        MergeRow{"the profile, flags wait", [](Push& p) { p.user_data = false; }, true, 0, false},
        MergeRow{"flags, the profile waits", [](Push& p) { p.ppr_flags = 0; }, false, kResetIndication, false},
        MergeRow{"sent already", [](Push& p) { p.attempts = 1; }, true, 0, false},
        MergeRow{"host in other letters", [](Push& p) { p.server.diameter_host = "AAA.EXAMPLE.org"; }, true, 0, true},
        MergeRow{"another server", [](Push& p) { p.server.diameter_host = kOtherAaa.host; }, true, 0, false},
        MergeRow{"another IMSI", [](Push& p) { p.private_identity = "001019999999999"; }, true, 0, false},
        MergeRow{"an RTR", [](Push& p) { p.kind = PushKind::kRegistrationTermination; }, true, 0, false},
        MergeRow{"of Cx", [](Push& p) { p.application = Application::kCx; }, true, 0, false}));
// clang-format on

// ---- What it carries ------------------------------------------------------------------------------------------------

struct ContentRow {
  const char* clause;
  Non3gppRegistration given;
  std::function<void(World&, Push&)> change;
  bool user_data = false;
  std::uint32_t ppr_flags = 0;  // neither: nothing to be sent
};

void PrintTo(const ContentRow& row, std::ostream* out) { *out << row.clause; }

class SwxPushContent : public testing::TestWithParam<ContentRow> {};

TEST_P(SwxPushContent, IsWhatTheServerMayHaveNow) {
  const ContentRow& row = GetParam();
  World world;
  world.given(kPlain, row.given);
  Push push = push_to(kAaa, PushKind::kPushProfile);
  row.change(world, push);
  const auto content = push_profile_content(push, world.repository, world.context());
  ASSERT_EQ(content.has_value(), row.user_data || row.ppr_flags != 0);
  if (!content) return;
  EXPECT_EQ(content->user_name, kImsi);
  EXPECT_EQ(content->ppr_flags, row.ppr_flags);
  ASSERT_EQ(content->user_data.has_value(), row.user_data);
  if (row.user_data) {
    EXPECT_EQ(*content->user_data, user_data(*world.repository.non_3gpp(kPlain), row.given));
    EXPECT_FALSE(content->user_data->apns.empty());
  }
}

void plain(World&, Push&) {}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_3, SwxPushContent,
    testing::Values(
        ContentRow{"the profile", registered(), plain, true},
        ContentRow{"the profile with a connection", connected(), plain, true},
        ContentRow{"PPR-Flags alone", registered(), [](World&, Push& p) {
            p.user_data = false; p.ppr_flags = kResetIndication; }, false, kResetIndication},
        ContentRow{"both", registered(), [](World&, Push& p) { p.ppr_flags = 6; }, true, 6},
        ContentRow{"host in other letters", registered({"AAA.example.ORG", "x"}), plain, true},
        ContentRow{"what is newest", registered(), [](World& w, Push&) {
            auto changed = plain_non_3gpp(); changed.ambr = Ambr{1, 2}; w.repository.add(kPlain, changed); }, true},
        ContentRow{"neither", registered(), [](World&, Push& p) { p.user_data = false; }},
        ContentRow{"not registered", nobody(), plain},
        ContentRow{"authentication pending", pending(), plain},
        ContentRow{"with another server", registered(kOtherAaa), plain},
        ContentRow{"another IMSI by now", registered(), [](World& w, Push&) {
            w.subscription(kPlain).imsi = "001019999999999"; }},
        ContentRow{"subscription gone", registered(), [](World& w, Push&) { w.repository.remove(kPlain); }},
        ContentRow{"no state follows", registered(), [](World&, Push& p) { p.subscription = 0; }},
        ContentRow{"of Cx", registered(), [](World&, Push& p) { p.application = Application::kCx; }}));
// clang-format on

TEST(SwxPushContentTest, WithoutAProfileThereAreFlagsAlone) {
  World world;
  world.given(kNo3gpp, registered());
  Push push = push_to(kAaa, PushKind::kPushProfile);
  push.subscription = kNo3gpp;
  push.private_identity = imsi_of(kNo3gpp);
  EXPECT_FALSE(push_profile_content(push, world.repository, world.context()));
  push.ppr_flags = kResetIndication;
  const auto content = push_profile_content(push, world.repository, world.context());
  ASSERT_TRUE(content);
  EXPECT_FALSE(content->user_data);
  EXPECT_EQ(content->ppr_flags, kResetIndication);
}

// ---- What an answer does --------------------------------------------------------------------------------------------

struct AnswerRow {
  const char* clause;
  Non3gppRegistration given;
  std::optional<Result> result;
  PushStatus status;
  Non3gppRegistration after;
  const char* outcome;  // all of it
  unsigned attempts = 1;
  std::function<void(World&, Push&)> change{};
  const char* reported = "";
};

void PrintTo(const AnswerRow& row, std::ostream* out) { *out << row.clause; }

class SwxPushAnswer : public testing::TestWithParam<AnswerRow> {};

TEST_P(SwxPushAnswer, DoesWhatTheClauseSays) {
  const AnswerRow& row = GetParam();
  World world;
  world.given(kPlain, row.given);
  Push push = push_to(kAaa, PushKind::kPushProfile);
  if (row.change) row.change(world, push);
  push = sent(world, push, row.attempts);

  apply_push_profile_answer(push, {row.result, row.result ? "" : "no answer in time", {}, row.reported},
                            world.repository, world.context());

  const Push after = *world.repository.push(push.id);
  EXPECT_EQ(name_of(after.status), name_of(row.status));
  EXPECT_EQ(after.outcome, row.outcome);
  EXPECT_EQ(after.result, row.result);
  EXPECT_EQ(after.finished.has_value(), row.status != PushStatus::kWaiting);
  EXPECT_EQ(world.after(kPlain), row.after);
  EXPECT_EQ(world.repository.pushes().size(), 1U);
}

void flags_alone(World&, Push& push) {
  push.user_data = false;
  push.ppr_flags = kLocalTimeZoneRequest;
}
void imsi_changed(World& world, Push&) { world.subscription(kPlain).imsi = "001019999999999"; }
void subscription_removed(World& world, Push& push) {
  world.repository.remove(kPlain);
  push.subscription = 0;
}

const PushStatus kDone = PushStatus::kDone;
const PushStatus kWaiting = PushStatus::kWaiting;
const PushStatus kRefused = PushStatus::kRefused;
const char* const kHasIt = "the AAA server has the profile";
const char* const kLost = "the AAA server did not know the user; NOT_REGISTERED now";
const char* const kLostAnyway = "the AAA server did not know the user";

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_3, SwxPushAnswer,
    testing::Values(
        AnswerRow{"2001", connected(), result::kSuccess, kDone, connected(), kHasIt},
        AnswerRow{"2002", connected(), result::kLimitedSuccess, kDone, connected(), kHasIt},
        AnswerRow{"2001, with what was reported", connected(), result::kSuccess, kDone, connected(),
                  "the AAA server has the profile; it reported time zone +01:00", 1, {}, "time zone +01:00"},
        AnswerRow{"2001 to PPR-Flags alone", connected(), result::kSuccess, kDone, connected(),
                  "the AAA server has taken it", 1, flags_alone},
        AnswerRow{"2001 to PPR-Flags alone, with what was reported", connected(), result::kSuccess, kDone,
                  connected(), "the AAA server has taken it; it reported SSID cafe", 1, flags_alone, "SSID cafe"},
        AnswerRow{"experimental 5001: lost there", connected(), result::kUserUnknown, kDone, nobody(), kLost},
        AnswerRow{"experimental 5001, with another server meanwhile", connected(kOtherAaa), result::kUserUnknown,
                  kDone, connected(kOtherAaa), kLostAnyway},
        AnswerRow{"experimental 5001, with nobody meanwhile", nobody(), result::kUserUnknown, kDone, nobody(),
                  kLostAnyway},
        AnswerRow{"experimental 5001, IMSI changed meanwhile", connected(), result::kUserUnknown, kDone, connected(),
                  kLostAnyway, 1, imsi_changed},
        AnswerRow{"experimental 5001, subscription removed", connected(), result::kUserUnknown, kDone, nobody(),
                  kLostAnyway, 1, subscription_removed},
        AnswerRow{"3002: later", connected(), result::kUnableToDeliver, kWaiting, connected(),
                  "answered DIAMETER_UNABLE_TO_DELIVER 3002"},
        AnswerRow{"3003: later", connected(), result::kRealmNotServed, kWaiting, connected(),
                  "answered DIAMETER_REALM_NOT_SERVED 3003"},
        AnswerRow{"3004: later", connected(), result::kTooBusy, kWaiting, connected(), "answered DIAMETER_TOO_BUSY 3004"},
        AnswerRow{"3005: later", connected(), result::kLoopDetected, kWaiting, connected(),
                  "answered DIAMETER_LOOP_DETECTED 3005"},
        AnswerRow{"4xxx: later", connected(), Result{kVendorBase, 4001}, kWaiting, connected(),
                  "answered UNKNOWN_RESULT 4001"},
        AnswerRow{"5012: later", connected(), result::kUnableToComply, kWaiting, connected(),
                  "answered DIAMETER_UNABLE_TO_COMPLY 5012"},
        AnswerRow{"3001: refused", connected(), result::kCommandUnsupported, kRefused, connected(),
                  "this AAA server does not take a PPR (DIAMETER_COMMAND_UNSUPPORTED 3001); an RTR (hssctl "
                  "deregister) makes the change effective"},
        AnswerRow{"3001 to PPR-Flags alone: no RTR helps", connected(), result::kCommandUnsupported, kRefused,
                  connected(), "this AAA server does not take a PPR (DIAMETER_COMMAND_UNSUPPORTED 3001)", 1,
                  flags_alone},
        AnswerRow{"base 5001: refused", connected(), result::kAvpUnsupported, kRefused, connected(),
                  "this AAA server does not take a PPR (DIAMETER_AVP_UNSUPPORTED 5001); an RTR (hssctl "
                  "deregister) makes the change effective"},
        AnswerRow{"silence: later", connected(), {}, kWaiting, connected(), "no answer in time"},
        AnswerRow{"silence to the second: later", connected(), {}, kWaiting, connected(), "no answer in time", 2},
        AnswerRow{"silence to the third: refused", connected(), {}, kRefused, connected(),
                  "this AAA server does not take a PPR (no answer in time); an RTR (hssctl deregister) makes the "
                  "change effective", 3}));
// clang-format on

TEST(SwxPushAnswerTest, ChangesNothingThatIsFinishedOrOfCx) {
  World world;
  world.given(kPlain, connected());
  const Push done = sent(world, push_to(kAaa, PushKind::kPushProfile));
  finish(done, PushStatus::kObsolete, "over", world.repository, world.context());
  apply_push_profile_answer(done, {result::kUserUnknown, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(done.id)->outcome, "over");
  Push cx = push_to(kAaa, PushKind::kPushProfile);
  cx.application = Application::kCx;
  cx = sent(world, cx);
  apply_push_profile_answer(cx, {result::kUserUnknown, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(cx.id), cx);
  EXPECT_EQ(world.after(kPlain), connected());
}

}  // namespace
}  // namespace hss::swx::test
