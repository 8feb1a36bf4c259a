// Push-Profile: what it carries, and what each answer does (TS 29.228 6.2.2).
// SPDX-License-Identifier: MIT
#include "hss/cx/push_profile.h"

#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

Push profile_push(const AssignedServer& server = kServer) {
  Push push;
  push.kind = PushKind::kPushProfile;
  push.server = server;
  push.private_identity = kImpi;
  push.private_identity_id = kId1;
  push.subscription = 1;
  push.implicit_set = kSet1;
  push.user_data = true;
  push.created = kNow;
  return push;
}

Push sent(World& world, Push push, unsigned attempts = 1) {
  push.id = world.repository.add_push(push);
  push.attempts = attempts;
  world.repository.save_push(push);
  return *world.repository.push(push.id);
}

// ---- Answers --------------------------------------------------------------------------------------------------------

struct Row {
  const char* clause;
  State given;
  std::optional<Result> result;
  PushStatus status;
  std::optional<State> after{};   // absent: as it was
  const char* next_impi = kImpi;  // User-Name of the push afterwards
  std::size_t terminations = 0;   // RTR SERVER_CHANGE that took its place
  const char* outcome = "";       // part of it
  unsigned attempts = 1;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class ProfileAnswer : public testing::TestWithParam<Row> {};

TEST_P(ProfileAnswer, DoesWhatTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.given);
  const Push push = sent(world, profile_push(), row.attempts);

  apply_push_profile_answer(push, {row.result, "", {}}, world.repository, world.context());

  const Push after = *world.repository.push(push.id);
  EXPECT_EQ(after.status, row.status) << after.outcome;
  EXPECT_EQ(after.private_identity, row.next_impi);
  EXPECT_THAT(after.outcome, testing::HasSubstr(row.outcome));
  EXPECT_EQ(after.finished.has_value(), row.status != PushStatus::kWaiting);
  EXPECT_EQ(after.result, row.result);
  world.expect_state(row.after.value_or(row.given));
  std::size_t terminations = 0;
  for (const Push& each : world.repository.pushes()) {
    if (each.kind != PushKind::kRegistrationTermination) continue;
    EXPECT_EQ(each.reason, DeregistrationReason::kServerChange);
    ++terminations;
  }
  EXPECT_EQ(terminations, row.terminations);
}

State second_identity() { return {kServer, {pair(kSet1, kId2, kReg)}}; }
State moved() { return {kOtherServer, {pair(kSet1, kId1, kReg)}}; }

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_2_2_1, ProfileAnswer,
    testing::Values(
        Row{"7: 2001", registered(), result::kSuccess, PushStatus::kDone},
        Row{"7: experimental 5001, no other IMPI: NOT_REGISTERED", registered(), result::kUserUnknown,
            PushStatus::kDone, nothing(), kImpi, 0, "NOT_REGISTERED"},
        Row{"7: experimental 5001, UNREGISTERED", unregistered(), result::kUserUnknown, PushStatus::kDone, nothing()},
        Row{"7: experimental 5001, another IMPI is tried", both_registered(), result::kUserUnknown,
            PushStatus::kWaiting, second_identity(), kImpi2, 0, kImpi2},
        Row{"7: experimental 5001 of one whose user has moved", moved(), result::kUserUnknown, PushStatus::kDone},
        Row{"7: experimental 5008: RTR SERVER_CHANGE", registered(), result::kTooMuchData, PushStatus::kRefused, {},
            kImpi, 2, "SERVER_CHANGE"},
        Row{"7: experimental 5009: RTR SERVER_CHANGE", registered(), result::kNotSupportedUserData,
            PushStatus::kRefused, {}, kImpi, 2, "SERVER_CHANGE"},
        Row{"7: experimental 5008, not registered any more", nothing(), result::kTooMuchData, PushStatus::kRefused},
        Row{"7: 5012: later", registered(), result::kUnableToComply, PushStatus::kWaiting, {}, kImpi, 0,
            "DIAMETER_UNABLE_TO_COMPLY"},
        Row{"7: 3002: later", registered(), result::kUnableToDeliver, PushStatus::kWaiting},
        Row{"7: 3004: later", registered(), result::kTooBusy, PushStatus::kWaiting},
        Row{"7: 4xxx: later", registered(), Result{kVendorBase, 4001}, PushStatus::kWaiting},
        Row{"7: 3001: does not do PPR", registered(), result::kCommandUnsupported, PushStatus::kRefused, {}, kImpi, 0,
            "does not take a PPR (DIAMETER_COMMAND_UNSUPPORTED 3001); an RTR with reason SERVER_CHANGE"},
        Row{"7: 3007: does not do PPR", registered(), result::kApplicationUnsupported, PushStatus::kRefused, {}, kImpi,
            0, "does not take a PPR"},
        Row{"7: base 5001: does not do PPR", registered(), result::kAvpUnsupported, PushStatus::kRefused, {}, kImpi, 0,
            "does not take a PPR"},
        Row{"7: base 5005: does not do PPR", registered(), result::kMissingAvp, PushStatus::kRefused, {}, kImpi, 0,
            "does not take a PPR"},
        Row{"7: silence: later", registered(), {}, PushStatus::kWaiting, {}, kImpi, 0, "no answer"},
        Row{"7: silence to the second: later", registered(), {}, PushStatus::kWaiting, {}, kImpi, 0, "no answer", 2},
        Row{"7: silence to the third: does not do PPR", registered(), {}, PushStatus::kRefused, {}, kImpi, 0,
            "does not take a PPR (no answer)", 3}));
// clang-format on

TEST(ProfileAnswerTest, ADigestIsOfOneIdentityAlone) {
  World world;
  world.given(both_registered());
  Push push = profile_push();
  push.sip_digest = true;
  push = sent(world, push);
  apply_push_profile_answer(push, {result::kUserUnknown, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(push.id)->status, PushStatus::kDone);
  EXPECT_EQ(world.repository.push(push.id)->private_identity, kImpi);
  world.expect_state(second_identity());
}

TEST(ProfileAnswerTest, AFinishedPushStaysAsItIs) {
  World world;
  world.given(registered());
  const Push push = sent(world, profile_push());
  finish(push, PushStatus::kObsolete, "over", world.repository, world.context());
  apply_push_profile_answer(push, {result::kTooMuchData, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(push.id)->outcome, "over");
  EXPECT_EQ(world.repository.pushes().size(), 1U);
}

TEST(ProfileAnswerTest, APushOfSwxStaysAsItIs) {
  World world;
  world.given(registered());
  Push push = profile_push();
  push.application = Application::kSwx;
  push = sent(world, push);
  apply_push_profile_answer(push, {result::kUserUnknown, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(push.id), push);
  EXPECT_FALSE(push_profile_content(push, world.repository, world.context()));
  world.expect_state(registered());
}

// ---- Content --------------------------------------------------------------------------------------------------------

struct ContentRow {
  const char* clause;
  State given;
  const char* user_name;  // null: nothing to be sent
  AssignedServer asked = kServer;
};

void PrintTo(const ContentRow& row, std::ostream* out) { *out << row.clause; }

class ProfileContent : public testing::TestWithParam<ContentRow> {};

TEST_P(ProfileContent, IsForTheIdentityThatIsRegisteredThere) {
  const ContentRow& row = GetParam();
  World world;
  world.given(row.given);
  const auto content = push_profile_content(profile_push(row.asked), world.repository, world.context());
  ASSERT_EQ(content.has_value(), row.user_name != nullptr);
  if (!content) return;
  EXPECT_EQ(content->user_name, row.user_name);
  ASSERT_TRUE(content->user_data);
  for (const char* expected : {row.user_name, kBarred, kImpu, kTel}) {
    EXPECT_THAT(*content->user_data, testing::HasSubstr(">" + std::string(expected) + "<"));
  }
  EXPECT_TRUE(content->charging.empty());
  EXPECT_FALSE(content->sip_digest);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_2_2, ProfileContent,
    testing::Values(
        ContentRow{"7: REGISTERED", registered(), kImpi},
        ContentRow{"7: UNREGISTERED", unregistered(), kImpi},
        ContentRow{"7: registered by another IMPI", State{kServer, {pair(kSet1, kId2, kReg)}}, kImpi2},
        ContentRow{"7: not registered", nothing(), nullptr},
        ContentRow{"7: auth-pending only", pending(), nullptr},
        ContentRow{"7: moved to another S-CSCF", moved(), nullptr},
        ContentRow{"7: another set registered", other_set_registered(), nullptr},
        ContentRow{"7: to the one that serves, challenged elsewhere", challenged_elsewhere(), kImpi},
        ContentRow{"7: not to the one that challenges", challenged_elsewhere(), nullptr, kOtherServer}));
// clang-format on

TEST(ProfileContentTest, CarriesWhatChanged) {
  World world;
  world.given(registered());
  world.settings.cx.charging.primary_collection = "aaa://cdf.example.org";
  SipDigest digest;
  digest.realm = "ims.example.org";
  world.repository.add(kId1, digest);
  Push push = profile_push();
  push.user_data = false;
  push.charging = true;
  auto content = push_profile_content(push, world.repository, world.context());
  ASSERT_TRUE(content);
  EXPECT_FALSE(content->user_data);
  EXPECT_EQ(content->charging, world.settings.cx.charging);
  push.charging = false;
  push.sip_digest = true;
  content = push_profile_content(push, world.repository, world.context());
  ASSERT_TRUE(content && content->sip_digest);
  EXPECT_EQ(content->sip_digest->realm, "ims.example.org");
  EXPECT_TRUE(content->charging.empty());
}

TEST(ProfileContentTest, ADigestIsPushedToTheOneThatChallenges) {
  World world;
  world.given(pending());
  world.repository.add(kId1, SipDigest{});
  Push push = profile_push();
  push.user_data = false;
  push.sip_digest = true;
  EXPECT_TRUE(push_profile_content(push, world.repository, world.context()));
  world.given({kServer, {pair(kSet1, kId2, kReg)}});
  EXPECT_FALSE(push_profile_content(push, world.repository, world.context())) << "never with another's User-Name";
}

TEST(ProfileContentTest, NothingIsLeftOfASubscriptionThatIsGone) {
  World world;
  world.given(registered());
  Push push = profile_push();
  push.subscription = 99;
  EXPECT_FALSE(push_profile_content(push, world.repository, world.context()));
  push.subscription = 1;
  push.private_identity = "gone@ims.example.org";
  EXPECT_FALSE(push_profile_content(push, world.repository, world.context()));
}

}  // namespace
}  // namespace hss::cx::test
