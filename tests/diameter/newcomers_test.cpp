// Whose CER may go on, with peers and a clock of the test's own.
// SPDX-License-Identifier: MIT
#include "diameter/newcomers.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace hss::diameter {
namespace {

using Known = Newcomers::Known;

class NewcomersTest : public ::testing::Test {
 protected:
  static Newcomers::Clock::time_point at(int ms) {
    return Newcomers::Clock::time_point(std::chrono::hours(1)) + std::chrono::milliseconds(ms);
  }
  std::map<std::string, Known> peers_;
  Newcomers newcomers_{[this](const std::string& name) {
    const auto found = peers_.find(name);
    return found == peers_.end() ? Known::kNothing : found->second;
  }};
};

TEST_F(NewcomersTest, OneOfANameAtATime) {
  EXPECT_TRUE(newcomers_.claim("a", at(0)));
  EXPECT_FALSE(newcomers_.claim("a", at(1)));
  EXPECT_TRUE(newcomers_.claim("b", at(1)));
  newcomers_.settled("a");
  EXPECT_TRUE(newcomers_.claim("a", at(2)));
  EXPECT_FALSE(newcomers_.claim("b", at(2)));
}

TEST_F(NewcomersTest, NotWhileThereIsAPeerOfThatName) {
  EXPECT_TRUE(newcomers_.claim("a", at(0)));
  peers_["a"] = Known::kPeer;  // refused, and about to end
  newcomers_.settled("a");
  EXPECT_FALSE(newcomers_.claim("a", at(1)));
  peers_["a"] = Known::kNothing;
  EXPECT_TRUE(newcomers_.claim("a", at(2)));
}

TEST_F(NewcomersTest, WhomTheConfigurationNamesIsNeverKeptWaiting) {
  peers_["a"] = Known::kOurs;
  EXPECT_TRUE(newcomers_.claim("a", at(0)));
  EXPECT_TRUE(newcomers_.claim("a", at(0)));
}

TEST_F(NewcomersTest, OneThatNeverSettlesIsForgotten) {
  EXPECT_TRUE(newcomers_.claim("a", at(0)));
  EXPECT_FALSE(newcomers_.claim("a", at(2000)));
  EXPECT_TRUE(newcomers_.claim("a", at(2001)));
  newcomers_.settled("nobody");
}

}  // namespace
}  // namespace hss::diameter
