// Server-Assignment for services and wildcards (TS 29.228 6.1.2 step 4), and what the answer carries.
// SPDX-License-Identifier: MIT
#include "hss/cx/server_assignment.h"
#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Type = ServerAssignmentType;

struct Row {
  const char* clause;
  Type type;
  State given;
  const char* impi;  // null: not given
  const char* impu;
  Result expected;
  std::optional<State> after{};    // absent: nothing may be written
  const char* wildcard = nullptr;  // expected Wildcarded-Public-Identity
  const char* given_wildcard = nullptr;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class ServiceAssignment : public testing::TestWithParam<Row> {};

TEST_P(ServiceAssignment, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.given);
  ServerAssignmentRequest request;
  request.origin = {"scscf.example.org", "example.org"};
  if (row.impi != nullptr) request.user_name = row.impi;
  request.public_identities = {row.impu};
  request.server_name = kScscf;
  request.type = row.type;
  if (row.given_wildcard != nullptr) request.wildcarded_public_identity = row.given_wildcard;

  const auto answer = server_assignment(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.wildcarded_public_identity.value_or("-"), row.wildcard == nullptr ? "-" : row.wildcard);
  EXPECT_EQ(answer.user_data.has_value(), row.expected == result::kSuccess && static_cast<int>(row.type) <= 3);
  if (row.after) {
    world.expect_state(*row.after);
  } else {
    EXPECT_FALSE(world.wrote());
  }
}

constexpr const char* kNone = nullptr;
State service(ImplicitSetId set) { return {kServer, {pair(set, kId1, kUnreg)}}; }
State set_registered(ImplicitSetId set) { return {kServer, {pair(set, kId1, kReg)}}; }

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Step4, ServiceAssignment,
    testing::Values(
        Row{"4: not active, type 3", Type::kUnregisteredUser, nothing(), kNone, kInactiveService,
            result::kUserUnknown},
        Row{"4: not active, type 1", Type::kRegistration, nothing(), kImpi, kInactiveService, result::kUserUnknown},
        Row{"4: not active, type 8", Type::kAdministrativeDeregistration, service(kSet8), kNone, kInactiveService,
            result::kUserUnknown},
        Row{"4: type 1", Type::kRegistration, nothing(), kImpi, kService, result::kInAssignmentType},
        Row{"4: type 2", Type::kReRegistration, nothing(), kImpi, kService, result::kInAssignmentType},
        Row{"4: type 4", Type::kTimeoutDeregistration, service(kSet6), kNone, kService, result::kInAssignmentType},
        Row{"4: type 5", Type::kUserDeregistration, service(kSet6), kNone, kService, result::kInAssignmentType},
        Row{"4: type 6", Type::kTimeoutDeregistrationStoreServerName, service(kSet6), kNone, kService,
            result::kInAssignmentType},
        Row{"4: type 7", Type::kUserDeregistrationStoreServerName, service(kSet6), kNone, kService,
            result::kInAssignmentType},
        Row{"4: type 9", Type::kAuthenticationFailure, nothing(), kImpi, kService, result::kInAssignmentType},
        Row{"4: type 10", Type::kAuthenticationTimeout, nothing(), kImpi, kService, result::kInAssignmentType},
        Row{"4: type 0", Type::kNoAssignment, service(kSet6), kImpi, kService, result::kSuccess},
        Row{"4: type 3", Type::kUnregisteredUser, nothing(), kNone, kService, result::kSuccess, service(kSet6)},
        Row{"4: type 3, with AS name", Type::kUnregisteredUser, nothing(), kNone, kDirectService, result::kSuccess,
            service(kSet7)},
        Row{"4: type 8", Type::kAdministrativeDeregistration, service(kSet6), kNone, kService, result::kSuccess,
            nothing()},
        Row{"4: type 11", Type::kDeregistrationTooMuchData, service(kSet6), kNone, kService, result::kSuccess,
            nothing()},
        Row{"4: wildcarded PSI, type 3", Type::kUnregisteredUser, nothing(), kNone, kChat, result::kSuccess,
            service(kSet9), kWildService},
        Row{"4: wildcarded PSI, type 1", Type::kRegistration, nothing(), kImpi, kChat, result::kInAssignmentType, {}},
        Row{"2: wildcard given", Type::kUnregisteredUser, nothing(), kNone, kExtension, result::kSuccess,
            service(kSet10), kWildUser2, kWildUser2},
        Row{"2: wildcarded user identity, type 1", Type::kRegistration, nothing(), kImpi, kExtension, result::kSuccess,
            set_registered(kSet10), kWildUser},
        Row{"2: wildcarded user identity, REGISTERED, type 3", Type::kUnregisteredUser, set_registered(kSet10), kNone,
            kExtension, result::kInAssignmentType, {}, kWildUser},
        Row{"2: wildcarded, de-registered by its expression", Type::kUserDeregistration, set_registered(kSet10), kImpi,
            kWildUser, result::kSuccess, nothing(), kWildUser},
        Row{"2: wildcarded, not associated", Type::kUserDeregistration, set_registered(kSet10), kImpi2, kExtension,
            result::kIdentitiesDontMatch},
        Row{"2: distinct before wildcard", Type::kRegistration, nothing(), kImpi, kReception, result::kSuccess,
            set_registered(kSet10)}));
// clang-format on

// ---- What the answer carries (section 4) ----------------------------------------------------------------------------

struct DataRow {
  const char* clause;
  Type type;
  bool already_available;
  State given;
  Result expected;
  bool data;
};

void PrintTo(const DataRow& row, std::ostream* out) { *out << row.clause; }

class UserDataOfAnswer : public testing::TestWithParam<DataRow> {};

TEST_P(UserDataOfAnswer, IsSentWithItsChargingInformationOrNotAtAll) {
  const DataRow& row = GetParam();
  World world;
  world.settings.cx.charging.primary_collection = "aaa://cdf.example.org";
  world.given(row.given);
  const ServerAssignmentRequest request{
      {"scscf.example.org", "example.org"}, kImpi, {kImpu}, kScscf, row.type, row.already_available};
  const auto answer = server_assignment(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, row.expected);
  EXPECT_EQ(answer.user_data.has_value(), row.data);
  EXPECT_EQ(answer.charging, row.data ? world.settings.cx.charging : ChargingInformation{});
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Section4, UserDataOfAnswer,
    testing::Values(
        DataRow{"4: type 0, not available", Type::kNoAssignment, false, registered(), result::kSuccess, true},
        DataRow{"4: type 0, available", Type::kNoAssignment, true, registered(), result::kSuccess, false},
        DataRow{"4: type 1, not available", Type::kRegistration, false, nothing(), result::kSuccess, true},
        DataRow{"4: type 1, available", Type::kRegistration, true, nothing(), result::kSuccess, false},
        DataRow{"4: type 2, not available", Type::kReRegistration, false, registered(), result::kSuccess, true},
        DataRow{"4: type 2, available", Type::kReRegistration, true, registered(), result::kSuccess, false},
        DataRow{"4: type 3, not available", Type::kUnregisteredUser, false, nothing(), result::kSuccess, true},
        DataRow{"4: type 3, available", Type::kUnregisteredUser, true, nothing(), result::kSuccess, false},
        DataRow{"4: type 4", Type::kTimeoutDeregistration, false, registered(), result::kSuccess, false},
        DataRow{"4: type 5", Type::kUserDeregistration, false, registered(), result::kSuccess, false},
        DataRow{"4: type 6", Type::kTimeoutDeregistrationStoreServerName, false, registered(), result::kSuccess,
                false},
        DataRow{"4: type 7", Type::kUserDeregistrationStoreServerName, false, registered(), result::kSuccess, false},
        DataRow{"4: type 8", Type::kAdministrativeDeregistration, false, registered(), result::kSuccess, false},
        DataRow{"4: type 9", Type::kAuthenticationFailure, false, pending(), result::kSuccess, false},
        DataRow{"4: type 10", Type::kAuthenticationTimeout, false, pending(), result::kSuccess, false},
        DataRow{"4: type 11", Type::kDeregistrationTooMuchData, false, registered(), result::kSuccess, false}));
// clang-format on

TEST(UserDataOfAnswerTest, ChargingFunctionsOfTheSubscriptionComeBeforeTheSettings) {
  World world;
  world.settings.cx.charging.primary_event = "aaa://ocs.example.org";
  world.subscription->charging.primary_collection = "aaa://own.example.org";
  const ServerAssignmentRequest request{{"h", "r"}, kImpi, {kImpu}, kScscf, Type::kRegistration, false};
  EXPECT_EQ(server_assignment(request, world.repository, world.context()).charging, world.subscription->charging);
}

TEST(UserDataOfAnswerTest, CriteriaAreNotFilteredByState) {
  World world;
  const ServerAssignmentRequest request{{"h", "r"}, kImpi, {kVoicemail}, kScscf, Type::kRegistration, false};
  const auto answer = server_assignment(request, world.repository, world.context());
  ASSERT_TRUE(answer.user_data);
  EXPECT_THAT(*answer.user_data, testing::HasSubstr("<ProfilePartIndicator>1</ProfilePartIndicator>"));
}

TEST(UserDataOfAnswerTest, SharedCriteriaAreANumberForAnSCscfThatKnowsThem) {
  World world;
  auto set = std::make_shared<SharedIfcSet>();
  set->id = 4711;
  set->criteria.push_back({1, {}, {"sip:shared.example.org", {}, {}, false, false}, {}});
  auto profile = std::make_shared<ServiceProfile>();
  profile->shared_ifc_ids = {4711};
  profile->shared_ifc_sets = {set};
  for (PublicIdentity& identity : world.subscription->public_identities) identity.service_profile = profile;
  ServerAssignmentRequest request{{"h", "r"}, kImpi, {kImpu}, kScscf, Type::kRegistration, false};
  const auto inline_data = server_assignment(request, world.repository, world.context()).user_data.value_or("");
  EXPECT_THAT(inline_data, testing::HasSubstr("sip:shared.example.org"));
  EXPECT_THAT(inline_data, testing::Not(testing::HasSubstr("4711")));
  request.features.shared_ifc = true;
  const auto by_number = server_assignment(request, world.repository, world.context()).user_data.value_or("");
  EXPECT_THAT(by_number, testing::HasSubstr("<SharedIFCSetID>4711</SharedIFCSetID>"));
  EXPECT_THAT(by_number, testing::Not(testing::HasSubstr("sip:shared.example.org")));
}

TEST(UserDataOfAnswerTest, PCscfRestorationIsNotOfferedAndServedAsAnyRequest) {
  World world;
  ServerAssignmentRequest request{{"scscf.example.org", "example.org"}, {}, {kImpu}, kScscf, Type::kUnregisteredUser};
  request.p_cscf_restoration = true;
  EXPECT_EQ(server_assignment(request, world.repository, world.context()).verdict.result, result::kSuccess);
  world.expect_state(unregistered());
  request.type = Type::kAdministrativeDeregistration;
  EXPECT_EQ(server_assignment(request, world.repository, world.context()).verdict.result, result::kSuccess);
  world.expect_state(nothing());
}

}  // namespace
}  // namespace hss::cx::test
