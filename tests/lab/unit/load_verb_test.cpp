// hsslab load and storm as they are typed: exit codes, what is printed, what is written.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/lab/lab.h"
#include "tests/lab/unit/load_responder.h"

namespace hss::lab {
namespace {

using namespace load_test;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Arguments = std::vector<std::string>;

constexpr ResultOf kSuccess{0, 2001};
const Arguments kKeys{"--k", "465b5ce8b199b49faa5f0a2ee238a6bc", "--opc", "cd63cb71954a9f4e48a5994e37a02baf"};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome type(Arguments arguments, const Arguments& more = {}) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int code = run(arguments, Environment{in, out, err});
  return {code, out.str(), err.str()};
}

/// A verb with 20 users of an HSS; a load is short.
Arguments verb(const std::string& name, const LoadResponder& hss) {
  Arguments arguments{
      name,           "--hss",          "127.0.0.1:" + std::to_string(hss.target().port), "--users", "20",
      "--first-imsi", "001010000000001"};
  if (name == "load") arguments.insert(arguments.end(), {"--duration", "0.1", "--in-flight", "2"});
  return arguments;
}

LoadResponder::Reaction succeed(const Message& request) {
  static std::atomic<std::uint64_t> sqn = 0;
  sqn += 0x20;
  std::vector<Avp> more;
  if (request.command == command::kMultimediaAuth) {
    more.push_back(vector_avp(make_vector(test_keys(), sqn, Octets<16>{1})));
  }
  return {{answer_to(request, kSuccess, std::move(more))}};
}

LoadResponder::Reaction refuse(const Message& request) { return {{answer_to(request, {kVendor3gpp, 5001})}}; }

TEST(LoadVerb, PrintsAndWritesTheHistogram) {
  const LoadResponder hss(succeed);
  const auto file = std::filesystem::path(::testing::TempDir()) / ("load." + std::to_string(hss.target().port));
  const Outcome outcome = type(verb("load", hss), {"--histogram", file.string()});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("MAR, 20 users, 1 connection, 2 in flight, as fast as possible\n"));
  EXPECT_THAT(outcome.out, HasSubstr("DIAMETER_SUCCESS (2001)\n"));
  std::stringstream written;
  written << std::ifstream(file).rdbuf();
  EXPECT_THAT(written.str(), StartsWith("       Value     Percentile TotalCount 1/(1-Percentile)\n\n"));
  EXPECT_THAT(written.str(), HasSubstr("\n#[Buckets ="));
  std::filesystem::remove(file);
}

TEST(LoadVerb, Json) {
  const LoadResponder hss(succeed);
  const Outcome outcome = type(verb("load", hss), {"--mix", "registration", "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["mix"], "registration");
  EXPECT_EQ(json["requests"].size(), 3U);
  EXPECT_GT(json["procedures"]["count"], 0);
}

TEST(LoadVerb, VerifiesVectors) {
  const LoadResponder hss(succeed);
  const Outcome right = type(verb("load", hss), Arguments{"--verify", kKeys[0], kKeys[1], kKeys[2], kKeys[3]});
  EXPECT_EQ(right.code, 0) << right.err;
  EXPECT_THAT(right.out, HasSubstr(" vectors, 0 of them wrong\n"));
  const Outcome wrong = type(verb("load", hss), Arguments{"--verify", kKeys[0], kKeys[3], kKeys[2], kKeys[1]});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, testing::ContainsRegex("the first: IMSI 0010100000[0-9]{5}: MAC-A is not of these keys"));
}

TEST(LoadVerb, FailsWhenNothingSucceeds) {
  const LoadResponder hss(refuse);
  const Outcome outcome = type(verb("load", hss));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)\n"));
  EXPECT_EQ(outcome.err,
            "hsslab: load: no request succeeded: are the subscribers provisioned, IMSI 001010000000001 to "
            "001010000000020?\n");
}

struct Wrong {
  std::string verb;
  Arguments more;
  std::string says;
};
class LoadUsageTest : public ::testing::TestWithParam<Wrong> {};
TEST_P(LoadUsageTest, IsRefused) {
  const LoadResponder hss(succeed);
  const Outcome outcome = type(verb(GetParam().verb, hss), GetParam().more);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().says));
  EXPECT_TRUE(hss.received().empty());
}
INSTANTIATE_TEST_SUITE_P(
    Rows, LoadUsageTest,
    ::testing::Values(Wrong{"load", {"--mix", "sar"}, "--mix: must be mar"},
                      Wrong{"load", {"--mix", "registration", "--connections", "11"}, "no user does two things"},
                      Wrong{"load", {"--connections", "21"}, "--connections: more than --users"},
                      Wrong{"load", {"--verify"}, "--k with --opc"}, Wrong{"load", kKeys, "keys are for --verify"},
                      Wrong{"load", {"--rate", "0"}, "--rate"}, Wrong{"load", {"--pcap", "x"}, "unknown option --pcap"},
                      Wrong{"storm", {}, "--k with --opc"}, Wrong{"storm", {"--ahead", "-1"}, "--ahead"}));

TEST(StormVerb, FailsWhenACardIsNotBack) {
  const LoadResponder hss(refuse);
  const Outcome outcome = type(verb("storm", hss), kKeys);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("20 not back: UAA says DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001) (the first: IMSI "
                                     "001010000000001)\n"));
  EXPECT_EQ(outcome.err, "hsslab: storm: 20 of 20 cards were not back within 2 MARs\n");
}

TEST(StormVerb, Json) {
  const LoadResponder hss(refuse);
  const Outcome outcome = type(verb("storm", hss), Arguments{"--json", kKeys[0], kKeys[1], kKeys[2], kKeys[3]});
  EXPECT_EQ(outcome.code, 1);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["back_within_two_mars"], 0);
  EXPECT_EQ(json["failures"][0]["count"], 20);
  EXPECT_EQ(json["ahead"], 1048576);
}

}  // namespace
}  // namespace hss::lab
