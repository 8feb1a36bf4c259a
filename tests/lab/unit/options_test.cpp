// The command line of hsslab: what is derived, what is refused, and that no key is repeated.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "hss/sqn.h"
#include "tests/lab/lab.h"
#include "tests/lab/unit/card_fixture.h"

namespace hss::lab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Result {
  int code = -1;
  std::string out;
  std::string err;
};

Result lab(const std::vector<std::string>& arguments, const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Result result;
  result.code = run(arguments, Environment{.in = in, .out = out, .err = err});
  result.out = out.str();
  result.err = err.str();
  return result;
}

const std::string kKey = to_hex(kK);
const std::string kOpText = to_hex(kOp);

// ---- Derived identities ---------------------------------------------------------------------------------------------

struct Derived {
  const char* name;
  std::string home;  // --realm
  std::string imsi;
  std::string impi;
  std::string impu;
  // What comes of it.
  std::string phone_imsi;
  std::string phone_impi;
  std::string phone_impu;
  std::string realm;
};

class DerivedTest : public testing::TestWithParam<Derived> {};

Phone phone_of(Run& run, const std::string& imsi, const std::string& impi, const std::string& impu,
               const std::string& sqn = {}) {
  CardOptions card;
  card.imsi = imsi;
  card.impi = impi;
  card.impu = impu;
  card.keys.k.text = kKey;
  card.keys.op.text = kOpText;
  card.keys.sqn = sqn;
  return run.phone(card);
}

TEST_P(DerivedTest, AsTs23003Says) {
  const Derived& row = GetParam();
  std::istringstream in;
  std::ostringstream out;
  Environment environment{.in = in, .out = out, .err = out};
  CommonOptions options;
  options.realm = row.home;
  lab::Run run(options, "test", environment);
  const Phone phone = phone_of(run, row.imsi, row.impi, row.impu);
  EXPECT_EQ(phone.imsi, row.phone_imsi);
  EXPECT_EQ(phone.impi, row.phone_impi);
  EXPECT_EQ(phone.impu, row.phone_impu);
  EXPECT_EQ(run.realm_of(phone), row.realm);
}

const std::string kImsi = "001010000000001";
const std::string kHome = "ims.mnc001.mcc001.3gppnetwork.org";

INSTANTIATE_TEST_SUITE_P(
    Each, DerivedTest,
    testing::Values(
        Derived{"Imsi", "", kImsi, "", "", kImsi, kImsi + "@" + kHome, "sip:" + kImsi + "@" + kHome, kHome},
        Derived{"ThreeDigitsByCountry", "", "310410000000001", "", "", "310410000000001",
                "310410000000001@ims.mnc410.mcc310.3gppnetwork.org",
                "sip:310410000000001@ims.mnc410.mcc310.3gppnetwork.org", "ims.mnc410.mcc310.3gppnetwork.org"},
        Derived{"ThreeDigitsByRealm", "ims.mnc010.mcc001.3gppnetwork.org", kImsi, "", "", kImsi,
                kImsi + "@ims.mnc010.mcc001.3gppnetwork.org", "sip:" + kImsi + "@ims.mnc010.mcc001.3gppnetwork.org",
                "ims.mnc010.mcc001.3gppnetwork.org"},
        Derived{"RealmOfItsOwn", "example.org", kImsi, "", "", kImsi, kImsi + "@" + kHome, "sip:" + kImsi + "@" + kHome,
                "example.org"},
        Derived{
            "Impi", {}, "", "alice@example.org", "", "", "alice@example.org", "sip:alice@example.org", "example.org"},
        Derived{"ImpiOfAnImsi", "", "", kImsi + "@example.org", "", kImsi, kImsi + "@example.org",
                "sip:" + kImsi + "@example.org", "example.org"},
        Derived{"AsTyped", "", kImsi, "Alice@Example.org", "tel:+1555", kImsi, "Alice@Example.org", "tel:+1555",
                "Example.org"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(PhoneTest, SqnSaysWhatTheCardTookLast) {
  std::istringstream in;
  std::ostringstream out;
  Environment environment{.in = in, .out = out, .err = out};
  lab::Run run({}, "test", environment);
  EXPECT_EQ(phone_of(run, kImsi, "", "").card.sqn_ms(), 0U);
  EXPECT_EQ(seq_of(phone_of(run, kImsi, "", "", "000000000a40").card.sqn_ms(), 5), 0xa40U >> 5U);
}

// ---- Refused --------------------------------------------------------------------------------------------------------

struct Wrong {
  const char* name;
  std::vector<std::string> arguments;
  const char* error;
  int code = 2;
};

class WrongCommandLine : public testing::TestWithParam<Wrong> {};

TEST_P(WrongCommandLine, IsOneLineWithoutAKey) {
  const Wrong& row = GetParam();
  const Result result = lab(row.arguments);
  EXPECT_EQ(result.code, row.code);
  EXPECT_THAT(result.err, AllOf(HasSubstr(row.error), Not(HasSubstr(kKey.substr(0, 16)))));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

std::vector<std::string> with_keys(std::vector<std::string> arguments) {
  for (const std::string& each : {std::string("--k"), kKey, std::string("--op"), kOpText}) arguments.push_back(each);
  return arguments;
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongCommandLine,
    testing::Values(
        Wrong{"NoVerb", {}, "no command"}, Wrong{"UnknownVerb", {"sing"}, "see 'hsslab --help'"},
        Wrong{"KeyOutOfPlace", {"register", kKey}, "an argument too many"},
        Wrong{"UnknownOption", {"register", "--kk=" + kKey}, "unknown option --kk"},
        Wrong{"KeyAsNumber", {"register", "--items", kKey}, "register: "},
        Wrong{"NoIdentity", with_keys({"register"}), "give --imsi"},
        Wrong{"NoDomain", with_keys({"register", "--impi", "alice"}), "--impi: has no domain"},
        Wrong{"ImsiIsNone", with_keys({"register", "--imsi", "0010x"}), "--imsi: must be 6 to 15 digits"},
        Wrong{"NoKeys", {"register", "--imsi", kImsi}, "the card needs its keys"},
        Wrong{"ShortKey", {"register", "--imsi", kImsi, "--k", kKey.substr(2), "--op", kOpText}, "--k: "},
        Wrong{"NoOp", {"register", "--imsi", kImsi, "--k", kKey}, "--opc"},
        Wrong{"XorOfNoTestCard", {"register", "--imsi", kImsi, "--algorithm", "xor", "--k", kKey}, "--test-card"},
        Wrong{"UnknownFault", with_keys({"register", "--imsi", kImsi, "--fault", "tired"}), "--fault: no such word"},
        Wrong{"FaultWithoutOp",
              {"register", "--imsi", kImsi, "--k", kKey, "--opc", kOpText, "--fault", "op-for-opc"},
              "OP is not known"},
        Wrong{"AgeLimit", with_keys({"register", "--imsi", kImsi, "--age-limit", "0"}), "--age-limit: "},
        Wrong{"Sqn", with_keys({"register", "--imsi", kImsi, "--sqn", "12"}), "--sqn: "},
        Wrong{"Target", with_keys({"register", "--imsi", kImsi, "--hss", "a:b:c"}), "--hss: must be"},
        Wrong{"Jump", with_keys({"resync", "--imsi", kImsi, "--ahead", "far"}), "--ahead: must be"},
        Wrong{"Window", with_keys({"resync", "--imsi", kImsi, "--window", "3"}), "--window: must be"},
        Wrong{"WindowTwice", with_keys({"resync", "--imsi", kImsi, "--window", "32", "--ind-bits", "5"}), "give one"},
        Wrong{"TwoWays", with_keys({"resync", "--imsi", kImsi, "--ahead", "1", "--out-of-order"}), "give one"},
        Wrong{"SwxNeedsAnImsi", with_keys({"push", "--swx", "--impi", "alice@example.org"}), "give --imsi"},
        Wrong{"PushAnswer", with_keys({"push", "--imsi", kImsi, "--answer", "maybe"}), "maybe not in"},
        // Port 1 of the loopback: nobody is there.
        Wrong{"NobodyListens", with_keys({"register", "--imsi", kImsi, "--hss", "127.0.0.1:1"}),
              "nobody listens at 127.0.0.1:1: start the HSS ('./dev serve') or name it with --hss", 1},
        Wrong{"KeysFileIsNotThere", {"register", "--imsi", kImsi, "--keys-file", "/nowhere/card"}, "cannot be read"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(HelpTest, EveryVerbHasOne) {
  for (const char* verb : {"register", "resync", "swx", "push", "storm", "load"}) {
    const Result result = lab({verb, "--help"});
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110U) << line;
    EXPECT_EQ(result.code, 0) << verb;
    EXPECT_THAT(result.out, AllOf(HasSubstr("Usage: hsslab " + std::string(verb)), HasSubstr("Example:"))) << verb;
  }
  EXPECT_THAT(lab({"--version"}).out, HasSubstr("hsslab "));
}

TEST(RunTest, FilesAreWrittenOfAFlowThatBreaksOff) {
  std::string name = (std::filesystem::temp_directory_path() / "lab-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::string page = name + "/page.html";
  std::istringstream in;
  std::ostringstream out;
  Environment environment{.in = in, .out = out, .err = out};
  {
    CommonOptions options;
    options.html = page;
    lab::Run run(options, "a title", environment);
    run.problem(Party::kUe, "it broke off here");
  }
  std::ifstream file(page);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(text, AllOf(HasSubstr("it broke off here"), HasSubstr("a title")));
  std::filesystem::remove_all(name);
}

TEST(TitleTest, SaysWhatWasRunAndForWhom) {
  CardOptions card;
  card.imsi = " 001010000000001";
  EXPECT_EQ(title_of("register", card), "hsslab register, IMSI 001010000000001");
  card.fault = "other-k";
  EXPECT_EQ(title_of("swx", card, {"EAP-AKA"}), "hsslab swx, IMSI 001010000000001, fault other-k, EAP-AKA");
  card = {};
  card.impi = "alice@example.org";
  EXPECT_EQ(title_of("push", card, {"Cx"}), "hsslab push, IMPI alice@example.org, Cx");
}

// Nobody listens there: the flow breaks off, and its page has the title all the same.
TEST(TitleTest, OfThePageOfEachVerb) {
  std::string directory = (std::filesystem::temp_directory_path() / "lab-XXXXXX").string();
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  const std::string page = directory + "/page.html";
  const auto title = [&](std::vector<std::string> arguments) {
    for (const char* each : {"--imsi", "001010000000001", "--hss", "127.0.0.1:1", "--html"})
      arguments.emplace_back(each);
    arguments.push_back(page);
    EXPECT_EQ(lab(with_keys(arguments)).code, 1);
    std::ifstream file(page);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto begin = text.find("<title>") + 7;
    return text.substr(begin, text.find("</title>") - begin);
  };
  EXPECT_EQ(title({"register"}), "hsslab register, IMSI 001010000000001");
  EXPECT_EQ(title({"register", "--fault", "other-k"}), "hsslab register, IMSI 001010000000001, fault other-k");
  EXPECT_EQ(title({"resync"}), "hsslab resync, IMSI 001010000000001, card ahead: one");
  EXPECT_EQ(title({"resync", "--ahead", "2^20", "--other-slot", "--window", "256"}),
            "hsslab resync, IMSI 001010000000001, card ahead: 2^20 in another slot, slots: 256");
  EXPECT_EQ(title({"resync", "--out-of-order", "--age-limit", "9"}),
            "hsslab resync, IMSI 001010000000001, vectors out of order, age limit: 9");
  EXPECT_EQ(title({"swx", "--scheme", "eap-aka", "--ahead", "one"}),
            "hsslab swx, IMSI 001010000000001, EAP-AKA, card ahead: one");
  EXPECT_EQ(title({"push", "--swx"}), "hsslab push, IMSI 001010000000001, SWx");
  std::filesystem::remove_all(directory);
}

TEST(RunTest, FileThatCannotBeWrittenIsAFailure) {
  std::istringstream in;
  std::ostringstream out;
  Environment environment{.in = in, .out = out, .err = out};
  CommonOptions options;
  options.pcap = "/nowhere/at/all.pcap";
  lab::Run run(options, "test", environment);
  EXPECT_THROW(run.finish(), LabFailure);
}

}  // namespace
}  // namespace hss::lab
