// hssctl init: what it makes, what it refuses, and that it leaves nothing half-done.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <ostream>

#include "directory.h"
#include "hss/settings.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> entries(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) names.push_back(entry.path().filename());
  return names;
}

class InitTest : public Directory {};

TEST_F(InitTest, MakesADirectoryThatOnlyItsOwnerReads) {
  init();
  EXPECT_EQ(mode_of(directory_), 0700U);
  EXPECT_EQ(mode_of(directory_ / "master.key"), 0600U);
  EXPECT_EQ(mode_of(directory_ / "hss.db"), 0600U);
  for (const char* name : {"freeDiameter.conf", "hss.toml", "hss.db", "master.key", "minihss.service", "tls/README"}) {
    EXPECT_TRUE(std::filesystem::exists(directory_ / name)) << name;
  }
  for (const std::string& name : entries(directory_)) EXPECT_THAT(name, Not(HasSubstr(".init-")));
}

TEST_F(InitTest, DefaultsAreTheDocumentedOnes) {
  init();
  const Settings settings = read_settings(directory_ / "hss.toml");
  EXPECT_EQ(settings.database, directory_ / "hss.db");
  EXPECT_EQ(settings.master_key, directory_ / "master.key");
  EXPECT_THAT(settings.listen, ElementsAre("127.0.0.1"));
  EXPECT_THAT(settings.peers,
              ElementsAre("icscf.ims.mnc001.mcc001.3gppnetwork.org", "scscf.ims.mnc001.mcc001.3gppnetwork.org",
                          "aaa.ims.mnc001.mcc001.3gppnetwork.org"));
  EXPECT_THAT(settings.applications, ElementsAre("cx", "swx"));
  EXPECT_THAT(settings.default_apns, ElementsAre("ims"));
  EXPECT_THAT(settings.cx.scscf_pool, ElementsAre("sip:scscf.ims.mnc001.mcc001.3gppnetwork.org:6060"));
  EXPECT_EQ(settings.home_domain, "ims.mnc001.mcc001.3gppnetwork.org");
  const std::string conf = read_file(directory_ / "freeDiameter.conf");
  EXPECT_THAT(conf, HasSubstr("\nIdentity = \"hss.ims.mnc001.mcc001.3gppnetwork.org\";\n"));
  EXPECT_THAT(conf, HasSubstr("\nRealm = \"ims.mnc001.mcc001.3gppnetwork.org\";\n"));
  EXPECT_THAT(conf, HasSubstr("\nPort = 3868;\n"));
  EXPECT_THAT(conf, HasSubstr("\nSecPort = 0;\n"));
  EXPECT_THAT(conf, HasSubstr("\nNo_SCTP;\n"));
  EXPECT_THAT(conf, HasSubstr("\nNo_IPv6;\n"));
  EXPECT_THAT(conf, HasSubstr("\nLoadExtension = \"" + extension_.string() + "\" : \"" + directory_.string() +
                              "/hss.toml\";\n"));
  EXPECT_THAT(conf, Not(HasSubstr("@")));
}

TEST_F(InitTest, TakesWhatIsGiven) {
  init({"--realm", "ims.example.org", "--host", "hss1.example.org", "--listen", "192.0.2.1", "--listen", "::1",
        "--port", "13868", "--peer", "*.example.org", "--scscf", "sip:s1.example.org 3", "--scscf",
        "sip:s2.example.org"});
  const Settings settings = read_settings(directory_ / "hss.toml");
  EXPECT_THAT(settings.listen, ElementsAre("192.0.2.1", "::1"));
  EXPECT_THAT(settings.peers, ElementsAre("*.example.org"));
  EXPECT_THAT(settings.cx.scscf_pool, ElementsAre("sip:s1.example.org 3", "sip:s2.example.org"));
  const std::string conf = read_file(directory_ / "freeDiameter.conf");
  EXPECT_THAT(conf, HasSubstr("\nIdentity = \"hss1.example.org\";\n"));
  EXPECT_THAT(conf, HasSubstr("\nPort = 13868;\n"));
  EXPECT_THAT(conf, Not(HasSubstr("\nNo_IPv6;")));
}

TEST_F(InitTest, SaysWhatToTypeNextAndWhoMayConnect) {
  const Outcome outcome = bare({"init", directory_.string(), "--extension", extension_.string()});
  EXPECT_THAT(outcome.out, HasSubstr("freeDiameterd -c " + directory_.string() + "/freeDiameter.conf"));
  EXPECT_THAT(outcome.out, HasSubstr("subscriber add"));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("icscf.ims.mnc001.mcc001.3gppnetwork.org, scscf."),
                                 HasSubstr(", aaa.ims.mnc001.mcc001.3gppnetwork.org (no --peer was given)")));
  EXPECT_EQ(outcome.err, "");
}

TEST_F(InitTest, KeepsWhatElseIsInTheDirectory) {
  std::filesystem::create_directory(directory_);
  ASSERT_EQ(::chmod(directory_.c_str(), 0755), 0);
  file("hss/notes.txt", "mine");
  init();
  EXPECT_EQ(read_file(directory_ / "notes.txt"), "mine");
  EXPECT_EQ(mode_of(directory_), 0755U);
}

TEST_F(InitTest, TheUnitRunsThisServer) {
  init();
  const std::string unit = read_file(directory_ / "minihss.service");
  EXPECT_THAT(unit, HasSubstr("\nExecStart=/usr/bin/freeDiameterd -c " + directory_.string() + "/freeDiameter.conf\n"));
  EXPECT_THAT(unit, HasSubstr("\nReadWritePaths=" + directory_.string() + "\n"));
  EXPECT_THAT(unit, HasSubstr("\nRestart=always\n"));
  EXPECT_THAT(unit, HasSubstr("\nIPAddressDeny=any\n")) << "it listens on loopback alone";
  EXPECT_THAT(unit, Not(HasSubstr("\nUser=root\n")));
  EXPECT_THAT(unit, Not(HasSubstr("@DIR@")));
}

TEST_F(InitTest, TheUnitLetsPeersElsewhereIn) {
  init({"--listen", "127.0.0.1", "--listen", "192.0.2.1"});
  EXPECT_THAT(read_file(directory_ / "minihss.service"), HasSubstr("\n#IPAddressDeny=any\n"));
}

TEST_F(InitTest, ADirectoryThatAUnitCannotNameGetsNone) {
  const auto odd = root_ / "50% off";
  const Outcome outcome = bare({"init", odd.string(), "--extension", extension_.string()});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("no minihss.service is made: "));
  EXPECT_TRUE(std::filesystem::exists(odd / "hss.toml"));
  EXPECT_FALSE(std::filesystem::exists(odd / "minihss.service"));
}

class UsedDirectoryTest : public Directory, public ::testing::WithParamInterface<const char*> {};

TEST_P(UsedDirectoryTest, IsRefused) {
  std::filesystem::create_directory(directory_);
  file(std::string("hss/") + GetParam(), "mine");
  const Outcome outcome = bare({"init", directory_.string(), "--extension", extension_.string()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(GetParam()));
  EXPECT_THAT(entries(directory_), ElementsAre(GetParam()));
  EXPECT_EQ(read_file(directory_ / GetParam()), "mine");
}

INSTANTIATE_TEST_SUITE_P(Files, UsedDirectoryTest,
                         ::testing::Values("freeDiameter.conf", "hss.toml", "hss.db", "master.key", "minihss.service",
                                           "tls"));

TEST_F(InitTest, FindsTheExtensionBesideItself) {
  std::filesystem::create_directories(root_ / "lib/freeDiameter");
  const auto found = file("lib/freeDiameter/hss.fdx", "x");
  ASSERT_EQ(bare({"init", directory_.string()}).code, 0);
  EXPECT_THAT(read_file(directory_ / "freeDiameter.conf"), HasSubstr("LoadExtension = \"" + found.string() + '"'));
}

struct Refusal {
  const char* name;
  std::vector<std::string> options;
  int code;
  std::string reason;
};

void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class InitRefusalTest : public Directory, public ::testing::WithParamInterface<Refusal> {};

TEST_P(InitRefusalTest, LeavesNothingBehind) {
  std::vector<std::string> arguments{"init", directory_.string()};
  arguments.insert(arguments.end(), GetParam().options.begin(), GetParam().options.end());
  const Outcome outcome = bare(arguments);
  EXPECT_EQ(outcome.code, GetParam().code) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().reason));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  EXPECT_THAT(entries(root_), UnorderedElementsAre("hss.fdx"));
}

INSTANTIATE_TEST_SUITE_P(
    Options, InitRefusalTest,
    ::testing::Values(Refusal{"realm", {"--realm", "a b"}, 2, "--realm: not a domain name"},
                      Refusal{"realm_quote", {"--realm", "a\";b"}, 2, "--realm: not a domain name"},
                      Refusal{"host", {"--host", "hss..org"}, 2, "--host: not a domain name"},
                      Refusal{"peer", {"--peer", "-x.org"}, 2, "--peer: not a Diameter identity"},
                      Refusal{"peer_address", {"--peer", "x.org there"}, 2, "--peer: not a Diameter identity"},
                      Refusal{"listen", {"--listen", "localhost"}, 2, "--listen: not an IPv4 or IPv6 address"},
                      Refusal{"port", {"--port", "70000"}, 2, "--port"},
                      Refusal{"scscf", {"--scscf", "scscf.org"}, 2, "--scscf: not a SIP URI"},
                      Refusal{"weight", {"--scscf", "sip:s1.example.org 101"}, 2, "--scscf: the weight after the URI"},
                      Refusal{"extension", {"--extension", "/nonexistent/hss.fdx"}, 1, "no such file"},
                      Refusal{"unknown", {"--relam", "x"}, 2, "unknown option --relam"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(InitTest, RefusesAPathThatTheConfigurationCannotHold) {
  const Outcome outcome = bare({"init", (root_ / "a\"b").string(), "--extension", extension_.string()});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("a quote, backslash or line end"));
}

TEST_F(InitTest, NamesADirectoryThatCannotBeMade) {
  file("plain", "x");
  const Outcome outcome = bare({"init", (root_ / "plain/hss").string(), "--extension", extension_.string()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("plain/hss: cannot be"));
}

}  // namespace
}  // namespace hss::provisioning
