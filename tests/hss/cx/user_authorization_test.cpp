// User-Authorization: every step of TS 29.228 6.1.1 and every cell of its state table.
// SPDX-License-Identifier: MIT
#include "hss/cx/user_authorization.h"

#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Type = UserAuthorizationType;

struct Row {
  const char* clause;
  State given;
  Type type;
  const char* impi;
  const char* impu;
  Result expected;
  const char* server_name = nullptr;            // expected Server-Name
  std::vector<std::string> capability_names{};  // expected names in Server-Capabilities
  const char* visited_network = "home.example.org";
  bool emergency = false;
  std::vector<std::string> roaming_list{};
  bool restoration = false;
  std::optional<State> after{};  // absent: nothing may be written
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class UserAuthorization : public testing::TestWithParam<Row> {};

TEST_P(UserAuthorization, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.subscription->visited_networks = row.roaming_list;
  world.given(row.given);
  const UserAuthorizationRequest request{
      {"icscf.example.org", "example.org"}, row.impi, row.impu, row.visited_network, row.type, row.emergency,
      {false, false, row.restoration}};

  const auto answer = user_authorization(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.server_name.value_or("-"), row.server_name == nullptr ? "-" : row.server_name);
  EXPECT_EQ(answer.capabilities ? answer.capabilities->server_names : std::vector<std::string>{}, row.capability_names);
  EXPECT_FALSE(answer.server_name && answer.capabilities) << "they exclude each other";
  if (row.after) {
    world.expect_state(*row.after);
  } else {
    EXPECT_FALSE(world.wrote());
  }
}

const std::vector<std::string> kPool{kPool2, kPool1};  // in the order of subscription 1
const std::vector<std::string> kNoNames;

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_1_1, UserAuthorization,
    testing::Values(
        Row{"1: IMPI unknown", nothing(), Type::kRegistration, "nobody@ims.example.org", kImpu, result::kUserUnknown},
        Row{"1: IMPU unknown", nothing(), Type::kRegistration, kImpi, "sip:nobody@ims.example.org",
            result::kUserUnknown},
        Row{"1: IMPU is no URI", nothing(), Type::kRegistration, kImpi, "nonsense", result::kUserUnknown},
        Row{"1: IMPI is no NAI", nothing(), Type::kRegistration, "nonsense", kImpu, result::kUserUnknown},
        Row{"1: a PSI", nothing(), Type::kRegistration, kImpi, kService, result::kUserUnknown},
        Row{"1: a PSI of another subscription", nothing(), Type::kRegistration, kOtherImpi, kService,
            result::kUserUnknown},
        Row{"1: known by a wildcarded PSI only", nothing(), Type::kRegistration, kImpi, kChat, result::kUserUnknown},
        Row{"1: known by a wildcarded user identity only", nothing(), Type::kRegistration, kImpi, kExtension,
            result::kUserUnknown},
        Row{"1: the wildcard itself", nothing(), Type::kRegistration, kImpi, kWildUser, result::kUserUnknown},
        Row{"1: distinct, though a wildcard matches", nothing(), Type::kRegistration, kImpi, kReception,
            result::kFirstRegistration, nullptr, kPool},
        Row{"1: checked for type 1 too", nothing(), Type::kDeRegistration, "nobody@ims.example.org", kImpu,
            result::kUserUnknown},
        Row{"1: checked for type 2 too", nothing(), Type::kRegistrationAndCapabilities, kImpi, "sip:nobody@x",
            result::kUserUnknown},
        Row{"2: another subscription's IMPU", nothing(), Type::kRegistration, kImpi, kOtherImpu,
            result::kIdentitiesDontMatch},
        Row{"2: not associated inside the subscription", nothing(), Type::kRegistration, kImpi2, kWork,
            result::kIdentitiesDontMatch},
        Row{"2: before barring", nothing(), Type::kRegistration, kImpi2, kAllBarred, result::kIdentitiesDontMatch},
        Row{"3: whole set barred", nothing(), Type::kRegistration, kImpi, kAllBarred, result::kAuthorizationRejected},
        Row{"3: whole set barred, de-registration", nothing(), Type::kDeRegistration, kImpi, kAllBarred,
            result::kAuthorizationRejected},
        Row{"3: whole set barred, emergency", nothing(), Type::kRegistration, kImpi, kAllBarred,
            result::kFirstRegistration, nullptr, kPool, "home.example.org", true},
        Row{"3: barred with a sibling that is not", nothing(), Type::kRegistration, kImpi, kBarred,
            result::kFirstRegistration, nullptr, kPool},
        Row{"4: roaming not allowed", nothing(), Type::kRegistration, kImpi, kImpu, result::kRoamingNotAllowed, nullptr,
            kNoNames, "abroad.example.org", false, {"home.example.org"}},
        Row{"4: roaming not allowed, type 2", nothing(), Type::kRegistrationAndCapabilities, kImpi, kImpu,
            result::kRoamingNotAllowed, nullptr, kNoNames, "abroad.example.org", false, {"home.example.org"}},
        Row{"4: roaming allowed, in quotes and capitals", nothing(), Type::kRegistration, kImpi, kImpu,
            result::kFirstRegistration, nullptr, kPool, "\"Home.Example.ORG\"", false, {"home.example.org"}},
        Row{"4: no list: everywhere", nothing(), Type::kRegistration, kImpi, kImpu, result::kFirstRegistration, nullptr,
            kPool, "abroad.example.org"},
        Row{"4: roaming not asked for type 1", registered(), Type::kDeRegistration, kImpi, kImpu, result::kSuccess,
            kScscf, kNoNames, "abroad.example.org", false, {"home.example.org"}},
        Row{"4: roaming not asked in an emergency", nothing(), Type::kRegistration, kImpi, kImpu,
            result::kFirstRegistration, nullptr, kPool, "abroad.example.org", true, {"home.example.org"}},
        Row{"4: may not register", nothing(), Type::kRegistration, kImpi, kNotAllowed, result::kAuthorizationRejected},
        Row{"4: may not register, type 2", nothing(), Type::kRegistrationAndCapabilities, kImpi, kNotAllowed,
            result::kAuthorizationRejected},
        Row{"4: may not register, not asked for type 1", nothing(), Type::kDeRegistration, kImpi, kNotAllowed,
            result::kIdentityNotRegistered},
        Row{"4: may not register, emergency", nothing(), Type::kRegistration, kImpi, kNotAllowed,
            result::kFirstRegistration, nullptr, kPool, "home.example.org", true},
        Row{"5: type 2, nothing stored", nothing(), Type::kRegistrationAndCapabilities, kImpi, kImpu, result::kSuccess,
            nullptr, kPool},
        Row{"5: type 2, registered: no Server-Name", registered(), Type::kRegistrationAndCapabilities, kImpi, kImpu,
            result::kSuccess, nullptr, kPool},
        Row{"5: type 2, restoration: reassignment pending", both_registered(), Type::kRegistrationAndCapabilities,
            kImpi, kImpu, result::kSuccess, nullptr, kPool, "home.example.org", false, {}, true,
            State{kServer, both_registered().pairs, {}, true}},
        Row{"5: type 2, restoration, pending already", to_be_reassigned(), Type::kRegistrationAndCapabilities, kImpi,
            kImpu, result::kSuccess, nullptr, kPool, "home.example.org", false, {}, true},
        Row{"5: type 2, restoration, nothing stored", nothing(), Type::kRegistrationAndCapabilities, kImpi, kImpu,
            result::kSuccess, nullptr, kPool, "home.example.org", false, {}, true},
        Row{"5: type 2, restoration, emergency: not restored", registered(), Type::kRegistrationAndCapabilities, kImpi,
            kImpu, result::kSuccess, nullptr, kPool, "home.example.org", true, {}, true},
        Row{"5: type 2, emergency: barring and roaming not asked", nothing(), Type::kRegistrationAndCapabilities, kImpi,
            kAllBarred, result::kSuccess, nullptr, kPool, "abroad.example.org", true, {"home.example.org"}},
        Row{"5: type 0, restoration: nothing is pending", registered(), Type::kRegistration, kImpi, kImpu,
            result::kSubsequentRegistration, kScscf, {}, "home.example.org", false, {}, true},
        Row{"6: type 1, emergency, REGISTERED", registered(), Type::kDeRegistration, kImpi, kImpu, result::kSuccess,
            kScscf, kNoNames, "abroad.example.org", true, {"home.example.org"}},
        Row{"6: type 0, emergency, REGISTERED", registered(), Type::kRegistration, kImpi, kImpu,
            result::kSubsequentRegistration, kScscf, kNoNames, "abroad.example.org", true, {"home.example.org"}},
        Row{"6: type 0, REGISTERED, challenged by another S-CSCF", challenged_elsewhere(), Type::kRegistration, kImpi,
            kImpu, result::kSubsequentRegistration, kOtherScscf},
        Row{"6: type 1, auth-pending lapsed", lapsed(), Type::kDeRegistration, kImpi, kImpu,
            result::kIdentityNotRegistered},
        Row{"6: type 0, REGISTERED", registered(), Type::kRegistration, kImpi, kImpu, result::kSubsequentRegistration,
            kScscf},
        Row{"6: type 0, REGISTERED through the set", registered(), Type::kRegistration, kImpi, kTel,
            result::kSubsequentRegistration, kScscf},
        Row{"6: type 0, REGISTERED by another IMPI", registered(), Type::kRegistration, kImpi2, kImpu,
            result::kSubsequentRegistration, kScscf},
        Row{"6: type 1, REGISTERED", registered(), Type::kDeRegistration, kImpi, kImpu, result::kSuccess, kScscf},
        Row{"6: type 0, UNREGISTERED", unregistered(), Type::kRegistration, kImpi, kImpu,
            result::kSubsequentRegistration, kScscf},
        Row{"6: type 1, UNREGISTERED", unregistered(), Type::kDeRegistration, kImpi, kImpu, result::kSuccess, kScscf},
        Row{"6: type 0, another IMPU REGISTERED", other_set_registered(), Type::kRegistration, kImpi, kImpu,
            result::kSubsequentRegistration, kScscf},
        Row{"6: type 1, another IMPU REGISTERED", other_set_registered(), Type::kDeRegistration, kImpi, kImpu,
            result::kIdentityNotRegistered},
        Row{"6: type 0, another IMPU UNREGISTERED", other_set_unregistered(), Type::kRegistration, kImpi, kImpu,
            result::kSubsequentRegistration, kScscf},
        Row{"6: type 1, another IMPU UNREGISTERED", other_set_unregistered(), Type::kDeRegistration, kImpi, kImpu,
            result::kIdentityNotRegistered},
        Row{"6: type 0, auth-pending", pending(), Type::kRegistration, kImpi, kImpu, result::kSubsequentRegistration,
            kScscf},
        Row{"6: type 1, auth-pending", pending(), Type::kDeRegistration, kImpi, kImpu, result::kIdentityNotRegistered},
        Row{"6: type 0, auth-pending lapsed", lapsed(), Type::kRegistration, kImpi, kImpu, result::kFirstRegistration,
            nullptr, kPool},
        Row{"6: type 0, nothing stored", nothing(), Type::kRegistration, kImpi, kImpu, result::kFirstRegistration,
            nullptr, kPool},
        Row{"6: type 1, nothing stored", nothing(), Type::kDeRegistration, kImpi, kImpu,
            result::kIdentityNotRegistered},
        Row{"identity with port and parameters", nothing(), Type::kRegistration, kImpi,
            "SIP:+15550100001@IMS.example.org:5060;user=phone", result::kFirstRegistration, nullptr, kPool},
        Row{"value of User-Authorization-Type without a name", nothing(), static_cast<Type>(7), kImpi, kImpu,
            result::kInvalidAvpValue}));
// clang-format on

TEST(UserAuthorizationTest, NamesTheFieldOfAnUnknownType) {
  World world;
  const UserAuthorizationRequest request{{}, kImpi, kImpu, "x", static_cast<Type>(-1), false};
  EXPECT_EQ(user_authorization(request, world.repository, world.context()).verdict.failed,
            RequestField::kUserAuthorizationType);
}

TEST(UserAuthorizationTest, SendsTheSubscribersOwnCapabilitiesAndNotThePool) {
  World world;
  world.subscription->capabilities = {{1, 2}, {3}, {}};
  const UserAuthorizationRequest request{{}, kImpi, kImpu, "x", Type::kRegistration, false};
  const auto answer = user_authorization(request, world.repository, world.context());
  ASSERT_TRUE(answer.capabilities);
  EXPECT_EQ(*answer.capabilities, (ServerCapabilities{{1, 2}, {3}, {}})) << "names would hide the numbers";

  world.subscription->capabilities = {{}, {}, {"sip:mine.example.org"}};
  EXPECT_EQ(user_authorization(request, world.repository, world.context()).capabilities->server_names,
            std::vector<std::string>{"sip:mine.example.org"});
}

TEST(UserAuthorizationTest, AsksForTheAssignedServerLastWhenAnotherIsWanted) {
  World world;
  world.given({AssignedServer{kPool1, "pool1.example.org", "example.org"}, {pair(kSet1, kId1, kReg)}});
  const UserAuthorizationRequest request{{}, kImpi, kImpu, "x", Type::kRegistrationAndCapabilities, false};
  EXPECT_EQ(user_authorization(request, world.repository, world.context()).capabilities->server_names,
            (std::vector<std::string>{kPool2, kPool1}));
  world.given({AssignedServer{kPool2, "pool2.example.org", "example.org"}, {pair(kSet1, kId1, kReg)}});
  EXPECT_EQ(user_authorization(request, world.repository, world.context()).capabilities->server_names,
            (std::vector<std::string>{kPool1, kPool2}));
}

TEST(UserAuthorizationTest, TellsItsStepsToTheOneWhoWatches) {
  World world;
  world.given(registered());
  Steps steps;
  const Context context{world.settings, kNow, world.random, &steps};
  const UserAuthorizationRequest request{{}, kImpi, kBarred, "x", Type::kRegistration, false};
  user_authorization(request, world.repository, context);
  EXPECT_THAT(steps.lines, testing::ElementsAre("steps 1 and 2: " + std::string(kImpi) + " may use " + kBarred,
                                                "step 3: barred, but its set has members that are not",
                                                "step 4: it may roam everywhere",
                                                "step 6: REGISTERED, S-CSCF " + std::string(kScscf)));
}

TEST(UserAuthorizationTest, SendsNoCapabilitiesWhenThereAreNone) {
  World world;
  world.settings.cx.scscf_pool.clear();
  const UserAuthorizationRequest request{{}, kImpi, kImpu, "x", Type::kRegistration, false};
  const auto answer = user_authorization(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kFirstRegistration);
  EXPECT_FALSE(answer.capabilities);
}

}  // namespace
}  // namespace hss::cx::test
