// Server-Assignment: every step of TS 29.228 6.1.2 and every type, on every state that it can meet.
// SPDX-License-Identifier: MIT
#include "hss/cx/server_assignment.h"

#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Type = ServerAssignmentType;
using Impus = std::vector<std::string>;

constexpr const char* kNone = nullptr;

struct Row {
  const char* clause;
  Type type;
  State given;
  const char* impi;
  Impus impus;
  const char* server;
  Result expected;
  std::optional<State> after;         // absent: nothing may be written
  const char* server_name = nullptr;  // expected Server-Name
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class ServerAssignment : public testing::TestWithParam<Row> {};

TEST_P(ServerAssignment, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.given);
  ServerAssignmentRequest request;
  request.origin = std::string(row.server) == kOtherScscf ? DiameterNode{"other.example.org", "example.org"}
                                                          : DiameterNode{"scscf.example.org", "example.org"};
  if (row.impi != nullptr) request.user_name = row.impi;
  request.public_identities = row.impus;
  request.server_name = row.server;
  request.type = row.type;

  const auto answer = server_assignment(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.server_name.value_or("-"), row.server_name == nullptr ? "-" : row.server_name);
  if (row.after) {
    world.expect_state(*row.after);
  } else {
    EXPECT_FALSE(world.wrote());
  }
  const auto number = static_cast<int>(row.type);
  EXPECT_EQ(answer.user_data.has_value(), answer.verdict.result == result::kSuccess && number <= 3);
  EXPECT_EQ(answer.user_name.has_value(), answer.verdict.result == result::kSuccess);
}

State registered_at_other() { return {kOtherServer, {pair(kSet1, kId1, kReg)}}; }
State registered_and_pending() { return {kServer, {pair(kSet1, kId1, kReg, kNow + 10)}}; }
State two_sets() { return {kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}}; }

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Steps1To3, ServerAssignment,
    testing::Values(
        Row{"1: type 1 without IMPI", Type::kRegistration, nothing(), kNone, {kImpu}, kScscf, result::kMissingAvp, {}},
        Row{"1: type 1 without IMPU", Type::kRegistration, nothing(), kImpi, {}, kScscf, result::kMissingAvp, {}},
        Row{"1: type 2 without IMPI", Type::kReRegistration, nothing(), kNone, {kImpu}, kScscf, result::kMissingAvp,
            {}},
        Row{"1: type 2 without IMPU", Type::kReRegistration, nothing(), kImpi, {}, kScscf, result::kMissingAvp, {}},
        Row{"1: type 0 without IMPU", Type::kNoAssignment, registered(), kImpi, {}, kScscf, result::kMissingAvp, {}},
        Row{"1: type 0 without IMPI", Type::kNoAssignment, registered(), kNone, {kImpu}, kScscf, result::kMissingAvp,
            {}},
        Row{"1: type 9 without IMPI", Type::kAuthenticationFailure, pending(), kNone, {kImpu}, kScscf,
            result::kMissingAvp, {}},
        Row{"1: type 10 without IMPU", Type::kAuthenticationTimeout, pending(), kImpi, {}, kScscf, result::kMissingAvp,
            {}},
        Row{"1: type 3 without IMPU", Type::kUnregisteredUser, nothing(), kImpi, {}, kScscf, result::kMissingAvp, {}},
        Row{"1: type 4 without either", Type::kTimeoutDeregistration, registered(), kNone, {}, kScscf,
            result::kMissingAvp, {}},
        Row{"1: type 7 without either", Type::kUserDeregistrationStoreServerName, registered(), kNone, {}, kScscf,
            result::kMissingAvp, {}},
        Row{"2: IMPI unknown", Type::kRegistration, nothing(), "nobody@x", {kImpu}, kScscf, result::kUserUnknown, {}},
        Row{"2: IMPU unknown", Type::kRegistration, nothing(), kImpi, {"sip:nobody@x"}, kScscf, result::kUserUnknown,
            {}},
        Row{"2: IMPU alone unknown", Type::kUnregisteredUser, nothing(), kNone, {"sip:nobody@x"}, kScscf,
            result::kUserUnknown, {}},
        Row{"2: second IMPU unknown", Type::kUserDeregistration, registered(), kImpi, {kImpu, "sip:nobody@x"}, kScscf,
            result::kUserUnknown, {}},
        Row{"2: second IMPU unknown behind one that does not match", Type::kUserDeregistration, registered(), kImpi,
            {kOtherImpu, "sip:nobody@x"}, kScscf, result::kUserUnknown, {}},
        Row{"2: another subscription's IMPU", Type::kRegistration, nothing(), kImpi, {kOtherImpu}, kScscf,
            result::kIdentitiesDontMatch, {}},
        Row{"2: not associated", Type::kRegistration, nothing(), kImpi2, {kWork}, kScscf, result::kIdentitiesDontMatch,
            {}},
        Row{"2: second IMPU not associated", Type::kUserDeregistration, both_registered(), kImpi2, {kImpu, kWork},
            kScscf, result::kIdentitiesDontMatch, {}},
        Row{"2: IMPUs of two subscriptions", Type::kUserDeregistration, registered(), kNone, {kImpu, kOtherImpu},
            kScscf, result::kIdentitiesDontMatch, {}},
        Row{"3: two IMPUs, type 1", Type::kRegistration, nothing(), kImpi, {kImpu, kTel}, kScscf,
            result::kAvpOccursTooManyTimes, {}},
        Row{"3: two IMPUs, type 2", Type::kReRegistration, registered(), kImpi, {kImpu, kTel}, kScscf,
            result::kAvpOccursTooManyTimes, {}},
        Row{"3: two IMPUs, type 3", Type::kUnregisteredUser, nothing(), kImpi, {kImpu, kTel}, kScscf,
            result::kAvpOccursTooManyTimes, {}},
        Row{"3: two IMPUs, type 0", Type::kNoAssignment, registered(), kImpi, {kImpu, kTel}, kScscf,
            result::kAvpOccursTooManyTimes, {}},
        Row{"3: two IMPUs, type 9", Type::kAuthenticationFailure, pending(), kImpi, {kImpu, kTel}, kScscf,
            result::kAvpOccursTooManyTimes, {}},
        Row{"value without a name", static_cast<Type>(15), registered(), kImpi, {kImpu}, kScscf,
            result::kInvalidAvpValue, {}},
        Row{"negative value", static_cast<Type>(-1), registered(), kImpi, {kImpu}, kScscf, result::kInvalidAvpValue,
            {}},
        Row{"5: type 12 is SWx", Type::kAaaUserDataRequest, registered(), kImpi, {kImpu}, kScscf,
            result::kInAssignmentType, {}},
        Row{"5: type 13 is SWx", Type::kPgwUpdate, registered(), kImpi, {kImpu}, kScscf, result::kInAssignmentType, {}},
        Row{"5: type 14 is SWx", Type::kRestoration, registered(), kImpi, {kImpu}, kScscf, result::kInAssignmentType,
            {}}));
// clang-format on

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Step5Registration, ServerAssignment,
    testing::Values(
        Row{"5: type 1: after a MAR", Type::kRegistration, pending(), kImpi, {kImpu}, kScscf, result::kSuccess, registered()},
        Row{"5: type 1: without a MAR", Type::kRegistration, nothing(), kImpi, {kImpu}, kScscf, result::kSuccess, registered()},
        Row{"5: type 1: by a barred member", Type::kRegistration, pending(), kImpi, {kBarred}, kScscf, result::kSuccess,
            registered()},
        Row{"5: type 1: an emergency registration of a set that is barred whole", Type::kRegistration, nothing(), kImpi,
            {kAllBarred}, kScscf, result::kSuccess, State{kServer, {pair(kSet3, kId1, kReg)}}},
        Row{"5: type 2: from UNREGISTERED", Type::kReRegistration, unregistered(), kImpi, {kImpu}, kScscf,
            result::kSuccess, registered()},
        Row{"5: type 1: flag lapsed, another S-CSCF", Type::kRegistration, lapsed(), kImpi, {kImpu}, kOtherScscf,
            result::kSuccess, registered_at_other()},
        Row{"5: type 1: repeated", Type::kRegistration, registered(), kImpi, {kImpu}, kScscf, result::kSuccess, registered()},
        Row{"5: type 1: second IMPI of a shared set", Type::kRegistration, registered(), kImpi2, {kImpu}, kScscf,
            result::kSuccess, both_registered()},
        Row{"5: type 1: second set", Type::kRegistration, other_set_registered(), kImpi, {kImpu}, kScscf, result::kSuccess,
            two_sets()},
        Row{"5: type 1: from UNREGISTERED", Type::kRegistration, unregistered(), kImpi, {kImpu}, kScscf, result::kSuccess,
            registered()},
        Row{"5: type 1: from UNREGISTERED known by another IMPI", Type::kRegistration, unregistered(), kImpi2, {kImpu}, kScscf,
            result::kSuccess, State{kServer, {pair(kSet1, kId2, kReg)}}},
        Row{"5: type 1: another S-CSCF stored", Type::kRegistration, registered(), kImpi, {kImpu}, kOtherScscf,
            result::kIdentityAlreadyRegistered, {}, kScscf},
        Row{"5: type 1: another S-CSCF pending", Type::kRegistration, pending(), kImpi, {kImpu}, kOtherScscf,
            result::kIdentityAlreadyRegistered, {}, kScscf},
        Row{"5: type 2: REGISTERED", Type::kReRegistration, registered(), kImpi, {kImpu}, kScscf, result::kSuccess,
            registered()},
        Row{"5: type 2: clears a flag", Type::kReRegistration, registered_and_pending(), kImpi, {kImpu}, kScscf,
            result::kSuccess, registered()},
        Row{"5: type 2: not registered", Type::kReRegistration, nothing(), kImpi, {kImpu}, kScscf, result::kSuccess,
            registered()},
        Row{"5: type 2: another S-CSCF stored", Type::kReRegistration, registered(), kImpi, {kImpu}, kOtherScscf,
            result::kIdentityAlreadyRegistered, {}, kScscf},
        Row{"5: type 3: nothing stored", Type::kUnregisteredUser, nothing(), kNone, {kImpu}, kScscf, result::kSuccess,
            unregistered()},
        Row{"5: type 3: with an IMPI", Type::kUnregisteredUser, nothing(), kImpi2, {kImpu}, kScscf, result::kSuccess,
            State{kServer, {pair(kSet1, kId2, kUnreg)}}},
        Row{"5: type 3: clears the flag", Type::kUnregisteredUser, pending(), kNone, {kImpu}, kScscf, result::kSuccess,
            unregistered()},
        Row{"5: type 3: repeated", Type::kUnregisteredUser, unregistered(), kNone, {kImpu}, kScscf, result::kSuccess,
            unregistered()},
        Row{"5: type 3: another set registered", Type::kUnregisteredUser, other_set_registered(), kNone, {kImpu}, kScscf,
            result::kSuccess, State{kServer, {pair(kSet2, kId1, kReg), pair(kSet1, kId1, kUnreg)}}},
        Row{"5: type 3: REGISTERED", Type::kUnregisteredUser, registered(), kNone, {kImpu}, kScscf, result::kInAssignmentType,
            {}},
        Row{"5: type 3: another S-CSCF stored", Type::kUnregisteredUser, other_set_registered(), kNone, {kImpu}, kOtherScscf,
            result::kIdentityAlreadyRegistered, {}, kScscf},
        Row{"5: type 0: the stored S-CSCF", Type::kNoAssignment, registered(), kImpi, {kImpu}, kScscf, result::kSuccess, {}},
        Row{"5: type 0: another S-CSCF", Type::kNoAssignment, registered(), kImpi, {kImpu}, kOtherScscf,
            result::kUnableToComply, {}},
        Row{"5: type 0: none stored", Type::kNoAssignment, nothing(), kImpi, {kImpu}, kScscf, result::kUnableToComply, {}},
        Row{"5: type 9: pending", Type::kAuthenticationFailure, pending(), kImpi, {kImpu}, kScscf, result::kSuccess, nothing()},
        Row{"5: type 10: pending", Type::kAuthenticationTimeout, pending(), kImpi, {kImpu}, kScscf, result::kSuccess,
            nothing()},
        Row{"5: type 9: REGISTERED stays", Type::kAuthenticationFailure, registered_and_pending(), kImpi, {kImpu}, kScscf,
            result::kSuccess, registered()},
        Row{"5: type 10: UNREGISTERED stays", Type::kAuthenticationTimeout, unregistered(), kImpi, {kImpu}, kScscf,
            result::kSuccess, unregistered()},
        Row{"5: type 9: another IMPU holds the name", Type::kAuthenticationFailure, State{kServer, {pair(kSet1, kId1, kNot,
            kNow + 10), pair(kSet2, kId1, kReg)}}, kImpi, {kImpu}, kScscf, result::kSuccess, other_set_registered()},
        Row{"5: type 9: another S-CSCF", Type::kAuthenticationFailure, pending(), kImpi, {kImpu}, kOtherScscf,
            result::kUnableToComply, {}}));
// clang-format on

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Step5Deregistration, ServerAssignment,
    testing::Values(
        Row{"5: type 4", Type::kTimeoutDeregistration, registered(), kImpi, {kImpu}, kScscf, result::kSuccess, nothing()},
        Row{"5: type 5", Type::kUserDeregistration, registered(), kImpi, {kImpu}, kScscf, result::kSuccess, nothing()},
        Row{"5: type 8", Type::kAdministrativeDeregistration, registered(), kImpi, {kImpu}, kScscf, result::kSuccess,
            nothing()},
        Row{"5: type 11", Type::kDeregistrationTooMuchData, registered(), kImpi, {kImpu}, kScscf, result::kSuccess, nothing()},
        Row{"5: type 5: by another member of the set", Type::kUserDeregistration, registered(), kImpi, {kTel}, kScscf,
            result::kSuccess, nothing()},
        Row{"5: type 5: IMPU only", Type::kUserDeregistration, registered(), kNone, {kImpu}, kScscf, result::kSuccess,
            nothing()},
        Row{"5: type 5: IMPU only, two IMPIs", Type::kUserDeregistration, both_registered(), kNone, {kImpu}, kScscf,
            result::kSuccess, nothing()},
        Row{"5: type 5: IMPI only, two sets", Type::kUserDeregistration, two_sets(), kImpi, {}, kScscf, result::kSuccess,
            nothing()},
        Row{"5: type 5: several IMPUs", Type::kUserDeregistration, two_sets(), kImpi, {kImpu, kTel, kWork}, kScscf,
            result::kSuccess, nothing()},
        Row{"5: type 5: one of two sets keeps the name", Type::kUserDeregistration, two_sets(), kImpi, {kImpu}, kScscf,
            result::kSuccess, other_set_registered()},
        Row{"5: type 5: another IMPI stays registered", Type::kUserDeregistration, both_registered(), kImpi2, {kImpu}, kScscf,
            result::kSuccess, registered()},
        Row{"5: type 4: UNREGISTERED", Type::kTimeoutDeregistration, unregistered(), kImpi, {kImpu}, kScscf, result::kSuccess,
            nothing()},
        Row{"5: type 4: UNREGISTERED known by another IMPI", Type::kTimeoutDeregistration, unregistered(), kImpi2, {kImpu},
            kScscf, result::kSuccess, nothing()},
        Row{"5: type 5: repeated", Type::kUserDeregistration, nothing(), kImpi, {kImpu}, kScscf, result::kSuccess, {}},
        Row{"5: type 5: stale S-CSCF", Type::kUserDeregistration, registered(), kImpi, {kImpu}, kOtherScscf,
            result::kUnableToComply, {}},
        Row{"5: type 4: stale S-CSCF, IMPI only", Type::kTimeoutDeregistration, registered(), kImpi, {}, kOtherScscf,
            result::kUnableToComply, {}},
        Row{"5: type 6: name kept", Type::kTimeoutDeregistrationStoreServerName, registered(), kImpi, {kImpu}, kScscf,
            result::kSuccess, unregistered()},
        Row{"5: type 7: name kept", Type::kUserDeregistrationStoreServerName, registered(), kImpi, {kImpu}, kScscf,
            result::kSuccess, unregistered()},
        Row{"5: type 7: IMPU only, two IMPIs", Type::kUserDeregistrationStoreServerName, both_registered(), kNone, {kImpu},
            kScscf, result::kSuccess, State{kServer, {pair(kSet1, kId2, kUnreg)}}},
        Row{"5: type 7: another IMPI stays registered", Type::kUserDeregistrationStoreServerName, both_registered(), kImpi2,
            {kImpu}, kScscf, result::kSuccess, registered()},
        Row{"5: type 7: UNREGISTERED already", Type::kUserDeregistrationStoreServerName, unregistered(), kImpi, {kImpu}, kScscf,
            result::kSuccess, unregistered()},
        Row{"5: type 7: nothing registered", Type::kUserDeregistrationStoreServerName, nothing(), kImpi, {kImpu}, kScscf,
            result::kSuccessServerNameNotStored, {}},
        Row{"5: type 6: stale S-CSCF", Type::kTimeoutDeregistrationStoreServerName, registered(), kImpi, {kImpu}, kOtherScscf,
            result::kUnableToComply, {}}));
// clang-format on

ServerAssignmentRequest registration() {
  return {{"scscf.example.org", "example.org"}, kImpi, {kImpu}, kScscf, Type::kRegistration, false};
}

TEST(ServerAssignmentTest, NamesTheMissingIdentity) {
  World world;
  auto request = registration();
  request.user_name.reset();
  EXPECT_EQ(server_assignment(request, world.repository, world.context()).verdict.failed, RequestField::kUserName);
  request = registration();
  request.public_identities.clear();
  EXPECT_EQ(server_assignment(request, world.repository, world.context()).verdict.failed,
            RequestField::kPublicIdentity);
}

TEST(ServerAssignmentTest, ProfileIsLeftOutWhenAlreadyAvailable) {
  World world;
  auto request = registration();
  request.user_data_already_available = true;
  const auto answer = server_assignment(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kSuccess);
  EXPECT_FALSE(answer.user_data);
}

TEST(ServerAssignmentTest, ProfileHasTheWholeSetAndThePrivateIdentityAsked) {
  World world;
  const auto answer = server_assignment(registration(), world.repository, world.context());
  ASSERT_TRUE(answer.user_data);
  for (const char* expected : {kImpi, kBarred, kImpu, kTel}) {
    EXPECT_NE(answer.user_data->find(">" + std::string(expected) + "<"), std::string::npos) << expected;
  }
  EXPECT_EQ(answer.user_data->find(kWork), std::string::npos) << "another set";
}

TEST(ServerAssignmentTest, UnregisteredServiceNamesAPrivateIdentity) {
  World world;
  auto request = registration();
  request.type = Type::kUnregisteredUser;
  request.user_name.reset();
  const auto answer = server_assignment(request, world.repository, world.context());
  EXPECT_EQ(answer.user_name, kImpi);
  ASSERT_TRUE(answer.user_data);
  EXPECT_NE(answer.user_data->find("<PrivateID>" + std::string(kImpi) + "</PrivateID>"), std::string::npos);
}

TEST(ServerAssignmentTest, AssociatedIdentitiesAreAllPrivateIdentitiesWhenThereAreSeveral) {
  World world;
  EXPECT_EQ(server_assignment(registration(), world.repository, world.context()).associated_identities,
            (std::vector<std::string>{kImpi, kImpi2, kImpiWithoutKeys}));
  World alone;
  alone.subscription->private_identities.resize(1);
  EXPECT_TRUE(server_assignment(registration(), alone.repository, alone.context()).associated_identities.empty());
}

TEST(ServerAssignmentTest, LooseRouteIsSentWhenProvisioned) {
  World world;
  EXPECT_FALSE(server_assignment(registration(), world.repository, world.context()).loose_route_required);
  world.subscription->loose_route_required = true;
  EXPECT_EQ(server_assignment(registration(), world.repository, world.context()).loose_route_required, true);
}

TEST(ServerAssignmentTest, KeepsTheDiameterHostOfTheLatestRequest) {
  World world;
  world.given(registered());
  auto request = registration();
  request.origin = {"scscf-2.example.org", "two.example.org"};
  server_assignment(request, world.repository, world.context());
  EXPECT_EQ(world.after().server, (AssignedServer{kScscf, "scscf-2.example.org", "two.example.org"}));
}

}  // namespace
}  // namespace hss::cx::test
