// Who stands in the turnstile, and what others see of it.
// SPDX-License-Identifier: MIT
#include "db/turnstile.h"

#include <gtest/gtest.h>

#include "tests/db/administration_fixture.h"

namespace hss::db::test {
namespace {

using TurnstileTest = AdministrationTest;

TEST_F(TurnstileTest, IsTakenWhileSomebodyStandsInIt) {
  const Turnstile mine(file_);
  const Turnstile other(file_);
  EXPECT_FALSE(mine.is_taken());
  {
    const Turnstile::Turn turn(other);
    EXPECT_TRUE(mine.is_taken());
    EXPECT_TRUE(mine.is_taken());
  }
  EXPECT_FALSE(mine.is_taken());
  const Turnstile::Turn turn(mine);
  EXPECT_TRUE(other.is_taken()) << "asking leaves nothing behind";
}

TEST_F(TurnstileTest, NobodyStandsInItOnceHeWrites) {
  const Turnstile other(file_);
  database_->write([&] { EXPECT_FALSE(other.is_taken()); });
}

}  // namespace
}  // namespace hss::db::test
