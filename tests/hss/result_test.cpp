// The names of results.
// SPDX-License-Identifier: MIT
#include "hss/result.h"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace hss {
namespace {

TEST(ResultName, IsTheSpecificationsOne) {
  struct Row {
    std::uint32_t vendor;
    std::uint32_t code;
    std::string_view name;
  };
  // The numbers are written out: the constants must mean them.
  const Row rows[] = {
      {0, 2001, "DIAMETER_SUCCESS"},
      {0, 2002, "DIAMETER_LIMITED_SUCCESS"},
      {0, 3001, "DIAMETER_COMMAND_UNSUPPORTED"},
      {0, 3002, "DIAMETER_UNABLE_TO_DELIVER"},
      {0, 3003, "DIAMETER_REALM_NOT_SERVED"},
      {0, 3004, "DIAMETER_TOO_BUSY"},
      {0, 3005, "DIAMETER_LOOP_DETECTED"},
      {0, 3007, "DIAMETER_APPLICATION_UNSUPPORTED"},
      {0, 3008, "DIAMETER_INVALID_HDR_BITS"},
      {0, 3009, "DIAMETER_INVALID_AVP_BITS"},
      {0, 4002, "DIAMETER_OUT_OF_SPACE"},
      {0, 5001, "DIAMETER_AVP_UNSUPPORTED"},
      {0, 5003, "DIAMETER_AUTHORIZATION_REJECTED"},
      {0, 5004, "DIAMETER_INVALID_AVP_VALUE"},
      {0, 5005, "DIAMETER_MISSING_AVP"},
      {0, 5008, "DIAMETER_AVP_NOT_ALLOWED"},
      {0, 5009, "DIAMETER_AVP_OCCURS_TOO_MANY_TIMES"},
      {0, 5010, "DIAMETER_NO_COMMON_APPLICATION"},
      {0, 5012, "DIAMETER_UNABLE_TO_COMPLY"},
      {0, 5014, "DIAMETER_INVALID_AVP_LENGTH"},
      {10415, 2001, "DIAMETER_FIRST_REGISTRATION"},
      {10415, 2002, "DIAMETER_SUBSEQUENT_REGISTRATION"},
      {10415, 2003, "DIAMETER_UNREGISTERED_SERVICE"},
      {10415, 2004, "DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED"},
      {10415, 5001, "DIAMETER_ERROR_USER_UNKNOWN"},
      {10415, 5002, "DIAMETER_ERROR_IDENTITIES_DONT_MATCH"},
      {10415, 5003, "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED"},
      {10415, 5004, "DIAMETER_ERROR_ROAMING_NOT_ALLOWED"},
      {10415, 5005, "DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED"},
      {10415, 5006, "DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED"},
      {10415, 5007, "DIAMETER_ERROR_IN_ASSIGNMENT_TYPE"},
      {10415, 5008, "DIAMETER_ERROR_TOO_MUCH_DATA"},
      {10415, 5009, "DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA"},
      {10415, 5011, "DIAMETER_ERROR_FEATURE_UNSUPPORTED"},
      {0, 0, "UNKNOWN_RESULT"},
      {0, 2003, "UNKNOWN_RESULT"},
      {10415, 5012, "UNKNOWN_RESULT"},
      {1, 2001, "UNKNOWN_RESULT"},
  };
  for (const Row& row : rows) EXPECT_EQ(name_of(Result{row.vendor, row.code}), row.name);
}

TEST(Result, OfTheTwoFamiliesAreNeverEqual) {
  EXPECT_NE(result::kSuccess, result::kFirstRegistration);
  EXPECT_EQ(result::kSuccess.code, result::kFirstRegistration.code);
  EXPECT_EQ(Verdict{}.result, result::kUnableToComply);
}

}  // namespace
}  // namespace hss
