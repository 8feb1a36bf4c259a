// The words of pushes.
// SPDX-License-Identifier: MIT
#include "hss/push.h"

#include <gtest/gtest.h>

namespace hss {
namespace {

TEST(PushNames, AreTheSpecificationsOnes) {
  EXPECT_EQ(name_of(static_cast<DeregistrationReason>(0)), "PERMANENT_TERMINATION");
  EXPECT_EQ(name_of(static_cast<DeregistrationReason>(1)), "NEW_SERVER_ASSIGNED");
  EXPECT_EQ(name_of(static_cast<DeregistrationReason>(2)), "SERVER_CHANGE");
  EXPECT_EQ(name_of(static_cast<DeregistrationReason>(3)), "REMOVE_S-CSCF");
  EXPECT_EQ(name_of(static_cast<DeregistrationReason>(4)), "UNKNOWN_REASON");
}

TEST(PushNames, OfApplications) {
  EXPECT_EQ(name_of(Application::kCx), "Cx");
  EXPECT_EQ(name_of(Application::kSwx), "SWx");
}

TEST(PushNames, OfStatusAreDistinct) {
  EXPECT_EQ(name_of(PushStatus::kWaiting), "waiting");
  EXPECT_EQ(name_of(PushStatus::kDone), "done");
  EXPECT_EQ(name_of(PushStatus::kRefused), "refused");
  EXPECT_EQ(name_of(PushStatus::kGivenUp), "given up");
  EXPECT_EQ(name_of(PushStatus::kObsolete), "obsolete");
  EXPECT_EQ(name_of(static_cast<PushStatus>(9)), "unknown");
}

}  // namespace
}  // namespace hss
