// hssctl explain swx-mar, swx-sar: the steps, the answer, what would change; no key, and nothing is kept.
// SPDX-License-Identifier: MIT
#include "hss/random.h"
#include "provisioning/json.h"
#include "served.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ExplainSwxTest : public ServedTest {
 protected:
  /// Everything that a rehearsal might have left behind.
  std::string all() {
    return done({"export", "--format", "json", "--with-keys"}).out + done({"subscriber", "show", kSubscriber}).out +
           done({"push", "list"}).out;
  }
  std::string mar(std::vector<std::string> options = {}) { return explained("swx-mar", std::move(options)); }
  std::string sar(const std::string& type, std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--type", type});
    return explained("swx-sar", std::move(options));
  }

 private:
  std::string explained(const char* verb, std::vector<std::string> options) {
    options.insert(options.begin(), {"explain", verb, kSubscriber});
    return done(options).out;
  }
};

TEST_F(ExplainSwxTest, NothingIsKept) {
  done({"push", "list"});
  for (const bool registered : {false, true}) {
    if (registered) serve_on_swx();
    const std::string before = all();
    for (const std::string& out :
         {mar(), mar({"--items", "3", "--scheme", "EAP-AKA'"}), mar({"--origin-host", "b.org", "--aaa-failure"}),
          sar("1"), sar("pgw-update", {"--apn", "ims", "--gateway-address", "192.0.2.10"}), sar("5"),
          sar("restoration", {"--active-apn", "ims"})}) {
      EXPECT_THAT(out, AllOf(HasSubstr("TS 29.273 8."), HasSubstr("Nothing of this was kept.\n")));
      EXPECT_THAT(out, AllOf(Not(HasSubstr(kK)), Not(HasSubstr(kOpc))));
    }
    EXPECT_EQ(all(), before);
  }
}

TEST_F(ExplainSwxTest, MarSaysWhatWasAssumed) {
  EXPECT_THAT(mar(),
              AllOf(HasSubstr("Multimedia-Auth-Request on SWx\n  User-Name: 001010000000001\n"),
                    HasSubstr("  Origin-Host: explain.invalid (none is given or stored)\n"),
                    HasSubstr("  SIP-Authentication-Scheme: EAP-AKA\n"), HasSubstr("  ANID: WLAN (none is given)\n")));
  file("hss/hss.toml", "diameter.swx_peers = [\"*.example.org\", \"aaa1.example.org\"]\n");
  EXPECT_THAT(mar(), HasSubstr("  Origin-Host: aaa1.example.org (the first one of diameter.swx_peers)\n"));
  serve_on_swx();
  EXPECT_THAT(mar(), HasSubstr("  Origin-Host: aaa.example.org (the stored 3GPP AAA server)\n"));
  file("hss/hss.toml", "diameter.applications = [\"cx\"]\n");
  EXPECT_THAT(mar(), HasSubstr("  Application: SWx, which is switched off: diameter.applications of hss.toml\n"));
  EXPECT_THAT(mar({"--anid", ""}), Not(HasSubstr("ANID: ")));
  EXPECT_THAT(mar({"--rat-type", "wlan", "--visited-network", "far.example.org", "--emergency"}),
              AllOf(HasSubstr("  RAT-Type: WLAN\n"), HasSubstr("  Visited-Network-Identifier: far.example.org\n"),
                    HasSubstr("  Emergency-Services: yes\n")));
}

TEST_F(ExplainSwxTest, TheUserIsFoundByAnyIdentity) {
  const std::pair<const char*, const char*> rows[] = {
      {"491510000001", "User-Name: 001010000000001 (of 491510000001)"},
      {kPublic, "User-Name: 001010000000001 (of sip:"},
      {"0001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org",
       "User-Name: 0001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org\n"}};
  for (const auto& [identity, said] : rows) {
    EXPECT_THAT(done({"explain", "swx-mar", identity}).out,
                AllOf(HasSubstr(said), HasSubstr("DIAMETER_SUCCESS (2001)")))
        << identity;
  }
  EXPECT_THAT(done({"explain", "swx-mar", "001010000000009"}).out,
              HasSubstr("DIAMETER_ERROR_USER_UNKNOWN (10415:5001)"));
  done({"subscriber", "add", "--impi", "bob@example.org", "--impu", "sip:bob@example.org", "--sip-password", "secret"});
  const Outcome without = hssctl({"explain", "swx-sar", "sip:bob@example.org", "--type", "1"});
  EXPECT_EQ(without.code, 1);
  EXPECT_THAT(without.err, HasSubstr("its subscriber has no IMSI"));
}

TEST_F(ExplainSwxTest, MarSaysTheVectorAndNoKey) {
  EXPECT_THAT(mar({"--origin-host", "aaa.example.org"}),
              AllOf(HasSubstr("SIP-Auth-Data-Item 1: EAP-AKA, AMF 8000, RES of 8 octets, IND 16"),
                    HasSubstr("3GPP AAA server: none -> aaa.example.org, authentication pending until "),
                    HasSubstr("SEQ: 0 -> 1")));
  EXPECT_THAT(mar({"--scheme", "EAP-AKA'", "--items", "2", "--anid", "ETHERNET"}),
              AllOf(HasSubstr("SIP-Auth-Data-Item 2: EAP-AKA', AMF 8000, RES of 8 octets, IND 16, CK' and IK' for the "
                              "network \"ETHERNET\""),
                    HasSubstr("SEQ: 0 -> 2")));
  EXPECT_THAT(mar({"--scheme", "EAP-SIM"}), HasSubstr("DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED (10415:5006)"));
  EXPECT_THAT(mar({"--auts", std::string(60, '0')}),
              AllOf(HasSubstr("a resynchronisation"), HasSubstr("DIAMETER_UNABLE_TO_COMPLY (5012)")));
}

TEST_F(ExplainSwxTest, AnotherAaaServer) {
  serve_on_swx();
  EXPECT_THAT(mar({"--origin-host", "b.example.org"}),
              AllOf(HasSubstr("DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED (10415:5005)"),
                    HasSubstr("  3GPP-AAA-Server-Name: aaa.example.org\n"),
                    HasSubstr("It would change\n  nothing\nPushes it would write\n  none\n")));
  EXPECT_THAT(mar({"--origin-host", "b.example.org", "--aaa-failure"}),
              AllOf(HasSubstr("AAA-Failure-Indication: "), HasSubstr("aaa.example.org, registered -> b.example.org, "),
                    HasSubstr("Pushes it would write\n  SWx-RTR NEW_SERVER_ASSIGNED to aaa.example.org for "
                              "001010000000001\n")));
  file("hss/hss.toml", "swx.other_aaa_server = \"redirect\"\n");
  EXPECT_THAT(sar("1", {"--origin-host", "b.example.org"}),
              AllOf(HasSubstr("DIAMETER_REDIRECT_INDICATION (3006)"), HasSubstr("  Redirect-Host: aaa.example.org\n")));
}

TEST_F(ExplainSwxTest, SarSaysTheProfileInWords) {
  done({"apn", "set", "internet", "--pdn-type", "ipv4", "--priority", "2", "--may-pre-empt", "yes",
        "--may-be-pre-empted", "no", "--ambr", "50M:150M", "--charging-characteristics", "0800", "--vplmn-address",
        "yes", "--gateway-address", "192.0.2.10"});
  done({"subscriber", "set", kSubscriber, "--apn", "ims", "--apn", "internet"});
  serve_on_swx(false);
  EXPECT_THAT(sar("registration"),
              AllOf(HasSubstr("  Server-Assignment-Type: REGISTRATION\n"), HasSubstr("DIAMETER_SUCCESS (2001)"),
                    HasSubstr("  Subscription-Id: 491510000001\n"),
                    HasSubstr("  Non-3GPP-IP-Access: NON_3GPP_SUBSCRIPTION_ALLOWED\n"),
                    HasSubstr("  Non-3GPP-IP-Access-APN: NON_3GPP_APNS_ENABLE\n"),
                    HasSubstr("  Context-Identifier: 1 (the default APN)\n"),
                    HasSubstr("  APN-Configuration: ims, Context-Identifier 1, ipv4v6, QCI 5, priority 8\n"),
                    HasSubstr("  APN-Configuration: internet, Context-Identifier 2, ipv4, QCI 9, priority 2, may "
                              "pre-empt, may not be pre-empted, AMBR 50M:150M, charging 0800, dynamic addresses of the "
                              "VPLMN, static PDN gateway 192.0.2.10\n"),
                    HasSubstr("  3GPP AAA server: aaa.example.org, authentication pending until ")));
  const Json json = Json::parse(done({"explain", "swx-sar", kSubscriber, "--type", "1", "--json"}).out);
  EXPECT_EQ(json.at("command"), "Server-Assignment-Request on SWx");
  EXPECT_EQ(json.at("result_code"), 2001);
  EXPECT_EQ(json.at("changes").size(), 1U);
}

TEST_F(ExplainSwxTest, SarSaysWhatWouldBecomeOfTheUser) {
  EXPECT_THAT(sar("5"), HasSubstr("DIAMETER_ERROR_IDENTITY_NOT_REGISTERED (10415:5003)"));
  serve_on_swx();
  EXPECT_THAT(sar("user-deregistration"), HasSubstr("  3GPP AAA server: aaa.example.org, registered -> none\n"));
  EXPECT_THAT(sar("pgw_update", {"--apn", "ims", "--gateway-address", "192.0.2.10", "--gateway-host", "pgw.example.org",
                                 "--gateway-realm", "example.org", "--visited-network", "here"}),
              AllOf(HasSubstr("  MIP6-Agent-Info: 192.0.2.10, pgw.example.org in example.org\n"),
                    HasSubstr("  PDN connections: none -> ims at 192.0.2.10, pgw.example.org in example.org\n")));
  EXPECT_THAT(sar("13", {"--apn", "web"}), HasSubstr("DIAMETER_ERROR_USER_NO_APN_SUBSCRIPTION (10415:5451)"));
  EXPECT_THAT(sar("14", {"--active-apn", "ims"}),
              AllOf(HasSubstr("  Active-APN: ims\n"), HasSubstr("DIAMETER_SUCCESS (2001)")));
}

TEST_F(ExplainSwxTest, UsageErrors) {
  const std::pair<std::vector<std::string>, const char*> rows[] = {
      {{"swx-mar", kSubscriber, "--auts", "12"}, "--auts: must be RAND and AUTS"},
      {{"swx-mar", kSubscriber, "--rat-type", "LAN"}, "--rat-type: must be a RAT-Type"},
      {{"swx-sar", kSubscriber, "--type", "registraton"}, "--type: must be one of 0 no_assignment"},
      {{"swx-sar", kSubscriber, "--type", "13", "--gateway-address", "pgw"}, "--gateway-address: is no IPv4"},
      {{"swx-sar", kSubscriber, "--type", "13", "--gateway-host", "a.b"}, "--gateway-realm: is missing"},
      {{"swx-sar", kSubscriber}, "--type is required"}};
  for (auto [arguments, reason] : rows) {
    arguments.insert(arguments.begin(), "explain");
    const Outcome outcome = hssctl(arguments);
    EXPECT_EQ(outcome.code, 2) << reason;
    EXPECT_THAT(outcome.err, HasSubstr(reason));
  }
}

}  // namespace
}  // namespace hss::provisioning
