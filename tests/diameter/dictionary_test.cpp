// Our dictionary beside others', in every order of loading. libfdcore initialises once in a process, so each order runs
// in a process of its own.
// SPDX-License-Identifier: MIT
#include "diameter/dictionary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/diameter/harness.h"

namespace hss::diameter {
namespace {

using Extensions = std::vector<std::string>;

const Extensions k3gppDictionaries{"dict_nasreq.fdx", "dict_dcca.fdx", "dict_dcca_3gpp.fdx"};
const Extensions kSip{"dict_sip.fdx"};
const Extensions kEap{"dict_nasreq.fdx", "dict_eap.fdx"};
const Extensions kMany{"dict_nasreq.fdx",  "dict_eap.fdx",       "dict_dcca.fdx",  "dict_dcca_3gpp.fdx", "dict_sip.fdx",
                       "dict_rfc5777.fdx", "dict_nas_mipv6.fdx", "dict_mip6i.fdx", "dict_mip6a.fdx"};

/// Empty when every object is there as it should be.
std::string defects() {
  for (const AvpDefinition& row : avp_table::kRows) {
    const std::string name = std::to_string(row.vendor) + "/" + std::to_string(row.code);
    dict_avp_data data{};
    if (fd_dict_getval(model_of(row), &data) != 0) return name + " has no data";
    if (data.avp_code != row.code || data.avp_vendor != row.vendor) return name + " is another AVP";
    if (std::string(data.avp_name) != row.name) return name + " is called " + data.avp_name;
    if (data.avp_flag_val != row.flags) return name + " has other flags";
  }
  for (std::uint32_t code = 300; code <= 305; ++code) {
    dict_object* const asked = request_object(code);
    if (asked == nullptr) return "no request " + std::to_string(code);
    dict_object* answer = nullptr;
    if (fd_dict_search(fd_g_config->cnf_dict, DICT_COMMAND, CMD_ANSWER, asked, &answer, ENOENT) != 0) {
      return "no answer " + std::to_string(code);
    }
    dict_cmd_data data{};
    if (fd_dict_getval(answer, &data) != 0 || data.cmd_flag_val != CMD_FLAG_PROXIABLE) return "answer without P";
  }
  if (application_object(kApplicationCx) == nullptr) return "no application";
  if (vendor_object(kVendor3gpp) == nullptr || vendor_object(kVendorEtsi) == nullptr) return "no vendor";
  return {};
}

[[noreturn]] void run(const Extensions& before, const Extensions& after) {
  try {
    fd_g_debug_lvl = FD_LOG_FATAL + 1;
    test::initialize_core();
    if (before.empty()) define_dictionary();
    test::read_configuration(before.empty() ? after : before);
    define_dictionary();
    define_dictionary();  // may be called again
    const std::string found = defects();
    std::fprintf(stderr, "%s\n", found.empty() ? "complete" : found.c_str());
    std::_Exit(found.empty() ? 0 : 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::_Exit(2);
  }
}

class DictionaryTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(DictionaryTest, Alone) { EXPECT_EXIT(run({}, {}), testing::ExitedWithCode(0), "complete"); }
TEST_F(DictionaryTest, BeforeThe3gppDictionary) {
  EXPECT_EXIT(run({}, k3gppDictionaries), testing::ExitedWithCode(0), "complete");
}
TEST_F(DictionaryTest, AfterThe3gppDictionary) {
  EXPECT_EXIT(run(k3gppDictionaries, {}), testing::ExitedWithCode(0), "complete");
}
TEST_F(DictionaryTest, BeforeTheSipDictionary) { EXPECT_EXIT(run({}, kSip), testing::ExitedWithCode(0), "complete"); }
TEST_F(DictionaryTest, AfterTheSipDictionary) { EXPECT_EXIT(run(kSip, {}), testing::ExitedWithCode(0), "complete"); }
TEST_F(DictionaryTest, BeforeTheEapDictionary) { EXPECT_EXIT(run({}, kEap), testing::ExitedWithCode(0), "complete"); }
TEST_F(DictionaryTest, AfterTheEapDictionary) { EXPECT_EXIT(run(kEap, {}), testing::ExitedWithCode(0), "complete"); }
TEST_F(DictionaryTest, BeforeAllOthers) { EXPECT_EXIT(run({}, kMany), testing::ExitedWithCode(0), "complete"); }
TEST_F(DictionaryTest, AfterAllOthers) { EXPECT_EXIT(run(kMany, {}), testing::ExitedWithCode(0), "complete"); }

TEST_F(DictionaryTest, NumbersOfTwoVendorsAreTwoAvps) {
  test::start();
  EXPECT_NE(model_of(avp_table::named("OC-Supported-Features")),
            model_of(avp_table::named("Primary-Charging-Collection-Function-Name")));
  EXPECT_NE(model_of(avp_table::named("Load")), model_of(avp_table::named("Session-Priority")));
}

TEST_F(DictionaryTest, TheTableHasEachAvpOnce) {
  for (const AvpDefinition& one : avp_table::kRows) {
    for (const AvpDefinition& other : avp_table::kRows) {
      if (&one == &other) continue;
      EXPECT_FALSE(one.vendor == other.vendor && one.code == other.code) << one.name;
      EXPECT_STRNE(one.name, other.name);
    }
    EXPECT_EQ(one.vendor != 0, (one.flags & kFlagV) != 0) << one.name;
  }
  for (std::uint32_t code = 600; code <= 667; ++code) {
    const auto rows = std::ranges::count_if(
        avp_table::kRows, [&](const AvpDefinition& row) { return row.vendor == kVendor3gpp && row.code == code; });
    EXPECT_EQ(rows, code == 627 ? 0 : 1) << code;
  }
}

}  // namespace
}  // namespace hss::diameter
