// hss.toml: every mistake with its line, every setting there and back.
// SPDX-License-Identifier: MIT
#include "hss/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

namespace hss {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    std::string name = (fs::temp_directory_path() / "settings-test-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    file_ = directory_ / "hss.toml";
  }
  ~SettingsTest() override { fs::remove_all(directory_); }

  void write(std::string_view text) const { std::ofstream(file_, std::ios::binary) << text; }

  [[nodiscard]] Settings read(std::string_view text) const {
    write(text);
    return read_settings(file_);
  }

  /// What reading complains of, without the file's directory; "" when it does not.
  [[nodiscard]] std::string complaint() const { return complaint(file_); }
  [[nodiscard]] std::string complaint(const fs::path& file) const {
    try {
      read_settings(file);
    } catch (const SettingsError& error) {
      std::string text = error.what();
      EXPECT_THAT(text, Not(HasSubstr("\n")));
      const std::string prefix = directory_.string() + '/';
      EXPECT_THAT(text, StartsWith(prefix));
      return text.substr(prefix.size());
    }
    return "";
  }

  fs::path directory_;
  fs::path file_;
};

Settings all_different() {
  Settings settings;
  settings.database = "/var/lib/x/my \"own\" \\ \x01 d\xC3\xA4ta.db";
  settings.master_key = "/etc/x/key";
  settings.queue_limit = 17;
  settings.batch_limit = 3;
  settings.cache_mib = 1024;
  settings.listen = {"0.0.0.0", "::1", "192.0.2.7"};
  settings.peers = {"scscf.example.org 192.0.2.1 2001:db8::/32", "*.example.net"};
  settings.agents = {"dra.example.org"};
  settings.cx.unknown_scheme = UnknownScheme::kStrict;
  settings.applications = {"swx"};
  settings.cx_peers = {"scscf.example.org"};
  settings.cx_icscf_peers = {"icscf.example.org"};
  settings.cx_scscf_peers = {"*.cscf.example.org"};
  settings.swx_peers = {"*.example.net", "aaa.example.org"};
  settings.cx.max_vectors = 4;
  settings.cx.auth_pending_seconds = 60;
  settings.cx.scscf_pool = {"sip:scscf1.example.org:6060", "sips:[::1]:5061;transport=tcp 100"};
  settings.cx.charging = {"aaa://ocs.example.org:3868;transport=tcp", "aaas://ocs2.example.org", "aaa://cdf",
                          "aaa://cdf2.example.org;transport=sctp;protocol=diameter"};
  settings.swx = {3, 61, OtherAaaServer::kRedirect, true};
  settings.push = {3, 7, 60, 1, 30};
  settings.sqn.cx = {8, 11};
  settings.sqn.swx = {0, 7};
  settings.sqn.resynchronisations_per_minute = 5;
  settings.log_level = "debug";
  settings.home_domain = "ims.example.org";
  settings.default_amf = "9aBc";
  settings.default_apns = {"internet", "ims_2.x-y"};
  return settings;
}

TEST_F(SettingsTest, AnEmptyFileIsAllDefaults) {
  Settings expected;
  expected.database = directory_ / "hss.db";
  expected.master_key = directory_ / "master.key";
  EXPECT_EQ(read(""), expected);
  EXPECT_EQ(read("# nothing\n[cx]\n"), expected);
}

TEST_F(SettingsTest, DefaultsComeBackEqual) {
  Settings expected;
  expected.database = directory_ / "hss.db";
  expected.master_key = directory_ / "master.key";
  EXPECT_EQ(read(write_settings(Settings{})), expected);
}

TEST_F(SettingsTest, EverySettingComesBackEqual) {
  const Settings settings = all_different();
  EXPECT_EQ(read(write_settings(settings)), settings);
}

TEST_F(SettingsTest, EachSettingIsWrittenWithWhyAndDefault) {
  const auto rows = describe_settings();
  EXPECT_EQ(rows.size(), 37U);
  const std::string text = write_settings(all_different());
  const std::string defaults = write_settings(Settings{});
  std::size_t at = 0;
  for (const SettingDescription& row : rows) {
    EXPECT_FALSE(row.why.empty());
    const std::string comment = "# " + row.why + "\n# Allowed: " + row.allowed + ". Default: " + row.fallback + "\n";
    const auto found = text.find(comment + row.key + " = ", at);
    ASSERT_NE(found, std::string::npos) << row.key;
    at = found;
    // all_different() differs from the default everywhere; the default file does not.
    EXPECT_THAT(text, Not(HasSubstr("\n" + row.key + " = " + row.fallback + "\n")));
    EXPECT_THAT(defaults, HasSubstr("\n" + row.key + " = " + row.fallback + "\n"));
    EXPECT_THAT(text, HasSubstr("\n[" + row.section + "]\n"));
  }
}

TEST_F(SettingsTest, EverySettingCanStandAlone) {
  for (const SettingDescription& row : describe_settings()) {
    write("[" + row.section + "]\n" + row.key + " = " + row.fallback + "\n");
    EXPECT_EQ(complaint(), "") << row.key;
    write(row.section + "." + row.key + " = 1979-05-27\n");
    EXPECT_EQ(complaint(), "hss.toml:1: '" + row.section + "." + row.key + "' must be " + row.allowed);
  }
}

TEST_F(SettingsTest, PathsCountFromTheFile) {
  const Settings settings = read("[store]\ndatabase = \"data/../x.db\"\nmaster_key = \"/etc/./k\"\n");
  EXPECT_EQ(settings.database, directory_ / "x.db");
  EXPECT_EQ(settings.master_key, "/etc/k");
  const fs::path here = fs::current_path();
  fs::current_path(directory_);
  const Settings relative = read_settings("hss.toml");
  fs::current_path(here);
  EXPECT_EQ(relative.database, fs::weakly_canonical(directory_) / "x.db");
}

TEST_F(SettingsTest, HomeDomainIsLowerCase) {
  EXPECT_EQ(read("[provisioning]\nhome_domain = \"IMS.Example.ORG.\"\n").home_domain, "ims.example.org");
}

TEST_F(SettingsTest, TakesTheEndsOfEveryRange) {
  EXPECT_EQ(read("cx.max_vectors = 1").cx.max_vectors, 1U);
  EXPECT_EQ(read("cx.max_vectors = 5").cx.max_vectors, 5U);
  EXPECT_EQ(read("store.queue_limit = 1000000").queue_limit, 1000000U);
  EXPECT_EQ(read("sqn.swx_ind = \"65535-65535\"").sqn.swx, (IndRange{65535, 65535}));
  EXPECT_EQ(read("sqn.cx_ind = \"0-0\"").sqn.cx, (IndRange{0, 0}));
  EXPECT_EQ(read("sqn = {cx_ind = \"20-31\", swx_ind = \"0-19\"}").sqn.cx, (IndRange{20, 31}));
  EXPECT_EQ(read("swx.max_vectors = 1").swx.max_vectors, 1U);
  EXPECT_EQ(read("swx.max_vectors = 5").swx.max_vectors, 5U);
  EXPECT_TRUE(read("diameter.listen = []").listen.empty());
  EXPECT_TRUE(read("provisioning.default_apns = []").default_apns.empty());
  EXPECT_FALSE(read("swx.accept_digest_scheme = false").swx.accept_digest_scheme);
}

TEST_F(SettingsTest, SaysWhatIsWrongAndWhere) {
  struct Row {
    std::string_view text;
    std::string_view complaint;
  };
  const Row rows[] = {
      // Unknown
      {"[cx]\n\nmax_vector = 2\n", "hss.toml:3: unknown key 'cx.max_vector'; did you mean 'max_vectors'?"},
      {"[cx]\nMAX-VECTORS = 2\n", "hss.toml:2: unknown key 'cx.MAX-VECTORS'; did you mean 'max_vectors'?"},
      {"[cx]\nrealm = 2\n",
       "hss.toml:2: unknown key 'cx.realm'; known are: unknown_scheme, max_vectors, auth_pending_seconds, scscf_pool, "
       "primary_event_charging, secondary_event_charging, primary_charging_collection, secondary_charging_collection"},
      {"[store]\ndatabse = \"x\"\n", "hss.toml:2: unknown key 'store.databse'; did you mean 'database'?"},
      {"[log]\ncolour = 1\n", "hss.toml:2: unknown key 'log.colour'; known are: level"},
      {"[cx]\nlisten = []\n", "hss.toml:2: unknown key 'cx.listen'; it belongs below [diameter]"},
      {"\n[sqm]\n", "hss.toml:2: unknown section 'sqm'; did you mean 'sqn'?"},
      {"[database]\n",
       "hss.toml:1: unknown section 'database'; known are: store, diameter, cx, swx, sqn, push, log, provisioning"},
      {"level = \"info\"\n", "hss.toml:1: 'level' stands outside its section; put it below [log]"},
      {"verbose = true\n",
       "hss.toml:1: unknown key 'verbose' outside every section; sections are: store, diameter, cx, swx, sqn, push, "
       "log, provisioning"},
      {"cx = 3\n", "hss.toml:1: 'cx' is a section; write [cx]"},
      {"[[cx]]\nmax_vectors = 1\n", "hss.toml:1: 'cx' is a section; write [cx]"},
      {"[log]\n\"le\\nvel\" = 1\n", "hss.toml:2: unknown key 'log.le?vel'; did you mean 'level'?"},
      // Wrong type
      {"[cx]\nmax_vectors = \"2\"\n", "hss.toml:2: 'cx.max_vectors' must be a whole number from 1 to 5"},
      {"[cx]\nmax_vectors = 2.0\n", "hss.toml:2: 'cx.max_vectors' must be a whole number from 1 to 5"},
      {"[diameter]\nlisten = \"127.0.0.1\"\n",
       "hss.toml:2: 'diameter.listen' must be a list of texts, each an IPv4 or IPv6 address"},
      {"[diameter]\nlisten = [\n \"::1\",\n 7]\n",
       "hss.toml:4: 'diameter.listen' must be a list of texts, each an IPv4 or IPv6 address"},
      {"[log.level]\n",
       "hss.toml:1: 'log.level' must be a text in quotes: 'trace', 'debug', 'info', 'warn', 'error' or 'off'"},
      {"[swx]\naccept_digest_scheme = \"yes\"\n", "hss.toml:2: 'swx.accept_digest_scheme' must be true or false"},
      {"[swx]\naccept_digest_scheme = 1\n", "hss.toml:2: 'swx.accept_digest_scheme' must be true or false"},
      // Out of range
      {"[swx]\nmax_vectors = 6\n", "hss.toml:2: 'swx.max_vectors' is 6; it must be a whole number from 1 to 5"},
      {"[swx]\nauth_pending_seconds = 86401\n",
       "hss.toml:2: 'swx.auth_pending_seconds' is 86401; it must be a whole number from 1 to 86400"},
      {"[diameter]\napplications = []\n",
       "hss.toml:2: 'diameter.applications' is empty; it must be a list of texts, at least one, each 'cx' or 'swx'"},
      {"[cx]\nmax_vectors = 0\n", "hss.toml:2: 'cx.max_vectors' is 0; it must be a whole number from 1 to 5"},
      {"[cx]\nmax_vectors = 6\n", "hss.toml:2: 'cx.max_vectors' is 6; it must be a whole number from 1 to 5"},
      {"[store]\nqueue_limit = -1\n",
       "hss.toml:2: 'store.queue_limit' is -1; it must be a whole number from 1 to 1000000"},
      {"[store]\nbatch_limit = 4294967297\n",
       "hss.toml:2: 'store.batch_limit' is 4294967297; it must be a whole number from 1 to 65536"},
      {"[cx]\nauth_pending_seconds = 0\n",
       "hss.toml:2: 'cx.auth_pending_seconds' is 0; it must be a whole number from 1 to 86400"},
      // Not what it must be
      {"[cx]\nunknown_scheme = \"Own\"\n",
       "hss.toml:2: 'cx.unknown_scheme' must be a text in quotes: 'own' or 'strict'"},
      {"[cx]\nscscf_pool = [\"sip:ok\", \"scscf.example.org\"]\n",
       "hss.toml:2: 'cx.scscf_pool' has 'scscf.example.org', which is not a SIP URI, or a SIP URI, a space and a "
       "weight "
       "from 1 to 100"},
      {"[push]\nretry_seconds = 0\n",
       "hss.toml:2: 'push.retry_seconds' is 0; it must be a whole number from 1 to 3600"},
      {"[cx]\nprimary_event_charging = \"http://ocs\"\n",
       "hss.toml:2: 'cx.primary_event_charging' must be a text in quotes: a DiameterURI, "
       "aaa://host:port;transport=tcp or aaas://..., or empty"},
      {"[diameter]\nlisten = [\"127.0.0.300\"]\n",
       "hss.toml:2: 'diameter.listen' has '127.0.0.300', which is not an IPv4 or IPv6 address"},
      {"[diameter]\nlisten = [\"localhost\"]\n",
       "hss.toml:2: 'diameter.listen' has 'localhost', which is not an IPv4 or IPv6 address"},
      {"[diameter]\nlisten = [\"::1\\u0000\"]\n",
       "hss.toml:2: 'diameter.listen' has '::1?', which is not an IPv4 or IPv6 address"},
      {"[diameter]\npeers = [\"*.*.org\"]\n",
       "hss.toml:2: 'diameter.peers' has '*.*.org', which is not a Diameter identity (host name), or '*.' and a realm "
       "for all its hosts; after it, each after a space, addresses that it may come from (192.0.2.1, 192.0.2.0/24)"},
      {"[diameter]\npeers = [\"aaa://x\"]\n",
       "hss.toml:2: 'diameter.peers' has 'aaa://x', which is not a Diameter identity (host name), or '*.' and a realm "
       "for all its hosts; after it, each after a space, addresses that it may come from (192.0.2.1, 192.0.2.0/24)"},
      {"[store]\ndatabase = \"\"\n", "hss.toml:2: 'store.database' must be a text in quotes: a path"},
      {"[store]\nmaster_key = \"a\\u0000b\"\n", "hss.toml:2: 'store.master_key' must be a text in quotes: a path"},
      {"[log]\nlevel = \"verbose\"\n",
       "hss.toml:2: 'log.level' must be a text in quotes: 'trace', 'debug', 'info', 'warn', 'error' or 'off'"},
      {"[provisioning]\nhome_domain = \"a b\"\n",
       "hss.toml:2: 'provisioning.home_domain' must be a text in quotes: a domain name, or empty"},
      {"[provisioning]\ndefault_amf = \"80000\"\n",
       "hss.toml:2: 'provisioning.default_amf' must be a text in quotes: 4 hexadecimal digits"},
      {"[provisioning]\ndefault_amf = \"800g\"\n",
       "hss.toml:2: 'provisioning.default_amf' must be a text in quotes: 4 hexadecimal digits"},
      {"[diameter]\napplications = [\"cx\", \"s6a\"]\n",
       "hss.toml:2: 'diameter.applications' has 's6a', which is not 'cx' or 'swx'"},
      {"[diameter]\ncx_peers = [\"a b\"]\n",
       "hss.toml:2: 'diameter.cx_peers' has 'a b', which is not a Diameter identity (host name), or '*.' and a realm "
       "for all its hosts"},
      {"[diameter]\nswx_peers = [\"\"]\n",
       "hss.toml:2: 'diameter.swx_peers' has '', which is not a Diameter identity (host name), or '*.' and a realm "
       "for all its hosts"},
      {"[swx]\nother_aaa_server = \"refuse\"\n",
       "hss.toml:2: 'swx.other_aaa_server' must be a text in quotes: 'already-registered' or 'redirect'"},
      {"[provisioning]\ndefault_apns = [\"i m s\"]\n",
       "hss.toml:2: 'provisioning.default_apns' has 'i m s', which is not the name of an APN template ('hssctl apn "
       "list')"},
      {"[provisioning]\ndefault_apns = [\"ims\", \"internet\", \"ims\"]\n",
       "hss.toml:2: 'provisioning.default_apns' has 'ims' twice; name each once"},
      // Ranges of IND
      {"[sqn]\ncx_ind = \"15-0\"\n",
       "hss.toml:2: 'sqn.cx_ind' must be a text in quotes: FIRST-LAST with 0 <= FIRST <= LAST <= 65535"},
      {"[sqn]\ncx_ind = \"0-65536\"\n",
       "hss.toml:2: 'sqn.cx_ind' must be a text in quotes: FIRST-LAST with 0 <= FIRST <= LAST <= 65535"},
      {"[sqn]\ncx_ind = \"-1-5\"\n",
       "hss.toml:2: 'sqn.cx_ind' must be a text in quotes: FIRST-LAST with 0 <= FIRST <= LAST <= 65535"},
      {"[sqn]\ncx_ind = \"5\"\n",
       "hss.toml:2: 'sqn.cx_ind' must be a text in quotes: FIRST-LAST with 0 <= FIRST <= LAST <= 65535"},
      {"[sqn]\ncx_ind = \"0-31\"\n",
       "hss.toml:2: 'sqn.swx_ind' is 16-23, which overlaps sqn.cx_ind (0-31); give each its own indices"},
      {"[sqn]\ncx_ind = \"0-15\"\nswx_ind = \"15-20\"\n",
       "hss.toml:3: 'sqn.swx_ind' is 15-20, which overlaps sqn.cx_ind (0-15); give each its own indices"},
      {"[sqn]\nswx_ind = \"0-31\"\ncx_ind = \"3-4\"\n",
       "hss.toml:2: 'sqn.swx_ind' is 0-31, which overlaps sqn.cx_ind (3-4); give each its own indices"},
  };
  for (const Row& row : rows) {
    write(row.text);
    EXPECT_EQ(complaint(), row.complaint) << row.text;
  }
}

TEST_F(SettingsTest, AWrongTextIsNotRepeated) {
  // A key that lands in the wrong line must not land in a log.
  write("[provisioning]\ndefault_amf = \"465b5ce8b199b49faa5f0a2ee238a6bc\"\n");
  EXPECT_THAT(complaint(), Not(HasSubstr("465b")));
}

TEST_F(SettingsTest, SyntaxErrorsHaveTheirLine) {
  for (const std::string_view text : {"[cx]\nmax_vectors = \n", "[cx]\nmax_vectors 2\n", "[cx]\nscscf_pool = [\"a\n",
                                      "[cx]\nmax_vectors = 1\nmax_vectors = 2\n", "[cx\n", "\n\xFF\n"}) {
    write(text);
    EXPECT_THAT(complaint(), AllOf(testing::ContainsRegex("^hss.toml:[1-3]: "), HasSubstr("; correct the line")))
        << text;
  }
}

TEST_F(SettingsTest, AFileThatCannotBeReadIsNamed) {
  EXPECT_EQ(complaint(), "hss.toml: no such file; 'hssctl init' writes one");
  fs::create_directory(directory_ / "d");
  EXPECT_EQ(complaint(directory_ / "d"), "d: is a directory; name the settings file in it, hss.toml");
  fs::create_symlink("loop", directory_ / "loop");
  EXPECT_THAT(complaint(directory_ / "loop"), StartsWith("loop: cannot be read: "));
  write("");
  EXPECT_THAT(complaint(file_ / "x"), StartsWith("hss.toml/x: cannot be read: "));
  ASSERT_EQ(mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(complaint(directory_ / "pipe"), "pipe: is no ordinary file; name a settings file, hss.toml");
  if (geteuid() != 0) {  // root reads everything
    fs::permissions(file_, fs::perms::none);
    EXPECT_EQ(complaint(), "hss.toml: cannot be read: Permission denied; let the user that runs the program read it");
    fs::permissions(file_, fs::perms::owner_all);
  }
  write(std::string((1U << 20U) + 1, '#'));
  EXPECT_EQ(complaint(), "hss.toml: is larger than 1 MiB; is it the settings file?");
}

TEST_F(SettingsTest, APoolEntryIsAServerAndItsWeight) {
  const auto weight = [](std::string_view text) {
    const auto entry = parse_pool_entry(text);
    return entry && entry->server_name == "sip:scscf.example.org:6060" ? entry->weight : 0U;
  };
  EXPECT_EQ(weight("sip:scscf.example.org:6060"), 1U);
  EXPECT_EQ(weight("sip:scscf.example.org:6060 1"), 1U);
  EXPECT_EQ(weight("sip:scscf.example.org:6060 100"), 100U);
  for (const std::string_view bad : {"0", "101", "1000", "-1", "1 ", " 1", "x", ""}) {
    EXPECT_EQ(weight("sip:scscf.example.org:6060 " + std::string(bad)), 0U) << bad;
  }
  EXPECT_FALSE(parse_pool_entry("scscf.example.org 1"));
  EXPECT_FALSE(parse_pool_entry(""));
}

TEST_F(SettingsTest, AChargingFunctionIsADiameterUri) {
  const auto taken = [&](const std::string& uri) {
    write("[cx]\nprimary_charging_collection = \"" + uri + "\"\n");
    return complaint().empty();
  };
  for (const char* good : {"", "aaa://cdf.example.org", "aaas://cdf.example.org:5658", "aaa://cdf:1;transport=tcp",
                           "aaa://cdf;transport=sctp", "aaa://cdf;transport=udp", "aaa://cdf;protocol=diameter",
                           "aaa://cdf:65535;transport=tcp;protocol=diameter"}) {
    EXPECT_TRUE(taken(good)) << good;
  }
  for (const char* bad : {"aaa:cdf", "aaa://", "AAA://cdf", "sip:cdf", "aaa://cdf:0", "aaa://cdf:65536",
                          "aaa://cdf:", "aaa://cdf;transport=tls", "aaa://cdf;transport=tcp;", "aaa://c df",
                          "aaa://a@b", "aaa://cdf;protocol=diameter;transport=tcp", "aaa://cdf;protocol=radius"}) {
    EXPECT_FALSE(taken(bad)) << bad;
  }
}

TEST_F(SettingsTest, WritesNothingThatCouldNotBeRead) {
  const auto refused = [](auto&& change) {
    Settings settings;
    change(settings);
    try {
      write_settings(settings);
    } catch (const SettingsError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused([](Settings& s) { s.cx.max_vectors = 6; }),
            "setting 'cx.max_vectors' is 6; it must be a whole number from 1 to 5");
  EXPECT_EQ(refused([](Settings& s) { s.listen = {"here"}; }),
            "setting 'diameter.listen' has 'here', which is not an IPv4 or IPv6 address");
  EXPECT_THAT(refused([](Settings& s) { s.sqn.cx = {0, 16}; }), StartsWith("setting 'sqn.swx_ind' is 16-23, which"));
  EXPECT_THAT(refused([](Settings& s) { s.database = "\xFF"; }), StartsWith("setting 'store.database' must be"));
}

}  // namespace
}  // namespace hss
