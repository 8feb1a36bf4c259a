// Server-Assignment on SWx: TS 29.273 8.1.2.2.2, every type in every state, and every refusal. What is told of PDN
// connections is in server_assignment_connections_test.
// SPDX-License-Identifier: MIT
#include "hss/swx/server_assignment.h"

#include "hss/swx/multimedia_auth.h"
#include "tests/hss/swx/fixture.h"

namespace hss::swx::test {
namespace {

using Type = ServerAssignmentType;
using Request = ServerAssignmentRequest;

ServerAssignmentRequest request_of(User user, int type) {
  ServerAssignmentRequest request;
  request.origin = node(kAaa);
  request.user_name = imsi_of(user);
  request.type = static_cast<Type>(type);
  return request;
}

constexpr auto kUnknown = result::kUserUnknown;
constexpr auto kElsewhere = result::kIdentityAlreadyRegistered;
constexpr auto kNone = result::kUserNoNon3gppSubscription;
constexpr auto kNot = result::kIdentityNotRegistered;
constexpr auto kNoRoaming = result::kRoamingNotAllowed;
constexpr auto kWrongType = result::kInAssignmentType;
constexpr auto kYes = result::kSuccess;

/// What must come out of one request.
void expect_answer(World& world, User user, const ServerAssignmentRequest& request, Result expected,
                   const Non3gppRegistration& before, const Non3gppRegistration& after) {
  const auto answer = server_assignment(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, expected) << name_of(answer.verdict.result);
  EXPECT_FALSE(answer.verdict.failed);
  EXPECT_EQ(world.after(user), after);
  const bool elsewhere = expected == kElsewhere || expected == result::kRedirectIndication;
  EXPECT_EQ(answer.aaa_server, elsewhere ? std::optional(before.server->host) : std::nullopt);
  const bool success = expected == kYes;
  EXPECT_TRUE(success || !answer.verdict.remark.empty()) << "the log says why";
  EXPECT_TRUE(success || expected == kNone || !world.wrote()) << "a refusal changes nothing";
  const bool profile = request.type == Type::kRegistration || request.type == Type::kReRegistration ||
                       request.type == Type::kAaaUserDataRequest || request.type == Type::kRestoration;
  const auto subscription = world.repository.non_3gpp(user);
  ASSERT_EQ(answer.user_data.has_value(), success && profile && subscription != nullptr);
  EXPECT_TRUE(!answer.user_data || *answer.user_data == user_data(*subscription, after));
  EXPECT_TRUE(world.repository.pushes().empty());
  world.expect_cx_untouched();
}

// ---- Every type in every state --------------------------------------------------------------------------------------

/// What becomes of the user.
enum class Becomes : std::uint8_t { kSame, kNobody, kRegistered };

struct Outcome {
  Result result;
  Becomes becomes = Becomes::kSame;
};

/// A type with nobody, pending here, and connected here; elsewhere is the same for all.
struct TypeRow {
  int type;
  Outcome nobody;
  Outcome pending;
  Outcome connected;
};
constexpr Outcome kStays{kYes}, kLeaves{kYes, Becomes::kNobody}, kRegisters{kYes, Becomes::kRegistered};

constexpr TypeRow kTypes[] = {
    {0, {kWrongType}, {kWrongType}, {kWrongType}},
    {1, kRegisters, kRegisters, kStays},
    {2, kRegisters, kRegisters, kStays},
    {3, {kWrongType}, {kWrongType}, {kWrongType}},
    {4, {kNot}, kLeaves, kLeaves},
    {5, {kNot}, kLeaves, kLeaves},
    {6, {kWrongType}, {kWrongType}, {kWrongType}},
    {7, {kWrongType}, {kWrongType}, {kWrongType}},
    {8, {kNot}, kLeaves, kLeaves},
    {9, {kNot}, kLeaves, kStays},
    {10, {kNot}, kLeaves, kStays},
    {11, {kWrongType}, {kWrongType}, {kWrongType}},
    {12, {kNot}, {kNot}, kStays},
    {13, {kNot}, {kNot}, kStays},              // of the gateway that is stored
    {14, kRegisters, kRegisters, kRegisters},  // without Active-APNs: the connections are over
    {15, {kWrongType}, {kWrongType}, {kWrongType}},
    {99, {kWrongType}, {kWrongType}, {kWrongType}},
    {-1, {kWrongType}, {kWrongType}, {kWrongType}},
};

struct StateRow {
  int type;
  const char* state;
  Non3gppRegistration given;
  Outcome expected;
};
void PrintTo(const StateRow& row, std::ostream* out) { *out << "type " << row.type << ", " << row.state; }

std::vector<StateRow> every_type_in_every_state() {
  std::vector<StateRow> rows;
  for (const TypeRow& row : kTypes) {
    rows.push_back({row.type, "nobody", nobody(), row.nobody});
    rows.push_back({row.type, "lapsed here", lapsed(), row.nobody});
    rows.push_back({row.type, "lapsed elsewhere", lapsed(kOtherAaa), row.nobody});
    rows.push_back({row.type, "pending here", pending(), row.pending});
    rows.push_back({row.type, "pending elsewhere", pending(kOtherAaa), {kElsewhere}});
    rows.push_back({row.type, "connected here", connected(), row.connected});
    rows.push_back({row.type, "connected elsewhere", connected(kOtherAaa), {kElsewhere}});
  }
  return rows;
}

class SwxServerAssignmentState : public testing::TestWithParam<StateRow> {};

TEST_P(SwxServerAssignmentState, AnswersAsTheClauseSays) {
  const StateRow& row = GetParam();
  World world;
  world.given(kPlain, row.given);
  auto request = request_of(kPlain, row.type);
  request.apn.service_selection = "ims";
  request.apn.gateway = gateway(7);
  Non3gppRegistration after = row.given;
  if (row.expected.becomes == Becomes::kNobody) after = nobody();
  if (row.expected.becomes == Becomes::kRegistered) after = registered();
  expect_answer(world, kPlain, request, row.expected.result, row.given, after);
}

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_2_2_Step4, SwxServerAssignmentState,
                         testing::ValuesIn(every_type_in_every_state()));

// ---- The steps before -----------------------------------------------------------------------------------------------

struct Row {
  const char* clause;
  User user;
  int type;
  Non3gppRegistration given;
  void (*change)(ServerAssignmentRequest& request, Settings& settings);  // null: the plain request
  Result expected = result::kSuccess;
  std::optional<Non3gppRegistration> after{};  // absent: as it was
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.clause << ", type " << row.type; }

class SwxServerAssignment : public testing::TestWithParam<Row> {};

TEST_P(SwxServerAssignment, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.user, row.given);
  auto request = request_of(row.user, row.type);
  if (row.change != nullptr) row.change(request, world.settings);
  expect_answer(world, row.user, request, row.expected, row.given, row.after.value_or(row.given));
  EXPECT_TRUE(row.expected != kNone || world.wrote() == row.given.server.has_value());
}

void emergency(Request& request, Settings& /*settings*/) { request.emergency = true; }
void abroad(Request& request, Settings& /*settings*/) { request.apn.visited_network = kForeign; }
void at_partner(Request& request, Settings& /*settings*/) { request.apn.visited_network = kPartner; }
void emergency_abroad(Request& request, Settings& /*settings*/) {
  request.emergency = true;
  request.apn.visited_network = kForeign;
}
void redirecting(Request& /*request*/, Settings& settings) {
  settings.swx.other_aaa_server = OtherAaaServer::kRedirect;
}
constexpr auto kRedirected = result::kRedirectIndication;
const AaaServer kUpperCase{"AAA.Example.ORG", "EXAMPLE.org"};

// clang-format off
const Row kUserRows[] = {
    {"1: an IMSI that nobody has", kPlain, 1, nobody(), [](Request& r, Settings&) { r.user_name = kUnknownImsi; }, kUnknown},
    {"1: de-registration of an IMSI that nobody has", kPlain, 5, registered(), [](Request& r, Settings&) { r.user_name = kUnknownImsi; }, kUnknown},
    {"1: nothing", kPlain, 1, pending(), [](Request& r, Settings&) { r.user_name.clear(); }, kUnknown},
    {"1: a pseudonym", kPlain, 1, pending(), [](Request& r, Settings&) { r.user_name = "2" + r.user_name + "@realm"; }, kUnknown},
    {"1: a re-authentication", kPlain, 12, registered(), [](Request& r, Settings&) { r.user_name = "8" + r.user_name + "@realm"; }, kUnknown},
    {"1: an unknown type of an unknown user", kPlain, 99, nobody(), [](Request& r, Settings&) { r.user_name = kUnknownImsi; }, kUnknown},
    {"1: an NAI of EAP-AKA", kPlain, 1, pending(), [](Request& r, Settings&) { r.user_name = "0" + r.user_name + "@realm"; }, kYes, registered()},
    {"1: an NAI of EAP-AKA'", kPlain, 1, pending(), [](Request& r, Settings&) { r.user_name = "6" + r.user_name + "@realm"; }, kYes, registered()},
    {"1: an NAI without digit", kPlain, 5, registered(), [](Request& r, Settings&) { r.user_name += "@realm"; }, kYes, nobody()},
};

const Row kServerRows[] = {
    {"2: redirected", kPlain, 1, registered(kOtherAaa), redirecting, kRedirected},
    {"2: redirected, pending", kPlain, 1, pending(kOtherAaa), redirecting, kRedirected},
    {"2: redirected", kPlain, 5, connected(kOtherAaa), redirecting, kRedirected},
    {"2: redirected", kPlain, 12, registered(kOtherAaa), redirecting, kRedirected},
    {"2: redirected", kPlain, 13, registered(kOtherAaa), redirecting, kRedirected},
    {"2: redirected", kPlain, 14, registered(kOtherAaa), redirecting, kRedirected},
    {"2: redirected, a wrong type", kPlain, 0, registered(kOtherAaa), redirecting, kRedirected},
    {"2: an emergency takes nobody away", kPlain, 1, registered(kOtherAaa), emergency, kElsewhere},
    {"2: before the subscription", kNo3gpp, 1, registered(kOtherAaa), nullptr, kElsewhere},
    {"2: before the subscription", kBarred, 5, registered(kOtherAaa), nullptr, kElsewhere},
    {"2: before roaming", kRestricted, 1, registered(kOtherAaa), abroad, kElsewhere},
    {"2: a second before it lapses", kPlain, 1, pending(kOtherAaa, kNow + 1), nullptr, kElsewhere},
    {"2: the same in another case, pending", kPlain, 1, pending(kUpperCase), nullptr, kYes, registered()},
    {"2: the same in another case, connected", kPlain, 1, connected(kUpperCase), nullptr, kYes, connected()},
    {"2: the same in another case", kPlain, 5, connected(kUpperCase), nullptr, kYes, nobody()},
};

const Row kAccessRows[] = {
    {"3: no subscription, nobody", kNo3gpp, 1, nobody(), nullptr, kNone},
    {"3: no subscription, pending", kNo3gpp, 1, pending(), nullptr, kNone, nobody()},
    {"3: no subscription, connected", kNo3gpp, 1, connected(), nullptr, kNone, nobody()},
    {"3: no subscription, connected", kNo3gpp, 2, connected(), nullptr, kNone, nobody()},
    {"3: no subscription, connected", kNo3gpp, 12, connected(), nullptr, kNone, nobody()},
    {"3: no subscription, connected", kNo3gpp, 13, connected(), nullptr, kNone, nobody()},
    {"3: no subscription, connected", kNo3gpp, 14, connected(), nullptr, kNone, nobody()},
    {"3: no subscription, nobody", kNo3gpp, 14, nobody(), nullptr, kNone},
    {"3: no subscription, a wrong type", kNo3gpp, 0, nobody(), nullptr, kNone},
    {"3: barred, nobody", kBarred, 1, nobody(), nullptr, kNone},
    {"3: barred, pending", kBarred, 1, pending(), nullptr, kNone, nobody()},
    {"3: barred, connected", kBarred, 1, connected(), nullptr, kNone, nobody()},
    {"3: barred, connected", kBarred, 12, connected(), nullptr, kNone, nobody()},
    {"3: barred, connected", kBarred, 13, connected(), nullptr, kNone, nobody()},
    {"3: barred, and abroad", kBarred, 1, pending(), abroad, kNone, nobody()},
    {"3: barred, who leaves", kBarred, 4, connected(), nullptr, kYes, nobody()},
    {"3: barred, who leaves", kBarred, 5, connected(), nullptr, kYes, nobody()},
    {"3: barred, who leaves", kBarred, 8, connected(), nullptr, kYes, nobody()},
    {"3: barred, who leaves and is with nobody", kBarred, 5, nobody(), nullptr, kNot},
    {"3: barred, whose challenge failed", kBarred, 9, pending(), nullptr, kYes, nobody()},
    {"3: barred, whose challenge failed", kBarred, 10, connected(), nullptr, kYes},
    {"3: no subscription, who leaves", kNo3gpp, 4, connected(), nullptr, kYes, nobody()},
    {"3: no subscription, who leaves", kNo3gpp, 5, pending(), nullptr, kYes, nobody()},
    {"3: no subscription, who leaves", kNo3gpp, 8, connected(), nullptr, kYes, nobody()},
    {"3: no subscription, whose challenge failed", kNo3gpp, 9, pending(), nullptr, kYes, nobody()},
    {"3: no subscription, whose challenge failed", kNo3gpp, 10, pending(), nullptr, kYes, nobody()},
    {"3: no subscription, an emergency", kNo3gpp, 1, pending(), emergency, kYes, registered()},
    {"3: no subscription, an emergency", kNo3gpp, 12, registered(), emergency, kYes},
    {"3: no subscription, an emergency restored", kNo3gpp, 14, nobody(), emergency, kYes, registered()},
    {"3: no subscription, an emergency of a wrong type", kNo3gpp, 3, registered(), emergency, kWrongType},
    {"3: barred, an emergency", kBarred, 1, pending(), emergency, kYes, registered()},
    {"3: barred, an emergency", kBarred, 2, connected(), emergency, kYes},
};

const Row kRoamingRows[] = {
    {"4: abroad", kRestricted, 1, pending(), abroad, kNoRoaming},
    {"4: abroad, nobody", kRestricted, 1, nobody(), abroad, kNoRoaming},
    {"4: abroad, connected: stays so", kRestricted, 1, connected(), abroad, kNoRoaming},
    {"4: abroad", kRestricted, 2, connected(), abroad, kNoRoaming},
    {"4: abroad", kRestricted, 14, nobody(), abroad, kNoRoaming},
    {"4: abroad, connected: stays so", kRestricted, 14, connected(), abroad, kNoRoaming},
    {"4: an emergency abroad", kRestricted, 1, pending(), emergency_abroad, kYes, registered()},
    {"4: an emergency abroad", kRestricted, 2, connected(), emergency_abroad, kYes},
    {"4: an emergency abroad", kRestricted, 14, nobody(), emergency_abroad, kYes, registered()},
    {"4: at a partner", kRestricted, 1, pending(), at_partner, kYes, registered()},
    {"4: at a partner", kRestricted, 14, nobody(), at_partner, kYes, registered()},
    {"4: no visited network", kRestricted, 1, pending(), nullptr, kYes, registered()},
    {"4: no list, everywhere", kPlain, 1, pending(), abroad, kYes, registered()},
    {"4: abroad, who leaves", kRestricted, 5, connected(), abroad, kYes, nobody()},
    {"4: abroad, whose challenge failed", kRestricted, 9, pending(), abroad, kYes, nobody()},
    {"4: abroad, the data alone", kRestricted, 12, registered(), abroad, kYes},
    {"4: no key set", kKeyless, 1, pending(), nullptr, kYes, registered()},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_2_2_Step1, SwxServerAssignment, testing::ValuesIn(kUserRows));
INSTANTIATE_TEST_SUITE_P(Clause8_1_2_2_2_Step2, SwxServerAssignment, testing::ValuesIn(kServerRows));
INSTANTIATE_TEST_SUITE_P(Clause8_1_2_2_2_Step3, SwxServerAssignment, testing::ValuesIn(kAccessRows));
INSTANTIATE_TEST_SUITE_P(Clause8_1_2_2_2_Step4Roaming, SwxServerAssignment, testing::ValuesIn(kRoamingRows));

// ---- With Multimedia-Auth -------------------------------------------------------------------------------------------

Result authenticate(World& world, const AaaServer& from) {
  MultimediaAuthRequest request;
  request.origin = node(from);
  request.user_name = imsi_of(kPlain);
  request.scheme = "EAP-AKA";
  return multimedia_auth(request, world.repository, world.context()).verdict.result;
}

Result assign(World& world, int type, const AaaServer& from) {
  auto request = request_of(kPlain, type);
  request.origin = node(from);
  return server_assignment(request, world.repository, world.context()).verdict.result;
}

TEST(SwxServerAssignmentTest, AUserComesStaysAndGoes) {
  World world;
  EXPECT_EQ(authenticate(world, kAaa), kYes);
  EXPECT_EQ(assign(world, 12, kAaa), kNot) << "authentication is pending only";
  EXPECT_EQ(assign(world, 1, kAaa), kYes);
  EXPECT_EQ(authenticate(world, kOtherAaa), kElsewhere);
  EXPECT_EQ(authenticate(world, kAaa), kYes);
  EXPECT_EQ(assign(world, 9, kAaa), kYes) << "a challenge that failed";
  EXPECT_EQ(world.after(kPlain), registered()) << "does not end the registration";
  world.now += 1000;
  EXPECT_EQ(assign(world, 12, kAaa), kYes) << "which does not lapse";
  EXPECT_EQ(assign(world, 5, kAaa), kYes);
  EXPECT_EQ(authenticate(world, kOtherAaa), kYes);
  EXPECT_EQ(assign(world, 1, kOtherAaa), kYes);
  EXPECT_EQ(world.after(kPlain), registered(kOtherAaa));
  world.expect_cx_untouched();
}

TEST(SwxServerAssignmentTest, AClaimLapses) {
  World world;
  EXPECT_EQ(authenticate(world, kAaa), kYes);
  world.now = kUntil - 1;
  EXPECT_EQ(assign(world, 1, kOtherAaa), kElsewhere);
  world.now = kUntil;
  EXPECT_EQ(assign(world, 5, kAaa), kNot);
  EXPECT_EQ(assign(world, 1, kOtherAaa), kYes);
  EXPECT_EQ(world.after(kPlain), registered(kOtherAaa));
}

TEST(SwxServerAssignmentTest, TheStoredServerIsTheOneThatAskedLast) {
  World world;
  world.given(kPlain, connected({"AAA.example.org", "old.example.org"}));
  EXPECT_EQ(assign(world, 1, kAaa), kYes);
  EXPECT_EQ(world.after(kPlain), connected());
}

TEST(SwxServerAssignmentTest, AnAnswerThatChangesNothingWritesNothing) {
  for (const int type : {1, 2, 9, 10, 12}) {
    World world;
    world.given(kPlain, connected());
    EXPECT_EQ(assign(world, type, kAaa), kYes);
    EXPECT_FALSE(world.wrote()) << "type " << type;
  }
}

TEST(SwxServerAssignmentTest, WithoutAnApnNobodyHasTheUser) {
  World world;
  auto non_3gpp = plain_non_3gpp();
  non_3gpp.apns.clear();
  world.repository.add(kPlain, non_3gpp);
  world.given(kPlain, connected());
  EXPECT_EQ(assign(world, 1, kAaa), kNone);
  EXPECT_EQ(world.after(kPlain), nobody());
}

// ---- What is told ---------------------------------------------------------------------------------------------------

TEST(SwxServerAssignmentTest, TellsOfItsSteps) {
  struct Told {
    User user;
    int type;
    Non3gppRegistration given;
    void (*change)(Request& request, Settings& settings);
    std::vector<std::string> steps;
  };
  const std::string plain = "step 1: the user is IMSI 001010000000001";
  const std::string pending_here = "step 2: authentication is pending with aaa.example.org";
  const std::string registered_here = "step 2: registered with aaa.example.org";
  const std::string allowed = "step 3: non-3GPP access is allowed";
  // clang-format off
  const Told rows[] = {
      {kPlain, 1, pending(), nullptr,
       {plain, pending_here, allowed, "step 4: registered with aaa.example.org, the user data is returned"}},
      {kPlain, 1, nobody(), nullptr,
       {plain, "step 2: no 3GPP AAA server has the user", allowed,
        "step 4: registered with aaa.example.org, the user data is returned; no MAR came before"}},
      {kPlain, 5, registered(), nullptr, {plain, registered_here, allowed, "step 4: the user is with nobody any more"}},
      {kPlain, 9, pending(), nullptr, {plain, pending_here, allowed, "step 4: authentication is not pending any more"}},
      {kPlain, 10, registered(), nullptr, {plain, registered_here, allowed, "step 4: the user stays registered"}},
      {kPlain, 12, pending(), nullptr,
       {plain, pending_here, allowed, "step 4: authentication is pending with aaa.example.org"}},
      {kPlain, 3, registered(), nullptr,
       {plain, registered_here, allowed, "step 4: not a Server-Assignment-Type of SWx"}},
      {kPlain, 1, registered(kOtherAaa), nullptr, {plain, "step 2: registered with aaa2.example.org"}},
      {kBarred, 1, nobody(), nullptr,
       {"step 1: the user is IMSI 001010000000003", "step 2: no 3GPP AAA server has the user",
        "step 3: non-3GPP access is barred"}},
      {kBarred, 5, registered(), nullptr,
       {"step 1: the user is IMSI 001010000000003", registered_here,
        "step 3: non-3GPP access is barred, which does not keep the user from leaving",
        "step 4: the user is with nobody any more"}},
      {kNo3gpp, 1, pending(), emergency,
       {"step 1: the user is IMSI 001010000000002", pending_here,
        "step 3: it has no subscription to non-3GPP access, but it is an emergency",
        "step 4: registered with aaa.example.org, no user data"}},
      {kPlain, 1, pending(), [](Request& r, Settings&) { r.user_name = "2" + r.user_name + "@realm"; },
       {"step 1: User-Name is no IMSI, nor a permanent identity of EAP-AKA or EAP-AKA' that holds one"}},
  };
  // clang-format on
  for (const Told& row : rows) {
    World world;
    world.given(row.user, row.given);
    Steps steps;
    auto request = request_of(row.user, row.type);
    if (row.change != nullptr) row.change(request, world.settings);
    server_assignment(request, world.repository, world.context(&steps));
    EXPECT_EQ(steps.lines, row.steps) << "type " << row.type;
  }
}

}  // namespace
}  // namespace hss::swx::test
