// Location-Info: every step of TS 29.228 6.1.4 that needs no PSI.
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
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class LocationInfo : public testing::TestWithParam<Row> {};

TEST_P(LocationInfo, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.given);
  const LocationInfoRequest request{{"icscf.example.org", "example.org"}, row.impu, row.originating, row.type};

  const auto answer = location_info(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.server_name.value_or("-"), row.server_name == nullptr ? "-" : row.server_name);
  EXPECT_EQ(answer.capabilities ? answer.capabilities->server_names : std::vector<std::string>{}, row.capability_names);
  EXPECT_FALSE(world.wrote()) << "a LIR changes nothing";
}

const std::vector<std::string> kPool{kPool1, kPool2};
const std::vector<std::string> kNoNames;
const State kVoicemailRegistered{kServer, {pair(kSet5, kId1, kReg)}};

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_1_4, LocationInfo,
    testing::Values(
        Row{"1: unknown", nothing(), "sip:nobody@ims.example.org", false, result::kUserUnknown},
        Row{"1: no URI", nothing(), "nonsense", false, result::kUserUnknown},
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

}  // namespace
}  // namespace hss::cx::test
