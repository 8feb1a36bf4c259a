// SPDX-License-Identifier: MIT
#include "provisioning/hide_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hss::provisioning {
namespace {

using testing::ElementsAre;

std::vector<std::string> hidden(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  hide_values(pointers);
  return arguments;
}

TEST(HideValues, AKeyAfterItsOptionOrBehindTheEqualsSign) {
  EXPECT_THAT(hidden({"hssctl", "--k", "abcd", "--opc=12", "--imsi", "00101"}),
              ElementsAre("hssctl", "--k", "****", "--opc=**", "--imsi", "00101"));
  EXPECT_THAT(hidden({"hssctl", "--op", "1", "--topc", "2", "--top=3", "--ha1", "4", "--sip-password", "5=5"}),
              ElementsAre("hssctl", "--op", "*", "--topc", "*", "--top=*", "--ha1", "*", "--sip-password", "***"));
}

TEST(HideValues, OptionsThatOnlyBeginLikeOneStay) {
  EXPECT_THAT(hidden({"hssctl", "--keys-file", "card.keys", "--key-set=0", "--k"}),
              ElementsAre("hssctl", "--keys-file", "card.keys", "--key-set=0", "--k"));
}

}  // namespace
}  // namespace hss::provisioning
