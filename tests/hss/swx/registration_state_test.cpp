// Where a user stands on SWx, and how it moves.
// SPDX-License-Identifier: MIT
#include "hss/swx/registration_state.h"

#include <functional>

#include "tests/hss/swx/fixture.h"

namespace hss::swx::test {
namespace {

Non3gppRegistration claimed(UnixTime until = kUntil) { return pending(kAaa, until); }

struct Row {
  const char* clause;
  Non3gppRegistration given;
  std::function<void(RegistrationState&)> change;
  Non3gppRegistration expected;
  bool writes = true;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class SwxRegistrationState : public testing::TestWithParam<Row> {};

TEST_P(SwxRegistrationState, Moves) {
  const Row& row = GetParam();
  World world;
  world.given(kPlain, row.given);

  RegistrationState state(kPlain, world.repository, kNow);
  row.change(state);
  EXPECT_EQ(state.now(), row.expected);
  EXPECT_EQ(state.registered(), row.expected.registered);
  EXPECT_FALSE(world.wrote()) << "not before save()";
  state.save();
  EXPECT_EQ(world.wrote(), row.writes);
  EXPECT_EQ(world.after(kPlain), row.expected);

  world.start();
  state.save();
  EXPECT_FALSE(world.wrote()) << "what is stored is not written again";
}

void nothing(RegistrationState&) {}
void expect(RegistrationState& state) { state.expect(node(kAaa), kUntil); }
void take(RegistrationState& state) { state.register_with(node(kAaa)); }
void forget(RegistrationState& state) { state.forget(); }

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2, SwxRegistrationState,
    testing::Values(
        Row{"nobody: nothing to write", nobody(), nothing, nobody(), false},
        Row{"pending", pending(), nothing, pending(), false},
        Row{"pending has lapsed", lapsed(), nothing, nobody()},
        Row{"registered does not lapse", connected(), nothing, connected(), false},
        Row{"expect: nobody", nobody(), expect, claimed()},
        Row{"expect: pending is prolonged", pending(), expect, claimed()},
        Row{"expect: pending elsewhere", pending(kOtherAaa), expect, claimed()},
        Row{"expect: registered there stays", connected(), expect, connected(), false},
        Row{"expect: another spelling of the host", connected({"AAA.Example.org", "old"}), expect, connected()},
        Row{"expect: registered elsewhere is not any more", connected(kOtherAaa), expect, claimed()},
        Row{"register: nobody", nobody(), take, registered()},
        Row{"register: pending", pending(), take, registered()},
        Row{"register: again", connected(), take, connected(), false},
        Row{"connections", connected(), [](RegistrationState& s) { s.set_active_apns({}); }, registered()},
        Row{"forget: registered", connected(), forget, nobody()},
        Row{"forget: pending", pending(), forget, nobody()},
        Row{"forget: nobody", nobody(), forget, nobody(), false}));
// clang-format on

TEST(SwxRegistrationStateTest, KnowsWhoHasTheUser) {
  World world;
  const auto held = [&](const Non3gppRegistration& given, const char* host) {
    world.given(kPlain, given);
    const RegistrationState state(kPlain, world.repository, kNow);
    return std::string(state.held_by(host) ? "here" : "") + (state.held_elsewhere(host) ? "elsewhere" : "");
  };
  EXPECT_EQ(held(nobody(), "aaa.example.org"), "");
  EXPECT_EQ(held(connected(), "aaa.example.org"), "here");
  EXPECT_EQ(held(connected(), "AAA.example.ORG"), "here");
  EXPECT_EQ(held(connected(kOtherAaa), "aaa.example.org"), "elsewhere");
  EXPECT_EQ(held(pending(), "aaa.example.org"), "here");
  EXPECT_EQ(held(pending(kOtherAaa), "aaa.example.org"), "elsewhere");
  EXPECT_EQ(held(lapsed(kOtherAaa), "aaa.example.org"), "") << "lapsed";
}

}  // namespace
}  // namespace hss::swx::test
