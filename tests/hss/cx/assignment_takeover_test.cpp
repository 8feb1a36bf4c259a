// Server-Assignment when S-CSCFs change: restoration information, reassignment, and what the old one is told
// (TS 29.228 6.1.2, 6.1.3, 8.3).
// SPDX-License-Identifier: MIT
#include "hss/cx/registration_state.h"
#include "hss/cx/server_assignment.h"
#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Type = ServerAssignmentType;
using Infos = std::vector<RestorationInfo>;

const Bytes kInfo1{1, 1, 1};
const Bytes kInfo2{2, 2};
const Bytes kNewInfo{9};
const DiameterNode kNode{"scscf.example.org", "example.org"};
const DiameterNode kOtherNode{"other.example.org", "example.org"};

ServerAssignmentRequest request_of(Type type, const char* server = kScscf, bool restoration = true) {
  ServerAssignmentRequest request;
  request.origin = std::string(server) == kOtherScscf ? kOtherNode : kNode;
  request.user_name = kImpi;
  request.public_identities = {kImpu};
  request.server_name = server;
  request.type = type;
  request.features.restoration = restoration;
  return request;
}

struct Row {
  const char* clause;
  State given;
  Infos infos;  // stored of set 1
  ServerAssignmentRequest request;
  Result expected;
  std::optional<State> after;   // absent: the state is as it was
  Infos infos_after;            // stored of set 1
  std::vector<Bytes> returned;  // SCSCF-Restoration-Info of the answer
  bool user_data = true;        // expected in the answer
  const char* server_name = nullptr;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Restoration : public testing::TestWithParam<Row> {};

TEST_P(Restoration, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  for (const RestorationInfo& info : row.infos) {
    world.repository.save_restoration(kSet1, info.private_identity, info.content);
  }
  world.given(row.given);

  const auto answer = server_assignment(row.request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.server_name.value_or("-"), row.server_name == nullptr ? "-" : row.server_name);
  world.expect_state(row.after.value_or(row.given));
  EXPECT_THAT(world.repository.restoration(kSet1), testing::UnorderedElementsAreArray(row.infos_after));
  EXPECT_EQ(answer.restoration_info, row.returned);
  EXPECT_EQ(answer.user_data.has_value(), row.user_data);
}

ServerAssignmentRequest with_info(ServerAssignmentRequest request) {
  request.restoration_info = kNewInfo;
  return request;
}
ServerAssignmentRequest multiple(ServerAssignmentRequest request) {
  request.multiple_registration = true;
  return request;
}
ServerAssignmentRequest by(const char* impi, ServerAssignmentRequest request) {
  request.user_name = impi;
  return request;
}
ServerAssignmentRequest for_impu_only(ServerAssignmentRequest request) {
  request.user_name.reset();
  return request;
}

State at_other(std::vector<PairState> pairs) { return {kOtherServer, std::move(pairs)}; }
State reassigned() { return at_other({pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}); }
State unregistered_to_be_reassigned() { return {kServer, {pair(kSet1, kId1, kUnreg)}, {}, true}; }
const Infos kNoInfos;
const Infos kOfId1{{kId1, kInfo1}};
const Infos kOfBoth{{kId1, kInfo1}, {kId2, kInfo2}};

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Step5, Restoration,
    testing::Values(
        Row{"5: type 1: stored", nothing(), kNoInfos, with_info(request_of(Type::kRegistration)), result::kSuccess,
            registered(), {{kId1, kNewInfo}}, {}},
        Row{"5: type 2: replaced", registered(), kOfId1, with_info(request_of(Type::kReRegistration)),
            result::kSuccess, {}, {{kId1, kNewInfo}}, {}},
        Row{"5: type 2: none sent, the stored one stays", registered(), kOfId1, request_of(Type::kReRegistration),
            result::kSuccess, {}, kOfId1, {}},
        Row{"5: type 1: not agreed on, not stored", nothing(), kNoInfos,
            with_info(request_of(Type::kRegistration, kScscf, false)), result::kSuccess, registered(), kNoInfos, {}},
        Row{"5: type 2: of the other IMPIs returned", both_registered(), kOfBoth,
            with_info(request_of(Type::kReRegistration)), result::kSuccess, {}, {{kId1, kNewInfo}, {kId2, kInfo2}},
            {kInfo2}},
        Row{"5: type 2: not agreed on, not returned", both_registered(), kOfBoth,
            request_of(Type::kReRegistration, kScscf, false), result::kSuccess, {}, kOfBoth, {}},
        Row{"5: type 1, multiple registration, pair not registered: stored returned", registered(), kOfId1,
            by(kImpi2, multiple(with_info(request_of(Type::kRegistration)))), result::kInAssignmentType, {}, kOfId1,
            {kInfo1}},
        Row{"5: type 2, multiple registration, pair not registered: stored returned", registered(), kOfId1,
            by(kImpi2, multiple(with_info(request_of(Type::kReRegistration)))), result::kInAssignmentType, {}, kOfId1,
            {kInfo1}},
        Row{"5: type 1, multiple registration, pair registered: stored returned", registered(), kOfId1,
            multiple(with_info(request_of(Type::kRegistration))), result::kInAssignmentType, {}, kOfId1, {kInfo1}},
        Row{"5: type 2, multiple registration, pair registered: replaced", registered(), kOfId1,
            multiple(with_info(request_of(Type::kReRegistration))), result::kSuccess, {}, {{kId1, kNewInfo}}, {}},
        Row{"5: type 1, multiple registration, nothing stored: as ever", nothing(), kNoInfos,
            multiple(with_info(request_of(Type::kRegistration))), result::kSuccess, registered(), {{kId1, kNewInfo}},
            {}},
        Row{"5: type 1, reassignment pending: another S-CSCF takes over", to_be_reassigned(), kOfId1,
            with_info(request_of(Type::kRegistration, kOtherScscf)), result::kSuccess, reassigned(),
            {{kId1, kNewInfo}}, {}},
        Row{"5: type 1, reassignment pending, no restoration: refused", to_be_reassigned(), kOfId1,
            request_of(Type::kRegistration, kOtherScscf, false), result::kIdentityAlreadyRegistered, {}, kOfId1, {},
            false, kScscf},
        Row{"5: type 1, restoration, nothing pending: refused", registered(), kOfId1,
            request_of(Type::kRegistration, kOtherScscf), result::kIdentityAlreadyRegistered, {}, kOfId1, {}, false,
            kScscf},
        Row{"5: type 2, reassignment pending, the same S-CSCF: over", to_be_reassigned(), kOfId1,
            request_of(Type::kReRegistration), result::kSuccess,
            State{kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}}, kOfId1, {}},
        Row{"5: type 3, REGISTERED, restoration: data and information returned", registered(), kOfId1,
            for_impu_only(request_of(Type::kUnregisteredUser)), result::kInAssignmentType, {}, kOfId1, {kInfo1}},
        Row{"5: type 3, REGISTERED, no restoration: nothing returned", registered(), kOfId1,
            for_impu_only(request_of(Type::kUnregisteredUser, kScscf, false)), result::kInAssignmentType, {}, kOfId1,
            {}, false},
        Row{"5: type 3, REGISTERED, reassignment pending: name overwritten", to_be_reassigned(), kOfId1,
            for_impu_only(request_of(Type::kUnregisteredUser, kOtherScscf)), result::kInAssignmentType, reassigned(),
            kOfId1, {kInfo1}},
        Row{"5: type 3, UNREGISTERED, reassignment pending: taken over", unregistered_to_be_reassigned(), kNoInfos,
            for_impu_only(request_of(Type::kUnregisteredUser, kOtherScscf)), result::kSuccess,
            at_other({pair(kSet1, kId1, kUnreg)}), kNoInfos, {}},
        Row{"5: type 3, reassignment pending, no restoration: refused", unregistered_to_be_reassigned(), kNoInfos,
            for_impu_only(request_of(Type::kUnregisteredUser, kOtherScscf, false)), result::kIdentityAlreadyRegistered,
            {}, kNoInfos, {}, false, kScscf},
        Row{"5: type 0: all returned", both_registered(), kOfBoth, request_of(Type::kNoAssignment), result::kSuccess,
            {}, kOfBoth, {kInfo1, kInfo2}},
        Row{"5: type 0, no restoration: none returned", both_registered(), kOfBoth,
            request_of(Type::kNoAssignment, kScscf, false), result::kSuccess, {}, kOfBoth, {}},
        Row{"5: type 5: deleted", registered(), kOfId1, request_of(Type::kUserDeregistration), result::kSuccess,
            nothing(), kNoInfos, {}, false},
        Row{"5: type 5, another IMPI stays: its own stays", both_registered(), kOfBoth,
            request_of(Type::kUserDeregistration), result::kSuccess, State{kServer, {pair(kSet1, kId2, kReg)}},
            {{kId2, kInfo2}}, {}, false},
        Row{"5: type 7: deleted", registered(), kOfId1, request_of(Type::kUserDeregistrationStoreServerName),
            result::kSuccess, unregistered(), kNoInfos, {}, false},
        Row{"5: type 5, stale S-CSCF: nothing deleted", registered(), kOfId1,
            request_of(Type::kUserDeregistration, kOtherScscf), result::kUnableToComply, {}, kOfId1, {}, false}));

INSTANTIATE_TEST_SUITE_P(
    Step5Moved, Restoration,
    testing::Values(
        Row{"5: type 1 after a MAR of another S-CSCF: taken over, the rest ended", challenged_elsewhere(), kOfId1,
            request_of(Type::kRegistration, kOtherScscf, false), result::kSuccess, at_other({pair(kSet1, kId1, kReg)}),
            kOfId1, {}},
        Row{"5: the same with restoration: the rest stays", challenged_elsewhere(), kOfId1,
            request_of(Type::kRegistration, kOtherScscf), result::kSuccess, reassigned(), kOfId1, {}},
        Row{"5: type 9 of the other S-CSCF: the name is given back", challenged_elsewhere(), kOfId1,
            request_of(Type::kAuthenticationFailure, kOtherScscf, false), result::kSuccess,
            State{kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}}, kOfId1, {}, false},
        Row{"5: type 10 of the other S-CSCF: the name is given back", challenged_elsewhere(), kOfId1,
            request_of(Type::kAuthenticationTimeout, kOtherScscf, false), result::kSuccess,
            State{kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}}, kOfId1, {}, false},
        Row{"5: type 9 of the S-CSCF that serves still: not its challenge", challenged_elsewhere(), kOfId1,
            request_of(Type::kAuthenticationFailure, kScscf, false), result::kUnableToComply, {}, kOfId1, {}, false},
        Row{"5: type 0 of the S-CSCF that serves still", challenged_elsewhere(), kOfId1,
            request_of(Type::kNoAssignment, kScscf, false), result::kSuccess, {}, kOfId1, {}},
        Row{"5: type 4 of the S-CSCF that serves still", challenged_elsewhere(), kOfId1,
            request_of(Type::kTimeoutDeregistration, kScscf, false), result::kSuccess,
            State{kOtherServer, {pair(kSet1, kId1, kNot, kNow + 10), pair(kSet2, kId1, kReg)}, kServer}, kNoInfos, {},
            false},
        Row{"5: type 2 of the S-CSCF that serves still: the name is the other's", challenged_elsewhere(), kOfId1,
            request_of(Type::kReRegistration, kScscf, false), result::kIdentityAlreadyRegistered, {}, kOfId1, {},
            false, kOtherScscf},
        Row{"5: type 4 of an S-CSCF whose user has moved: nothing is wiped", reassigned(), kOfId1,
            request_of(Type::kTimeoutDeregistration, kScscf, false), result::kUnableToComply, {}, kOfId1, {}, false},
        Row{"5: type 8 of an S-CSCF whose user has moved", reassigned(), kOfId1,
            request_of(Type::kAdministrativeDeregistration, kScscf, false), result::kUnableToComply, {}, kOfId1, {},
            false},
        Row{"5: type 11 of an S-CSCF whose user has moved", reassigned(), kOfId1,
            request_of(Type::kDeregistrationTooMuchData, kScscf, false), result::kUnableToComply, {}, kOfId1, {},
            false},
        Row{"5: type 7 of an S-CSCF whose user has moved", reassigned(), kOfId1,
            request_of(Type::kUserDeregistrationStoreServerName, kScscf, false), result::kUnableToComply, {}, kOfId1,
            {}, false}));
// clang-format on

TEST(RestorationTest, TheRegisteredPrivateIdentitiesAreNamedWhenItIsAgreedOn) {
  World world;
  world.given(registered());
  auto request = by(kImpi2, request_of(Type::kRegistration));
  EXPECT_THAT(server_assignment(request, world.repository, world.context()).associated_registered_identities,
              testing::UnorderedElementsAre(kImpi, kImpi2));
  request.features.restoration = false;
  EXPECT_TRUE(server_assignment(request, world.repository, world.context()).associated_registered_identities.empty());
}

TEST(RestorationTest, InformationThatIsTooLongIsRefusedAndRegistersNobody) {
  World world;
  world.given(pending());
  auto request = request_of(Type::kRegistration);
  request.restoration_info = Bytes(kLongestRestoration + 1, 0);
  const auto answer = server_assignment(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kInvalidAvpValue);
  EXPECT_EQ(answer.verdict.failed, RequestField::kScscfRestorationInfo);
  EXPECT_FALSE(world.wrote());
  request.restoration_info = Bytes(kLongestRestoration, 0);
  EXPECT_EQ(server_assignment(request, world.repository, world.context()).verdict.result, result::kSuccess);
}

// ---- What the old S-CSCF is told ------------------------------------------------------------------------------------

/// "REASON impi impu -> host (set)", in the order of the outbox.
std::vector<std::string> outbox(World& world) {
  std::vector<std::string> lines;
  for (const Push& push : world.repository.pushes()) {
    lines.push_back(std::string(name_of(push.reason)) + ' ' + push.private_identity + ' ' +
                    testing::PrintToString(push.public_identities) + " -> " + push.server.diameter_host + " (" +
                    std::to_string(push.implicit_set) + ')');
  }
  return lines;
}

std::string line(const char* reason, const char* impi, const char* impu) {
  return std::string(reason) + ' ' + impi + " { \"" + impu + "\" } -> scscf.example.org (0)";
}

TEST(Replaced, TheOldSCscfDropsTheMovedAndSendsTheOthersToRegisterAnew) {
  World world;
  world.given(challenged_elsewhere());
  server_assignment(request_of(Type::kRegistration, kOtherScscf, false), world.repository, world.context());
  EXPECT_THAT(outbox(world), testing::UnorderedElementsAre(line("NEW_SERVER_ASSIGNED", kImpi, kImpu),
                                                           line("NEW_SERVER_ASSIGNED", kImpi, kTel),
                                                           line("SERVER_CHANGE", kImpi, kWork)));
}

TEST(Replaced, WithRestorationTheOthersComeByThemselves) {
  World world;
  world.given(challenged_elsewhere());
  server_assignment(request_of(Type::kRegistration, kOtherScscf), world.repository, world.context());
  EXPECT_THAT(outbox(world), testing::UnorderedElementsAre(line("NEW_SERVER_ASSIGNED", kImpi, kImpu),
                                                           line("NEW_SERVER_ASSIGNED", kImpi, kTel)));
}

TEST(Replaced, AReassignmentTellsTheOldSCscfToo) {
  World world;
  world.given(to_be_reassigned());
  server_assignment(request_of(Type::kRegistration, kOtherScscf), world.repository, world.context());
  EXPECT_THAT(outbox(world), testing::UnorderedElementsAre(line("NEW_SERVER_ASSIGNED", kImpi, kImpu),
                                                           line("NEW_SERVER_ASSIGNED", kImpi, kTel)));
}

TEST(Replaced, AnotherPrivateIdentityOfTheSetRegistersAnew) {
  World world;
  world.given({kOtherServer, {pair(kSet1, kId1, kReg, kNow + 10), pair(kSet1, kId2, kReg)}, kServer});
  server_assignment(request_of(Type::kRegistration, kOtherScscf, false), world.repository, world.context());
  EXPECT_THAT(outbox(world), testing::UnorderedElementsAre(
                                 line("NEW_SERVER_ASSIGNED", kImpi, kImpu), line("NEW_SERVER_ASSIGNED", kImpi, kTel),
                                 line("SERVER_CHANGE", kImpi2, kImpu), line("SERVER_CHANGE", kImpi2, kTel)));
  world.expect_state({kOtherServer, {pair(kSet1, kId1, kReg)}});
}

TEST(Replaced, NobodyIsToldWhenTheDiameterHostIsTheSame) {
  World world;
  world.given(challenged_elsewhere());
  auto request = request_of(Type::kRegistration, kOtherScscf, false);
  request.origin.host = "SCSCF.example.org";
  EXPECT_EQ(server_assignment(request, world.repository, world.context()).verdict.result, result::kSuccess);
  EXPECT_THAT(outbox(world), testing::IsEmpty());
  world.expect_state({AssignedServer{kOtherScscf, "SCSCF.example.org", "example.org"},
                      {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}});
}

TEST(Replaced, NobodyIsToldAfterAFirstRegistration) {
  World world;
  world.given(pending());
  server_assignment(request_of(Type::kRegistration), world.repository, world.context());
  EXPECT_THAT(outbox(world), testing::IsEmpty());
}

TEST(Replaced, IsToldToTheOneWhoWatches) {
  World world;
  world.given(challenged_elsewhere());
  Steps steps;
  const Context context{world.settings, kNow, world.random, &steps};
  server_assignment(request_of(Type::kRegistration, kOtherScscf), world.repository, context);
  EXPECT_THAT(steps.lines, testing::ElementsAre(
                               "step 1: the identities that the type needs are there",
                               "step 2: known, private identity " + std::string(kImpi), "step 3: 1 public identity",
                               "step 4: no service", "step 5: type 1, REGISTERED, S-CSCF " + std::string(kOtherScscf),
                               "TS 29.228 6.1.3: the user is taken over from " + std::string(kScscf),
                               testing::StartsWith("TS 29.228 6.1.3: to be sent: RTR NEW_SERVER_ASSIGNED for "),
                               testing::StartsWith("TS 29.228 6.1.3: to be sent: RTR NEW_SERVER_ASSIGNED for ")));
}

// ---- The state itself -----------------------------------------------------------------------------------------------

class RegistrationStateTest : public testing::Test {
 protected:
  RegistrationState state(UnixTime now = kNow) { return {*world_.subscription, world_.repository, now}; }
  World world_;
};

TEST_F(RegistrationStateTest, AChallengeElsewhereKeepsThePreviousName) {
  world_.given({kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}});
  auto changed = state();
  changed.assign(kOtherScscf, kOtherNode);
  changed.set_auth_pending(kSet1, kId1, kNow + 10);
  changed.save();
  world_.expect_state(challenged_elsewhere());
  EXPECT_EQ(changed.holder(), kServer);
  EXPECT_TRUE(changed.holds_registrations(kScscf));
  EXPECT_FALSE(changed.holds_registrations(kOtherScscf));
}

TEST_F(RegistrationStateTest, AnAbandonedChallengeElsewhereMovesNobody) {
  world_.given(challenged_elsewhere());
  EXPECT_EQ(state(kNow + 9).server(), kOtherServer);
  EXPECT_EQ(state(kNow + 10).server(), kServer) << "the flag has lapsed";
}

TEST_F(RegistrationStateTest, AFlagThatLapsesLittleEarlierStays) {
  world_.given({kServer, {pair(kSet1, kId1, kNot, kNow + 90)}});
  const auto flag_after = [this](UnixTime until, UnixTime slack) {
    auto changed = state();
    changed.set_auth_pending(kSet1, kId1, until, slack);
    return changed.pairs().at(0).auth_pending_until;
  };
  EXPECT_EQ(flag_after(kNow + 100, 10), kNow + 90);
  EXPECT_EQ(flag_after(kNow + 100, 9), kNow + 100);
  EXPECT_EQ(flag_after(kNow + 100, 0), kNow + 100);
  EXPECT_EQ(flag_after(kNow + 80, 10), kNow + 80) << "the setting has become shorter";
}

TEST_F(RegistrationStateTest, ANameThatCameWithoutAChallengeWaitsForItsSar) {
  world_.given({kOtherServer, {pair(kSet1, kId1, kReg)}, kServer});
  EXPECT_EQ(state().server(), kOtherServer);
  auto changed = state();
  changed.clear_auth_pending(kSet1, kId1);
  EXPECT_EQ(changed.server(), kServer) << "SAR 9 or 10";
}

TEST_F(RegistrationStateTest, AChallengeThatComesBackEndsTheMove) {
  world_.given(challenged_elsewhere());
  auto changed = state();
  changed.assign(kScscf, kNode);
  changed.save();
  world_.expect_state({kServer, {pair(kSet1, kId1, kReg, kNow + 10), pair(kSet2, kId1, kReg)}});
}

TEST_F(RegistrationStateTest, WithoutRegistrationsThereIsNoPreviousName) {
  world_.given(pending());
  auto changed = state();
  changed.assign(kOtherScscf, kOtherNode);
  changed.save();
  world_.expect_state({kOtherServer, {pair(kSet1, kId1, kNot, kNow + 10)}});
}

TEST_F(RegistrationStateTest, TheLastDeregistrationForgetsThePreviousName) {
  world_.given({kOtherServer, {pair(kSet1, kId1, kReg, kNow + 10)}, kServer});
  auto changed = state();
  changed.deregister(kSet1, kId1);
  changed.save();
  world_.expect_state({kOtherServer, {pair(kSet1, kId1, kNot, kNow + 10)}});
}

TEST_F(RegistrationStateTest, AReassignmentNeedsAStoredName) {
  auto changed = state();
  changed.request_reassignment();
  EXPECT_FALSE(changed.reassignment_pending());
  changed.save();
  world_.expect_state(nothing());
}

TEST_F(RegistrationStateTest, AReassignmentIsOverWithTheName) {
  world_.given({kServer, {pair(kSet1, kId1, kReg)}, {}, true});
  auto changed = state();
  changed.deregister(kSet1, kId1);
  changed.save();
  world_.expect_state(nothing());
}

TEST_F(RegistrationStateTest, ARegisteredUserWithoutAnSCscfIsAFault) {
  world_.given({{}, {pair(kSet1, kId1, kReg)}});
  EXPECT_THROW((void)state().serving(), StoreFault);
}

}  // namespace
}  // namespace hss::cx::test
