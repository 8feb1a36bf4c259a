// Access over non-3GPP networks in the store: options, what is shown of it, and that the same comes back from a file.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "directory.h"
#include "non_3gpp.h"
#include "provisioning/json.h"
#include "provisioning/store.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Non3gppTest : public Directory {
 protected:
  static constexpr const char* kImsi = "001010000000001";
  static constexpr const char* kWeb =
      R"({"apn":{"name":"web","context_identifier":2,"apn":"internet","pdn_type":"ipv4","qci":9,"priority_level":9,)"
      R"("may_pre_empt":false,"may_be_pre_empted":true}})";

  void SetUp() override {
    init();
    EXPECT_EQ(done({"import", "-"}, kWeb).out, "added 1, already there 0\n");
    add(kImsi, "491510000001");
  }
  void add_rich() {
    add("001010000000002", "491510000002",
        {"--non-3gpp",
         "barred",
         "--apn",
         "ims",
         "--apn",
         "web",
         "--static-address",
         "ims=192.0.2.1",
         "--static-address",
         "ims=2001:db8:1::/64",
         "--static-address",
         "web=192.0.2.2",
         "--non-3gpp-apns",
         "disabled",
         "--forbidden-rat",
         "WLAN",
         "--forbidden-rat",
         "77",
         "--non-3gpp-network",
         "a.example.org",
         "--non-3gpp-network",
         "b.example.org",
         "--session-timeout",
         "3600",
         "--ue-ambr",
         "50M:150000001",
         "--charging-characteristics",
         "08af"});
  }
  std::string show(const std::string& id = kImsi) { return done({"subscriber", "show", id}).out; }
  std::string non_3gpp(const std::string& id) {
    return compact(Json::parse(done({"subscriber", "show", id, "--json"}).out)["non_3gpp"]);
  }
  void save(const Non3gppRegistration& registration) {
    Store store(directory_.string());
    store.database().write(
        [&] { store.administration().repository().save_non_3gpp_registration(store.require(kImsi), registration); });
  }
  void start_anew() {
    std::filesystem::remove_all(directory_);
    init();
  }
};

TEST_F(Non3gppTest, OneLineIsEnoughForVoiceOverWifi) {
  EXPECT_EQ(non_3gpp(kImsi), kDefaultAccess);
  EXPECT_THAT(show(), HasSubstr("Non-3GPP   allowed\n  APN       ims, the default one\nAAA server none\n"));
  EXPECT_THAT(done({"subscriber", "list"}).out, HasSubstr("\tnot registered\tnot registered\n"));
}

TEST_F(Non3gppTest, EveryOptionIsStoredAndShown) {
  add_rich();
  EXPECT_EQ(non_3gpp("001010000000002"), kRichAccess);
  EXPECT_THAT(show("001010000000002"), HasSubstr("Non-3GPP   barred, APNs disabled\n"
                                                 "  APN       ims, the default one, static 192.0.2.1, 2001:db8:1::/64\n"
                                                 "  APN       web, static 192.0.2.2\n"
                                                 "  forbidden WLAN, 77\n"
                                                 "  roams in  a.example.org, b.example.org\n"
                                                 "  session   3600 seconds\n"
                                                 "  UE-AMBR   50M:150000001 bit/s (up:down)\n"
                                                 "  charging  08AF\n"
                                                 "AAA server none\n"));
  done({"subscriber", "set", "001010000000002", "--non-3gpp", "allowed", "--clear", "ue-ambr"});
  EXPECT_THAT(show("001010000000002"),
              AllOf(HasSubstr("Non-3GPP   allowed, APNs disabled\n"), HasSubstr("static 192.0.2.1, 2001:db8:1::/64"),
                    Not(HasSubstr("UE-AMBR"))));
  done({"subscriber", "set", "001010000000002", "--non-3gpp", "none"});
  EXPECT_EQ(non_3gpp("001010000000002"), "null");
  EXPECT_THAT(show("001010000000002"), AllOf(HasSubstr("Non-3GPP   none\n"), Not(HasSubstr("AAA server"))));
  EXPECT_THAT(done({"subscriber", "list"}).out, HasSubstr("\tnot registered\t-\n"));
}

TEST_F(Non3gppTest, ShowsWhereTheUserStands) {
  save({.server = AaaServer{"aaa.example.org", "example.org"}, .pending_until = 4102444800});
  EXPECT_THAT(show(), HasSubstr("AAA server aaa.example.org (realm example.org)\n"
                                "  state     not registered, authentication pending until 2100-01-01T00:00:00Z\n"));
  EXPECT_THAT(done({"subscriber", "list"}).out, HasSubstr("\tnot registered\tpending\n"));
  save({.server = AaaServer{"aaa.example.org", "example.org"}, .pending_until = 946684800});
  EXPECT_THAT(show(), HasSubstr("not registered, authentication was pending until 2000-01-01T00:00:00Z\n"));
  EXPECT_THAT(done({"subscriber", "list"}).out, HasSubstr("\tnot registered\tnot registered\n"));
  save(
      {.server = AaaServer{"aaa.example.org", "example.org"},
       .registered = true,
       .active_apns = {
           {.name = "ims",
            .context_identifier = 1,
            .gateway = {.ipv4 = Octets<4>{192, 0, 2, 7}, .ipv6 = {}, .host = "pgw.example.org", .realm = "example.org"},
            .visited_network = "v.example.org"}}});
  EXPECT_THAT(show(), HasSubstr("AAA server aaa.example.org (realm example.org)\n"
                                "  state     registered\n"
                                "  connected ims by PDN gateway 192.0.2.7, pgw.example.org in example.org, in network "
                                "v.example.org\n"));
  EXPECT_EQ(compact(Json::parse(done({"subscriber", "show", kImsi, "--json"}).out)["non_3gpp_registration"]),
            R"({"state":"registered","aaa_server":{"host":"aaa.example.org","realm":"example.org"},)"
            R"("active_apns":[{"name":"ims","context_identifier":1,"pdn_gateway":{"addresses":["192.0.2.7"],)"
            R"("host":"pgw.example.org","realm":"example.org"},"visited_network":"v.example.org"}]})");
  EXPECT_THAT(done({"subscriber", "list", "--json"}).out, HasSubstr(R"("swx_state":"registered")"));
}

TEST_F(Non3gppTest, AnUnknownApnIsOneLine) {
  const std::string before = done({"export", "--format", "json", "--with-keys"}).out;
  for (const std::vector<std::string>& verb :
       {std::vector<std::string>{"add", "--imsi", "001010000000003", "--msisdn", "491510000003", "--k", kK, "--opc",
                                 kOpc, "--apn", "gold"},
        {"set", kImsi, "--apn", "gold"}}) {
    std::vector<std::string> arguments = verb;
    arguments.insert(arguments.begin(), "subscriber");
    const Outcome outcome = hssctl(arguments);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("there is no APN"), HasSubstr("gold"), HasSubstr("hssctl apn list")));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  }
  const Outcome file =
      hssctl({"import", "-"}, "imsi,msisdn,k,opc,apns\n001010000000003,491510000003," + kK + ',' + kOpc +
                                  ",ims\n001010000000004,491510000004," + kK + ',' + kOpc + ",ims;gold\n");
  EXPECT_EQ(file.code, 1);
  EXPECT_THAT(file.err, HasSubstr("line 3, column apns: number 2 is no APN: 'hssctl apn list' shows what there is"));
  EXPECT_EQ(done({"export", "--format", "json", "--with-keys"}).out, before);
}

TEST_F(Non3gppTest, JsonIsAllOfItAndCsvToo) {
  add_rich();
  add("001010000000003", "491510000003", {"--non-3gpp", "none"});
  const std::string json = done({"export", "--format", "json", "--with-keys"}).out;
  const std::string csv = done({"export", "--with-keys"}).out;
  EXPECT_THAT(json, AllOf(HasSubstr(kWeb), HasSubstr("\"non_3gpp\":" + kRichAccess + "}\n"),
                          HasSubstr("\"non_3gpp\":" + kDefaultAccess + "}\n"), HasSubstr("\"non_3gpp\":null}\n")));
  EXPECT_THAT(csv, HasSubstr(",non_3gpp,apns,static_addresses,non_3gpp_apns,forbidden_rats,non_3gpp_networks,"
                             "session_timeout,ue_ambr,charging_characteristics\r\n"));
  EXPECT_THAT(csv, HasSubstr("default,barred,ims;web,ims=192.0.2.1;ims=2001:db8:1::/64;web=192.0.2.2,disabled,WLAN;77,"
                             "a.example.org;b.example.org,3600,50M:150000001,08AF\r\n"));
  EXPECT_THAT(csv, AllOf(HasSubstr("default,,,,,,,,,\r\n"), HasSubstr("default,none,,,,,,,,\r\n")));
  EXPECT_EQ(done({"import", "-"}, csv).out, "added 0, already there 3\n");
  start_anew();
  EXPECT_EQ(done({"import", "-"}, json).out, "added 4, already there 2\n");
  EXPECT_EQ(done({"export", "--format", "json", "--with-keys"}).out, json);
  start_anew();
  done({"import", "-"}, kWeb);
  EXPECT_EQ(done({"import", "-"}, csv).out, "added 3, already there 0\n");
  EXPECT_EQ(done({"export", "--format", "json", "--with-keys"}).out, json);
}

TEST_F(Non3gppTest, AFileThatDoesNotSayKeepsWhatIsStored) {
  add_rich();
  const std::string csv = "imsi,msisdn,k,opc\n001010000000002,491510000009," + kK + ',' + kOpc + '\n';
  EXPECT_EQ(done({"import", "--update", "-"}, csv).out, "added 0, changed 1, already there 0\n");
  EXPECT_EQ(non_3gpp("001010000000002"), kRichAccess);
  std::string json = done({"export", "--format", "json"}).out;
  const std::string member = ",\"non_3gpp\":" + kRichAccess;
  json.erase(json.find(member), member.size());
  EXPECT_EQ(done({"import", "-"}, json).out, "added 0, already there 5\n");
  EXPECT_EQ(non_3gpp("001010000000002"), kRichAccess);
}

TEST_F(Non3gppTest, AFileThatSaysReplacesAllOfIt) {
  add_rich();
  const std::string line = "001010000000002,491510000002," + kK + ',' + kOpc;
  const std::string csv = "imsi,msisdn,k,opc,apns\n" + line + ",ims\n";
  EXPECT_THAT(hssctl({"import", "-"}, csv).err, HasSubstr("line 2, column non_3gpp: the subscriber is stored already"));
  EXPECT_EQ(done({"import", "--update", "-"}, csv).out, "added 0, changed 1, already there 0\n");
  EXPECT_EQ(non_3gpp("001010000000002"), kDefaultAccess);
  done({"import", "--update", "-"}, "imsi,msisdn,k,opc,non_3gpp\n" + line + ",none\n");
  EXPECT_EQ(non_3gpp("001010000000002"), "null");
}

TEST_F(Non3gppTest, JsonThatDoesNotSayIsANewSubscribersDefault) {
  const auto text = [](const std::string& more) {
    return R"({"imsi":"001010000000005","key_sets":[{"k":")" + kK + R"(","opc":")" + kOpc +
           R"("}],"private_identities":[{"impi":"a@x.org","key_set":0}],"public_identities":[{"impu":"sip:a@x.org"}])" +
           more + "}\n";
  };
  for (const auto& [more, expected] : std::vector<std::pair<std::string, std::string>>{
           {"", kDefaultAccess},
           {R"(,"non_3gpp":null)", "null"},
           {R"(,"non_3gpp":{"access":"barred"})", R"({"access":"barred","apns":[{"name":"ims"}]})"}}) {
    done({"import", "-"}, text(more));
    EXPECT_EQ(non_3gpp("001010000000005"), expected);
    done({"subscriber", "remove", "001010000000005"});
  }
  EXPECT_THAT(hssctl({"import", "-"}, text(R"(,"non_3gpp":{"apns":[{"name":"gold"}]})")).err,
              HasSubstr("line 1, column apns: number 1 is no APN"));
}

TEST_F(Non3gppTest, AnImportTellsTheAaaServer) {
  save({.server = AaaServer{"aaa.example.org", "example.org"}, .registered = true});
  const std::string told = "S-CSCFs and AAA servers are told: 1 request (see 'hssctl push list')\n";
  EXPECT_EQ(done({"import", "--update", "-"},
                 std::string("imsi,msisdn,k,opc,ue_ambr\n") + kImsi + ",491510000001," + kK + ',' + kOpc + ",1M:2M\n")
                .out,
            "added 0, changed 1, already there 0\n" + told);
  EXPECT_THAT(show(), HasSubstr("  state     registered\n"));
  std::string apn = done({"export", "--format", "json"}).out;
  apn = apn.substr(apn.find("{\"apn\":{\"name\":\"ims\""));
  apn = apn.substr(0, apn.find('\n'));
  apn.replace(apn.find("\"qci\":5"), 7, "\"qci\":6");
  EXPECT_EQ(done({"import", "--update", "-"}, apn).out, "added 0, changed 1, already there 0\n" + told);
  EXPECT_EQ(done({"import", "--update", "-"}, kWeb).out, "added 0, already there 1\n");
}

TEST_F(Non3gppTest, TheKeySetOfTheUsimIsShown) {
  done({"import", "-"}, R"({"imsi":"001010000000005","key_sets":[{"k":")" + kK + R"(","opc":")" + kOpc +
                            R"("},{"k":")" + kOpc + R"(","opc":")" + kK +
                            R"("}],"private_identities":[{"impi":"a@x.org","key_set":0}],)"
                            R"("public_identities":[{"impu":"sip:a@x.org"}],"usim":1})");
  EXPECT_THAT(show("001010000000005"), HasSubstr("IMSI       001010000000005, key set 1\n"));
  EXPECT_EQ(non_3gpp("001010000000005"), kDefaultAccess);
}

TEST_F(Non3gppTest, TemplatesAreJudgedBeforeAnythingIsWritten) {
  const auto apn = [](const std::string& name, int context, const std::string& network) {
    return R"({"apn":{"name":")" + name + R"(","context_identifier":)" + std::to_string(context) + R"(,"apn":")" +
           network + "\"}}\n";
  };
  EXPECT_THAT(hssctl({"import", "-"}, apn("x", 1, "x")).err,
              HasSubstr("column apn.context_identifier: belongs to ims"));
  EXPECT_THAT(hssctl({"import", "-"}, apn("web", 2, "net")).err,
              HasSubstr("column apn: is stored already and differs"));
  EXPECT_THAT(hssctl({"import", "-"}, apn("x", 3, "x") + apn("x", 3, "x")).err,
              HasSubstr("line 2, column apn: is in line 1 already"));
  EXPECT_THAT(hssctl({"import", "-"}, apn("x", 3, "-")).err, HasSubstr("column apn.apn: is no APN"));
  EXPECT_THAT(hssctl({"import", "-"}, apn("ims-2", 3, "ims") + "").out, "added 1, already there 0\n");
  EXPECT_EQ(done({"import", "--update", "-"}, apn("web", 4, "net")).out, "added 0, changed 1, already there 0\n");
  EXPECT_THAT(hssctl({"import", "-"},
                     "imsi,msisdn,k,opc,apns\n001010000000003,491510000003," + kK + ',' + kOpc + ",ims;ims-2\n")
                  .err,
              HasSubstr("line 2, column apns: number 2 is the same network as one before"));
}

}  // namespace
}  // namespace hss::provisioning
