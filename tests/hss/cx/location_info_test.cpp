// Location-Info: every step of TS 29.228 6.1.4.
// SPDX-License-Identifier: MIT
#include "hss/cx/location_info.h"

#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Type = UserAuthorizationType;

struct Row {
  const char* clause;
  State given;
  const char* impu;
  bool originating;
  Result expected;
  const char* server_name = nullptr;
  std::vector<std::string> capability_names{};
  std::optional<Type> type{};
  bool restoration = false;
  const char* wildcard = nullptr;  // expected Wildcarded-Public-Identity
  bool direct = false;             // expected PSI-Direct-Routing
  std::optional<State> after{};    // absent: nothing may be written
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class LocationInfo : public testing::TestWithParam<Row> {};

TEST_P(LocationInfo, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.given);
  const LocationInfoRequest request{
      {"icscf.example.org", "example.org"}, row.impu, row.originating, row.type, {false, false, row.restoration}};

  const auto answer = location_info(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.server_name.value_or("-"), row.server_name == nullptr ? "-" : row.server_name);
  EXPECT_EQ(answer.capabilities ? answer.capabilities->server_names : std::vector<std::string>{}, row.capability_names);
  EXPECT_EQ(answer.wildcarded_public_identity.value_or("-"), row.wildcard == nullptr ? "-" : row.wildcard);
  EXPECT_EQ(answer.psi_direct_routing, row.direct);
  if (row.after) {
    world.expect_state(*row.after);
  } else {
    EXPECT_FALSE(world.wrote());
  }
}

const std::vector<std::string> kPool{kPool2, kPool1};  // in the order of subscription 1
const std::vector<std::string> kNoNames;
constexpr const char* kNone = nullptr;
const std::optional<Type> kNoType;
const std::optional<Type> kCapabilities = Type::kRegistrationAndCapabilities;
const State kServiceUnregistered{kServer, {pair(kSet6, kId1, kUnreg)}};
const State kChatUnregistered{kServer, {pair(kSet9, kId1, kUnreg)}};
const State kPbxRegistered{kServer, {pair(kSet10, kId1, kReg)}};
const State kVoicemailUnregistered{kServer, {pair(kSet5, kId1, kUnreg)}};
const State kVoicemailRegistered{kServer, {pair(kSet5, kId1, kReg)}};

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_1_4, LocationInfo,
    testing::Values(
        Row{"1: unknown", nothing(), "sip:nobody@ims.example.org", false, result::kUserUnknown},
        Row{"1: no URI", nothing(), "nonsense", false, result::kUserUnknown},
        Row{"1: wildcarded PSI", nothing(), kChat, false, result::kUnregisteredService, kNone, kPool, kNoType, false,
            kWildService},
        Row{"1: wildcarded PSI, state of the wildcard", kChatUnregistered, kChat, false, result::kSuccess, kScscf,
            kNoNames, kNoType, false, kWildService},
        Row{"1: wildcarded user identity", kPbxRegistered, kExtension, false, result::kSuccess, kScscf, kNoNames,
            kNoType, false, kWildUser},
        Row{"1: the wildcard with the longest literal part", kPbxRegistered, "sip:pbx-x@ims.example.org", false,
            result::kSuccess, kScscf, kNoNames, kNoType, false, kWildUser2},
        Row{"1: distinct before wildcard", kPbxRegistered, kReception, false, result::kSuccess, kScscf},
        Row{"1: wildcard, not registered, no services", nothing(), kExtension, false, result::kIdentityNotRegistered,
            kNone, kNoNames, kNoType, false, kWildUser},
        Row{"2: PSI not active", nothing(), kInactiveService, false, result::kUserUnknown},
        Row{"2: PSI not active, originating", nothing(), kInactiveService, true, result::kUserUnknown},
        Row{"2: PSI with AS name", nothing(), kDirectService, false, result::kSuccess, kAs, kNoNames, kNoType, false,
            kNone, true},
        Row{"2: PSI with AS name, an S-CSCF stored", registered(), kDirectService, false, result::kSuccess, kAs,
            kNoNames, kNoType, false, kNone, true},
        Row{"2: PSI with AS name, originating, nothing stored", nothing(), kDirectService, true,
            result::kUnregisteredService, kNone, kPool},
        Row{"2: PSI with AS name, originating, name stored", registered(), kDirectService, true, result::kSuccess,
            kScscf},
        Row{"2: PSI without AS name, as a user", nothing(), kService, false, result::kUnregisteredService, kNone,
            kPool},
        Row{"2: PSI without AS name, UNREGISTERED", kServiceUnregistered, kService, false, result::kSuccess, kScscf},
        Row{"3: type 2, restoration: reassignment pending", registered(), kImpu, false, result::kSuccess, kNone, kPool,
            kCapabilities, true, kNone, false, State{kServer, registered().pairs, {}, true}},
        Row{"3: type 2, restoration, nothing stored", nothing(), kImpu, false, result::kSuccess, kNone, kPool,
            kCapabilities, true},
        Row{"3: type 2, restoration, UNREGISTERED", unregistered(), kImpu, false, result::kSuccess, kNone, kPool,
            kCapabilities, true, kNone, false, State{kServer, unregistered().pairs, {}, true}},
        Row{"3: no type, restoration: as ever", registered(), kImpu, false, result::kSuccess, kScscf, kNoNames, kNoType,
            true},
        Row{"4: UNREGISTERED, services", kVoicemailUnregistered, kVoicemail, false, result::kSuccess, kScscf},
        Row{"4: UNREGISTERED, no services any more: not asked again", unregistered(), kTel, false, result::kSuccess,
            kScscf},
        Row{"4: REGISTERED, challenged by another S-CSCF", challenged_elsewhere(), kImpu, false, result::kSuccess,
            kOtherScscf},
        Row{"3: restoration not offered, type ignored", registered(), kImpu, false, result::kSuccess, kScscf, kNoNames,
            Type::kRegistrationAndCapabilities},
        Row{"4: REGISTERED", registered(), kImpu, false, result::kSuccess, kScscf},
        Row{"4: REGISTERED, by tel", registered(), kTel, false, result::kSuccess, kScscf},
        Row{"4: REGISTERED, barred member", registered(), kBarred, false, result::kSuccess, kScscf},
        Row{"4: REGISTERED, originating", registered(), kImpu, true, result::kSuccess, kScscf},
        Row{"4: UNREGISTERED", unregistered(), kImpu, false, result::kSuccess, kScscf},
        Row{"4: UNREGISTERED, originating", unregistered(), kImpu, true, result::kSuccess, kScscf},
        Row{"5: not registered, no services", nothing(), kImpu, false, result::kIdentityNotRegistered},
        Row{"5: auth-pending only, no services", pending(), kImpu, false, result::kIdentityNotRegistered},
        Row{"5: another IMPU registered, no services", other_set_registered(), kImpu, false,
            result::kIdentityNotRegistered},
        Row{"5: services, nothing stored", nothing(), kVoicemail, false, result::kUnregisteredService, nullptr, kPool},
        Row{"5: services, name stored", registered(), kVoicemail, false, result::kSuccess, kScscf},
        Row{"5: services, registered", kVoicemailRegistered, kVoicemail, false, result::kSuccess, kScscf},
        Row{"5: services, name held by a lapsed flag", lapsed(), kVoicemail, false, result::kUnregisteredService,
            nullptr, kPool},
        Row{"5: originating, nothing stored", nothing(), kImpu, true, result::kUnregisteredService, nullptr, kPool},
        Row{"5: originating, name stored", other_set_registered(), kImpu, true, result::kSuccess, kScscf},
        Row{"5: originating, auth-pending", pending(), kImpu, true, result::kSuccess, kScscf}));
// clang-format on

TEST(LocationInfoTest, TellsItsStepsToTheOneWhoWatches) {
  World world;
  Steps steps;
  const Context context{world.settings, kNow, world.random, &steps};
  const LocationInfoRequest request{{}, kChat, false, kCapabilities};
  location_info(request, world.repository, context);
  EXPECT_THAT(steps.lines, testing::ElementsAre("step 1: " + std::string(kChat) + " matches " + kWildService,
                                                "step 2: an active service, reached through an S-CSCF",
                                                "step 3: another S-CSCF is wanted, without IMS restoration: ignored",
                                                "step 4: NOT_REGISTERED, no S-CSCF is stored",
                                                "step 5: services for the unregistered state"));
}

}  // namespace
}  // namespace hss::cx::test
