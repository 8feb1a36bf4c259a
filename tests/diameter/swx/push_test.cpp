// RTR and PPR of SWx through the sender: the state of the user moves with the answer, and not before; what is reported
// is kept; and an application that is switched off is waited for.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hss/swx/push_profile.h"
#include "tests/diameter/push_fixture.h"

namespace hss::diameter::test {
namespace {

using testing::HasSubstr;

class SwxPushTest : public PushTest {
 protected:
  void SetUp() override {
    PushTest::SetUp();
    Non3gppSubscription non_3gpp;
    non_3gpp.msisdns = {"15551234"};
    non_3gpp.apns.emplace_back();
    non_3gpp.apns[0].configuration.name = "ims";
    repository_.add(1, non_3gpp);
    Non3gppRegistration registration;
    registration.server = AaaServer{kAaa, kRealm};
    registration.registered = true;
    repository_.save_non_3gpp_registration(1, registration);
  }

  Push push(PushKind kind) {
    Push out;
    out.kind = kind;
    out.application = Application::kSwx;
    out.server = {"", kAaa, kRealm};
    out.private_identity = kImsi;
    out.subscription = 1;
    out.created = out.next_attempt = now_;
    return out;
  }
  PushId add_profile(bool user_data, std::uint32_t flags) {
    Push out = push(PushKind::kPushProfile);
    out.user_data = user_data;
    out.ppr_flags = flags;
    return repository_.add_push(out);
  }
  bool registered() { return repository_.non_3gpp_registration(1).registered; }
};

TEST_F(SwxPushTest, ATerminationMovesTheStateWithItsAnswer) {
  const PushId id = repository_.add_push(push(PushKind::kRegistrationTermination));
  turn();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].request.code, 304U);
  EXPECT_EQ(sent_[0].request.application, 16777265U);
  EXPECT_EQ(sent_[0].request.one(293).data, kAaa);
  EXPECT_TRUE(registered());
  answer(0, {result::kSuccess, {}, {}, {}});
  EXPECT_FALSE(registered());
  EXPECT_FALSE(repository_.non_3gpp_registration(1).server);
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
  EXPECT_EQ(status(), RegistrationStatus::kRegistered);  // on Cx nothing has changed
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(
      lines_[0],
      HasSubstr("SWx-RTR aaa.example.org 001010000000001  PERMANENT_TERMINATION attempt 1 -> DIAMETER_SUCCESS"));
}

/// Another server took the user over, and before that one could be told, the user came back to it.
TEST_F(SwxPushTest, AReleaseThatIsOvertakenIsNotSent) {
  Push release = push(PushKind::kRegistrationTermination);
  release.subscription = 0;
  const PushId id = repository_.add_push(release);
  turn();
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kObsolete);
  EXPECT_EQ(repository_.push(id)->outcome, "the user is with that server again");
  EXPECT_TRUE(registered());
}

TEST_F(SwxPushTest, AProfileIsReadWhenItIsSent) {
  const PushId id = add_profile(true, 0);
  Non3gppSubscription newer = *repository_.non_3gpp(1);
  newer.session_timeout = 4711;
  repository_.add(1, newer);
  turn();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].request.code, 305U);
  EXPECT_EQ(sent_[0].request.one(1).data, kImsi);
  EXPECT_EQ(value_of(member(sent_[0].request.one(1500, k3gpp), 27)), 4711U);
  EXPECT_TRUE(sent_[0].request.all(1508, k3gpp).empty());
  answer(0, {result::kSuccess, {}, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
  EXPECT_THAT(lines_.at(0), HasSubstr("SWx-PPR aaa.example.org 001010000000001  user-data attempt 1 -> "));
  EXPECT_TRUE(registered());
}

TEST_F(SwxPushTest, FlagsAloneAndWhatTheyBring) {
  const PushId id = add_profile(false, hss::swx::kAccessNetworkInfoRequest | hss::swx::kLocalTimeZoneRequest);
  turn();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(value_of(sent_[0].request.one(1508, k3gpp)), 6U);
  EXPECT_TRUE(sent_[0].request.all(1500, k3gpp).empty());
  answer(0, {result::kSuccess, {}, {}, "access network SSID Lab; time zone +2:00"});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
  EXPECT_THAT(repository_.push(id)->outcome, HasSubstr("access network SSID Lab; time zone +2:00"));
  EXPECT_THAT(lines_.at(0), HasSubstr("access-network-info local-time-zone attempt 1"));
}

TEST_F(SwxPushTest, NothingIsSentForAUserWhoIsNotThereAnyMore) {
  repository_.save_non_3gpp_registration(1, {});
  const PushId id = add_profile(true, 0);
  turn();
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kObsolete);
}

TEST_F(SwxPushTest, TheAaaServerHasLostTheUser) {
  const PushId id = add_profile(true, 0);
  turn();
  answer(0, {result::kUserUnknown, {}, {}, {}});
  EXPECT_FALSE(registered());
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
}

TEST_F(SwxPushTest, SilenceIsTriedAgainLater) {
  const PushId id = repository_.add_push(push(PushKind::kRegistrationTermination));
  turn();
  answer(0, {std::nullopt, "no answer in time", {}, {}});
  EXPECT_TRUE(registered());
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
  now_ += settings_.push.retry_seconds;
  turn();
  ASSERT_EQ(sent_.size(), 2U);
  answer(1, {result::kUserUnknown, {}, {}, {}});
  EXPECT_FALSE(registered());
}

TEST_F(SwxPushTest, AnApplicationThatIsSwitchedOffIsWaitedFor) {
  settings_.applications = {"cx"};
  live_.put(settings_, {});
  const PushId waiting = repository_.add_push(push(PushKind::kRegistrationTermination));
  const PushId of_cx = add();
  turn();
  ASSERT_EQ(sent_.size(), 1U);  // the other application goes on
  EXPECT_EQ(sent_[0].request.application, 16777216U);
  EXPECT_EQ(repository_.push(of_cx)->attempts, 1U);
  EXPECT_EQ(repository_.push(waiting)->status, PushStatus::kWaiting);
  EXPECT_EQ(repository_.push(waiting)->attempts, 0U);
  EXPECT_EQ(repository_.push(waiting)->outcome, "waits: SWx is switched off (`applications` in hss.toml)");
  settings_.applications = {"swx"};
  live_.put(settings_, {});
  now_ += settings_.push.retry_seconds;
  turn();
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_[1].request.application, 16777265U);

  settings_.applications = {};
  live_.put(settings_, {});
  const PushId late = repository_.add_push(push(PushKind::kRegistrationTermination));
  now_ += settings_.push.give_up_hours * 3600;
  turn();
  EXPECT_EQ(repository_.push(late)->status, PushStatus::kGivenUp);
  EXPECT_THAT(repository_.push(late)->outcome, HasSubstr("SWx is switched off"));
}

}  // namespace
}  // namespace hss::diameter::test
