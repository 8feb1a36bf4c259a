// What a change of a subscription asks for, by what changed and by the state (TS 29.228 6.1.3, 6.2.2).
// SPDX-License-Identifier: MIT
#include <functional>

#include "hss/cx/push_profile.h"
#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Change = std::function<void(Subscription&)>;
using Lines = std::vector<std::string>;

struct Row {
  const char* clause;
  State given;
  Change change;   // null: the subscription is removed
  Lines expected;  // "RTR reason impi impu (set)", "PPR data|charging|digest impi (set)"
  std::vector<PrivateIdentityId> digest_changed{};
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Announcement : public testing::TestWithParam<Row> {};

std::string line(const Push& push) {
  const std::string set = " (" + std::to_string(push.implicit_set) + ')';
  if (push.kind == PushKind::kRegistrationTermination) {
    return "RTR " + std::string(name_of(push.reason)) + ' ' + push.private_identity + ' ' +
           push.public_identities.at(0) + set;
  }
  std::string what;
  if (push.user_data) what += " data";
  if (push.charging) what += " charging";
  if (push.sip_digest) what += " digest";
  return "PPR" + what + ' ' + push.private_identity + set;
}

TEST_P(Announcement, WritesWhatTheChangeAsksFor) {
  const Row& row = GetParam();
  World world;
  const Subscription before = *world.subscription;
  if (row.change) row.change(*world.subscription);
  const Registration registration{row.given.server, row.given.pairs, row.given.previous};

  const auto ids = announce_change(before, registration, row.change ? world.subscription.get() : nullptr,
                                   row.digest_changed, world.repository, world.context());

  Lines written;
  for (const Push& push : world.repository.pushes()) {
    written.push_back(line(push));
    EXPECT_EQ(push.server, kServer);
    EXPECT_EQ(push.subscription, row.change ? 1 : 0);
  }
  EXPECT_THAT(written, testing::UnorderedElementsAreArray(row.expected));
  EXPECT_EQ(ids.size(), row.expected.size());
}

std::string rtr(const char* reason, const char* impi, const char* impu, ImplicitSetId set) {
  return std::string("RTR ") + reason + ' ' + impi + ' ' + impu + " (" + std::to_string(set) + ')';
}
std::string ppr(const char* what, const char* impi, ImplicitSetId set) {
  return std::string("PPR ") + what + ' ' + impi + " (" + std::to_string(set) + ')';
}

PublicIdentity& identity(Subscription& subscription, const char* impu) {
  for (PublicIdentity& each : subscription.public_identities) {
    if (each.impu == impu) return each;
  }
  throw std::logic_error("no such identity in the fixture");
}
void without(Subscription& subscription, const char* impu) {
  std::erase_if(subscription.public_identities, [&](const PublicIdentity& each) { return each.impu == impu; });
}
void none(Subscription&) {}
void with_name(Subscription& s) { identity(s, kImpu).display_name = "Alice"; }
void with_charging(Subscription& s) { s.charging.primary_event = "aaa://ocs.example.org"; }
void barred_whole(Subscription& s) {
  identity(s, kImpu).barred = true;
  identity(s, kTel).barred = true;
}
void without_services(Subscription& s) { identity(s, kVoicemail).service_profile = identity(s, kImpu).service_profile; }

State voicemail(RegistrationStatus status) { return {kServer, {pair(kSet5, kId1, status)}}; }
State two_sets() { return {kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}}; }

const char* const kPermanent = "PERMANENT_TERMINATION";
const char* const kChange = "SERVER_CHANGE";

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Sections6And7, Announcement,
    testing::Values(
        Row{"6: subscription removed", registered(), nullptr,
            {rtr(kPermanent, kImpi, kImpu, 0), rtr(kPermanent, kImpi, kTel, 0)}},
        Row{"6: subscription removed, UNREGISTERED", voicemail(kUnreg), nullptr,
            {rtr(kPermanent, kImpi, kVoicemail, 0)}},
        Row{"6: subscription removed, not registered", nothing(), nullptr, {}},
        Row{"6: subscription removed, auth-pending only", pending(), nullptr, {}},
        Row{"6: IMPI removed", both_registered(), [](Subscription& s) { s.private_identities.erase(
            s.private_identities.begin() + 1); },
            {rtr(kPermanent, kImpi2, kImpu, 0), rtr(kPermanent, kImpi2, kTel, 0)}},
        Row{"6: IMPI may use the set no longer", both_registered(), [](Subscription& s) { std::erase_if(s.associations,
            [](const auto& each) { return each.private_identity == kId2; }); },
            {rtr(kPermanent, kImpi2, kImpu, 0), rtr(kPermanent, kImpi2, kTel, 0)}},
        Row{"6: IMPU removed, another stays: RTR for it, PPR for the rest", registered(),
            [](Subscription& s) { without(s, kTel); }, {rtr(kPermanent, kImpi, kTel, 0), ppr("data", kImpi, 1)}},
        Row{"6: whole set removed", two_sets(), [](Subscription& s) { without(s, kWork); },
            {rtr(kPermanent, kImpi, kWork, 0)}},
        Row{"6: IMPU moved to another set", registered(), [](Subscription& s) {
            identity(s, kTel).implicit_set = kSet2; }, {rtr(kPermanent, kImpi, kTel, 0), ppr("data", kImpi, 1)}},
        Row{"6: set barred whole", registered(), barred_whole,
            {rtr(kPermanent, kImpi, kImpu, 1), rtr(kPermanent, kImpi, kTel, 1)}},
        Row{"6: mandatory capabilities changed", two_sets(), [](Subscription& s) { s.capabilities.mandatory = {1}; },
            {rtr(kChange, kImpi, kImpu, 1), rtr(kChange, kImpi, kTel, 1), rtr(kChange, kImpi, kWork, 2)}},
        Row{"6: optional capabilities changed: nothing", registered(),
            [](Subscription& s) { s.capabilities.optional = {1}; }, {}},
        Row{"6: UNREGISTERED, services gone", voicemail(kUnreg), without_services,
            {rtr("REMOVE_S-CSCF", kImpi, kVoicemail, 5)}},
        Row{"6: a service made inactive, UNREGISTERED", {kServer, {pair(kSet6, kId1, kUnreg)}},
            [](Subscription& s) { identity(s, kService).psi_active = false; },
            {rtr("REMOVE_S-CSCF", kImpi, kService, 6)}},
        Row{"6: REGISTERED, services gone: PPR", voicemail(kReg), without_services, {ppr("data", kImpi, 5)}},
        Row{"6: challenged elsewhere: to the one that serves", challenged_elsewhere(), nullptr,
            {rtr(kPermanent, kImpi, kImpu, 0), rtr(kPermanent, kImpi, kTel, 0), rtr(kPermanent, kImpi, kWork, 0)}},
        Row{"7: default identity barred, another takes its place: RTR", registered(), [](Subscription& s) {
            identity(s, kImpu).barred = true; },
            {rtr(kChange, kImpi, kImpu, 1), rtr(kChange, kImpi, kTel, 1)}},
        Row{"7: default identity removed: RTR", registered(), [](Subscription& s) { without(s, kImpu); },
            {rtr(kPermanent, kImpi, kImpu, 0), rtr(kChange, kImpi, kTel, 1)}},
        Row{"7: default identity of an UNREGISTERED set: PPR", unregistered(), [](Subscription& s) {
            identity(s, kImpu).barred = true; }, {ppr("data", kImpi, 1)}},
        Row{"7: User-Data, REGISTERED", registered(), with_name, {ppr("data", kImpi, 1)}},
        Row{"7: User-Data, UNREGISTERED", unregistered(), with_name, {ppr("data", kImpi, 1)}},
        Row{"7: User-Data, two IMPIs: one PPR", both_registered(), with_name, {ppr("data", kImpi, 1)}},
        Row{"7: User-Data of another set", other_set_registered(), with_name, {}},
        Row{"7: User-Data, not registered", nothing(), with_name, {}},
        Row{"7: User-Data, auth-pending only", pending(), with_name, {}},
        Row{"7: charging functions", two_sets(), with_charging,
            {ppr("charging", kImpi, 1), ppr("charging", kImpi, 2)}},
        Row{"7: nothing that the S-CSCF has", registered(), none, {}},
        Row{"7: SIP Digest, REGISTERED", registered(), none, {ppr("digest", kImpi, 1)}, {kId1}},
        Row{"7: SIP Digest, two sets: one PPR", two_sets(), none, {ppr("digest", kImpi, 1)}, {kId1}},
        Row{"7: SIP Digest, auth-pending", pending(), none, {ppr("digest", kImpi, 1)}, {kId1}},
        Row{"7: SIP Digest, auth-pending lapsed", lapsed(), none, {}, {kId1}},
        Row{"7: SIP Digest of another IMPI", registered(), none, {}, {kId2}},
        Row{"7: SIP Digest of both, and User-Data", both_registered(), with_name,
            {ppr("data digest", kImpi, 1), ppr("digest", kImpi2, 1)}, {kId1, kId2}}));
// clang-format on

TEST(AnnouncementTest, WhatWaitsOnSwxCarriesNothingOfCx) {
  World world;
  const Subscription before = *world.subscription;
  with_name(*world.subscription);
  Push alike;
  alike.kind = PushKind::kPushProfile;
  alike.application = Application::kSwx;
  alike.server = kServer;
  alike.private_identity = kImpi;
  alike.private_identity_id = kId1;
  alike.subscription = 1;
  alike.implicit_set = kSet1;
  alike.user_data = true;
  const PushId of_swx = world.repository.add_push(alike);
  const auto ids = announce_change(before, {kServer, registered().pairs}, world.subscription.get(), {},
                                   world.repository, world.context());
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_THAT(ids, testing::Not(testing::Contains(of_swx)));
}

TEST(AnnouncementTest, WhatWaitsCarriesTheNextChangeToo) {
  World world;
  const Subscription before = *world.subscription;
  with_name(*world.subscription);
  const Registration registration{kServer, registered().pairs};
  const auto announce = [&] {
    return announce_change(before, registration, world.subscription.get(), {}, world.repository, world.context());
  };
  const auto first = announce();
  EXPECT_EQ(announce(), first);
  with_charging(*world.subscription);
  EXPECT_NE(announce(), first) << "the one that waits has no Charging-Information";
  EXPECT_EQ(world.repository.pushes().size(), 2U);
}

}  // namespace
}  // namespace hss::cx::test
