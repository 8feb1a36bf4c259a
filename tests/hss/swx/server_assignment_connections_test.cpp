// Server-Assignment on SWx: PDN connections that the AAA server tells of (PGW_UPDATE, RESTORATION), and how they come
// back in Non-3GPP-User-Data. TS 29.273 8.1.2.2.2 step 4.
// SPDX-License-Identifier: MIT
#include "hss/swx/connections.h"
#include "hss/swx/server_assignment.h"
#include "tests/hss/swx/fixture.h"

namespace hss::swx::test {
namespace {

using Type = ServerAssignmentType;
using Apns = std::vector<ActiveApn>;
using Reported = std::vector<ReportedApn>;

ServerAssignmentRequest request_of(User user, Type type) {
  ServerAssignmentRequest request;
  request.origin = node(kAaa);
  request.user_name = imsi_of(user);
  request.type = type;
  return request;
}

/// What is reported of an APN by its name; 0: no gateway.
ReportedApn named(const char* apn, std::uint8_t gateway_number, std::optional<std::string> visited_network = {}) {
  return {{}, apn, gateway_number == 0 ? PdnGateway{} : gateway(gateway_number), std::move(visited_network)};
}
/// ... and by its Context-Identifier alone.
ReportedApn numbered(std::uint32_t context, std::uint8_t gateway_number) {
  return {context, {}, gateway(gateway_number), {}};
}

const Apns kIms{connection("ims", 1, 7)};
const Apns kBoth{connection("ims", 1, 7), connection("internet", 2, 8)};

// ---- PGW_UPDATE -----------------------------------------------------------------------------------------------------

struct UpdateRow {
  const char* clause;
  User user;
  Apns given;
  ReportedApn reported;
  Result expected = result::kSuccess;
  std::optional<Apns> after{};  // absent: as it was, and nothing was written
  std::optional<RequestField> failed{};
  bool emergency = false;
};
void PrintTo(const UpdateRow& row, std::ostream* out) { *out << row.clause; }

class SwxGatewayUpdate : public testing::TestWithParam<UpdateRow> {};

TEST_P(SwxGatewayUpdate, MovesOneConnection) {
  const UpdateRow& row = GetParam();
  World world;
  world.given(row.user, registered(kAaa, row.given));
  auto request = request_of(row.user, Type::kPgwUpdate);
  request.apn = row.reported;
  request.emergency = row.emergency;
  const auto answer = server_assignment(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.verdict.failed, row.failed);
  EXPECT_FALSE(answer.verdict.remark.empty());
  EXPECT_FALSE(answer.user_data);
  EXPECT_EQ(world.wrote(), row.after.has_value());
  EXPECT_EQ(world.after(row.user), registered(kAaa, row.after.value_or(row.given)));
  world.expect_cx_untouched();
}

constexpr auto kNoApn = result::kUserNoApnSubscription;
constexpr auto kBadApn = result::kInvalidAvpValue;
constexpr auto kYes = result::kSuccess;
constexpr auto kField = RequestField::kServiceSelection;

// clang-format off
const UpdateRow kUpdateRows[] = {
    {"stored", kPlain, {}, named("ims", 7), kYes, kIms},
    {"stored beside another", kPlain, kIms, named("internet", 8), kYes, kBoth},
    {"stored with its network", kPlain, {}, named("ims", 7, kPartner), kYes, Apns{connection("ims", 1, 7, kPartner)}},
    {"stored by name in capitals", kPlain, {}, named("IMS", 7), kYes, kIms},
    {"stored by name with operator identifier", kPlain, {}, named("ims.mnc001.mcc001.gprs", 7), kYes, kIms},
    {"Context-Identifier beside the name does not matter", kPlain, {}, {99, "ims", gateway(7), {}}, kYes, kIms},
    {"replaced", kPlain, kIms, named("ims", 9), kYes, Apns{connection("ims", 1, 9)}},
    {"replaced, the other stays", kPlain, kBoth, named("internet", 9), kYes,
        Apns{connection("ims", 1, 7), connection("internet", 2, 9)}},
    {"replaced, its network is gone", kPlain, {connection("ims", 1, 7, kPartner)}, named("ims", 7), kYes, kIms},
    {"replaced by the same", kPlain, kIms, named("ims", 7), kYes},
    {"forgotten", kPlain, kIms, named("ims", 0), kYes, Apns{}},
    {"forgotten, the other stays", kPlain, kBoth, named("internet", 0), kYes, kIms},
    {"forgotten, whatever network", kPlain, kIms, named("ims", 0, kPartner), kYes, Apns{}},
    {"forgotten where none was", kPlain, kIms, named("internet", 0), kYes},
    {"an APN that is not subscribed", kPlain, kIms, named("mms", 7), kNoApn},
    {"one that is not subscribed is not forgotten either", kPlain, kIms, named("mms", 0), kNoApn},
    {"the wildcard is not subscribed", kPlain, kIms, named("*", 7), kNoApn},
    {"a name that holds another", kPlain, kIms, named("ims.example", 7), kNoApn},
    {"no Service-Selection", kPlain, kIms, numbered(1, 7), result::kMissingAvp, {}, kField},
    {"no APN at all", kPlain, kIms, {}, result::kMissingAvp, {}, kField},
    {"an empty name", kPlain, kIms, named("", 7), kBadApn, {}, kField},
    {"a name that is no APN", kPlain, kIms, named("i ms", 7), kBadApn, {}, kField},
    {"a name that is too long", kPlain, kIms, {{}, std::string(100, 'a'), gateway(7), {}}, kBadApn, {}, kField},
    {"through the wildcard", kWildcard, {}, named("mms", 8), kYes, Apns{connection("mms", 3, 8)}},
    {"through the wildcard, twice", kWildcard, {connection("mms", 3, 8)}, named("games", 9), kYes,
        Apns{connection("games", 3, 9), connection("mms", 3, 8)}},
    {"through the wildcard, forgotten", kWildcard, {connection("mms", 3, 8)}, named("mms", 0), kYes, Apns{}},
    {"its own APN beside the wildcard", kWildcard, {}, named("ims", 7), kYes, kIms},
    {"the wildcard by its name", kWildcard, {}, named("*", 8), kYes, Apns{connection("*", 3, 8)}},
    {"an emergency without subscription", kNo3gpp, {}, named("sos", 7), kNoApn, {}, {}, true},
    {"an emergency of a subscriber", kPlain, {}, named("ims", 7), kYes, kIms, {}, true},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_2_2_Step4PgwUpdate, SwxGatewayUpdate, testing::ValuesIn(kUpdateRows));

TEST(SwxConnectionsTest, AreNoMoreThanAUeCanHave) {
  World world;
  world.given(kWildcard, registered(kAaa, kIms));
  for (int i = 0; i < 40; ++i) {
    auto request = request_of(kWildcard, Type::kPgwUpdate);
    request.apn = named(("apn" + std::to_string(i)).c_str(), 8);
    ASSERT_EQ(server_assignment(request, world.repository, world.context()).verdict.result, kYes);
  }
  const auto apns = world.after(kWildcard).active_apns;
  EXPECT_EQ(apns.size(), kMostConnections);
  const auto has = [&](const char* name) { return std::ranges::count(apns, name, &ActiveApn::name); };
  EXPECT_EQ(has("ims"), 1) << "the wildcard's go first";
  EXPECT_EQ(has("apn39"), 1) << "the newest is there";
}

TEST(SwxConnectionsTest, OneOfAnotherApnGoesWhenThereIsNoOtherOfTheWildcard) {
  for (const char* const newest : {"a", "z"}) {
    Apns apns;
    for (char c = 'b'; apns.size() < kMostConnections; ++c) apns.push_back(connection(std::string(1, c).c_str(), 1, 7));
    store_connection(apns, connection(newest, 3, 8));
    EXPECT_EQ(apns.size(), kMostConnections);
    EXPECT_EQ(std::ranges::count(apns, newest, &ActiveApn::name), 1);
    EXPECT_TRUE(std::ranges::is_sorted(apns, {}, &ActiveApn::name));
  }
}

// ---- RESTORATION ----------------------------------------------------------------------------------------------------

struct RestorationRow {
  const char* clause;
  User user;
  Non3gppRegistration given;
  Reported reported;
  Apns after;
  const char* remark = "";
};
void PrintTo(const RestorationRow& row, std::ostream* out) { *out << row.clause; }

class SwxRestoration : public testing::TestWithParam<RestorationRow> {};

TEST_P(SwxRestoration, TakesWhatTheServerKnows) {
  const RestorationRow& row = GetParam();
  World world;
  world.given(row.user, row.given);
  auto request = request_of(row.user, Type::kRestoration);
  request.active_apns = row.reported;
  const auto answer = server_assignment(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, kYes);
  EXPECT_EQ(answer.verdict.remark, row.remark);
  const auto expected = registered(kAaa, row.after);
  EXPECT_EQ(world.after(row.user), expected);
  ASSERT_TRUE(answer.user_data);
  EXPECT_TRUE(*answer.user_data == user_data(*world.repository.non_3gpp(row.user), expected));
  world.expect_cx_untouched();
}

constexpr char kNotSubscribed[] = "Active-APNs left out, not subscribed: 1";
constexpr char kNoGateway[] = "Active-APNs left out, no PDN gateway: 1";

// clang-format off
const RestorationRow kRestorationRows[] = {
    {"nothing is left of nobody", kPlain, nobody(), {}, {}, "no MAR came before"},
    {"nobody, one", kPlain, nobody(), {named("ims", 7)}, kIms, "no MAR came before"},
    {"pending, one", kPlain, pending(), {named("ims", 7)}, kIms},
    {"registered, two, in any order", kPlain, registered(), {named("internet", 8), named("ims", 7)}, kBoth},
    {"what is stored is replaced", kPlain, connected(), {named("internet", 8)}, {connection("internet", 2, 8)}},
    {"what is stored is over", kPlain, connected(), {}, {}},
    {"by Context-Identifier", kPlain, registered(), {numbered(2, 8), numbered(1, 7)}, kBoth},
    {"the name counts, not Context-Identifier", kPlain, registered(), {{2, "ims", gateway(7), {}}}, kIms},
    {"with its network", kPlain, registered(), {named("ims", 7, kHome)}, {connection("ims", 1, 7, kHome)}},
    {"one twice: the last", kPlain, registered(), {named("ims", 9), named("IMS", 7)}, kIms},
    {"one that is not subscribed", kPlain, registered(), {named("mms", 9), named("ims", 7)}, kIms, kNotSubscribed},
    {"a Context-Identifier that is not", kPlain, registered(), {numbered(9, 9), named("ims", 7)}, kIms, kNotSubscribed},
    {"one that is no APN", kPlain, registered(), {named("i ms", 9), named("ims", 7)}, kIms, kNotSubscribed},
    {"one without name and number", kPlain, registered(), {{{}, {}, gateway(9), {}}}, {}, kNotSubscribed},
    {"one without gateway", kPlain, registered(), {named("internet", 0), named("ims", 7)}, kIms, kNoGateway},
    {"one of each", kPlain, nobody(), {named("internet", 0), named("mms", 7)}, {},
        "no MAR came before; Active-APNs left out, not subscribed: 1; Active-APNs left out, no PDN gateway: 1"},
    {"through the wildcard", kWildcard, registered(), {named("mms", 8), named("ims", 7)},
        {connection("ims", 1, 7), connection("mms", 3, 8)}},
    {"the wildcard by its Context-Identifier", kWildcard, registered(), {numbered(3, 8)}, {connection("*", 3, 8)}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_2_2_Step4Restoration, SwxRestoration, testing::ValuesIn(kRestorationRows));

// ---- Non-3GPP-User-Data ---------------------------------------------------------------------------------------------

std::optional<UserData> data_of(World& world, User user, Type type, bool emergency = false) {
  auto request = request_of(user, type);
  request.emergency = emergency;
  return server_assignment(request, world.repository, world.context()).user_data;
}

TEST(SwxUserDataInAnswerTest, IsTheWholeSubscription) {
  for (const Type type : {Type::kRegistration, Type::kReRegistration, Type::kAaaUserDataRequest, Type::kRestoration}) {
    World world;
    world.given(kPlain, registered());
    const auto data = data_of(world, kPlain, type);
    ASSERT_TRUE(data);
    EXPECT_EQ(data->msisdn, kMsisdn);
    EXPECT_TRUE(data->access_allowed);
    EXPECT_TRUE(data->apns_enabled);
    EXPECT_EQ(data->ambr, (Ambr{50'000'000, 100'000'000}));
    EXPECT_EQ(data->charging_characteristics, "0800");
    EXPECT_EQ(data->default_context_identifier, 1U);
    ASSERT_EQ(data->apns.size(), 2U);
    EXPECT_EQ(data->apns[0].apn.configuration.name, "ims");
    EXPECT_EQ(data->apns[0].apn.configuration.qci, 5U);
    EXPECT_EQ(data->apns[1].apn.configuration.name, "internet");
    EXPECT_FALSE(data->apns[0].allocation);
  }
}

TEST(SwxUserDataInAnswerTest, HoldsTheGatewayUntilItIsForgotten) {
  World world;
  world.given(kPlain, registered());
  auto update = request_of(kPlain, Type::kPgwUpdate);
  update.apn = named("ims", 7, kPartner);
  server_assignment(update, world.repository, world.context());
  for (const Type type : {Type::kAaaUserDataRequest, Type::kRegistration}) {
    const auto data = data_of(world, kPlain, type);
    ASSERT_TRUE(data);
    EXPECT_EQ(data->apns.at(0).allocation, ApnData::Allocation::kDynamic);
    EXPECT_TRUE(data->apns.at(0).gateway == gateway(7));
    EXPECT_EQ(data->apns.at(0).visited_network, kPartner);
    EXPECT_FALSE(data->apns.at(1).allocation);
  }
  update.apn.gateway = {};
  server_assignment(update, world.repository, world.context());
  EXPECT_FALSE(data_of(world, kPlain, Type::kAaaUserDataRequest).value().apns.at(0).allocation);
}

TEST(SwxUserDataInAnswerTest, IsWithoutTheConnectionsOfAnEarlierRegistration) {
  World world;
  world.given(kPlain, connected());
  EXPECT_FALSE(data_of(world, kPlain, Type::kUserDeregistration));
  EXPECT_FALSE(data_of(world, kPlain, Type::kRegistration).value().apns.at(0).allocation);
}

TEST(SwxUserDataInAnswerTest, OfAnEmergencySaysWhatIsBarredAndIsAbsentWithoutSubscription) {
  World world;
  const auto barred = data_of(world, kBarred, Type::kRegistration, true);
  ASSERT_TRUE(barred);
  EXPECT_FALSE(barred->access_allowed);
  EXPECT_FALSE(data_of(world, kNo3gpp, Type::kRegistration, true));
  EXPECT_TRUE(world.after(kNo3gpp).registered);
}

TEST(SwxUserDataInAnswerTest, NamesTheRatTypesThatAreNotAllowed) {
  World world;
  EXPECT_EQ(data_of(world, kRestricted, Type::kRegistration).value().forbidden_rat_types,
            (std::vector<std::uint32_t>{kHrpd, kEhrpd}));
  EXPECT_TRUE(data_of(world, kPlain, Type::kRegistration).value().forbidden_rat_types.empty());
}

TEST(SwxConnectionsTest, AreToldOf) {
  World world;
  world.given(kPlain, registered());
  const auto told = [&](const ReportedApn& reported) {
    Steps steps;
    auto request = request_of(kPlain, Type::kPgwUpdate);
    request.apn = reported;
    server_assignment(request, world.repository, world.context(&steps));
    return steps.lines.back();
  };
  EXPECT_EQ(told(named("ims", 7)), "step 4: the PDN gateway of ims is stored");
  EXPECT_EQ(told(named("ims", 8)), "step 4: the PDN gateway of ims is replaced");
  EXPECT_EQ(told(named("ims", 0)), "step 4: the PDN gateway of ims is forgotten");
  EXPECT_EQ(told(named("ims", 0)), "step 4: the PDN gateway of ims is none, and was none");
  EXPECT_EQ(told(named("mms", 7)), "step 4: APN mms is not subscribed");
}

}  // namespace
}  // namespace hss::swx::test
