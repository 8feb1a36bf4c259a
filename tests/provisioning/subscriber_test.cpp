// The verbs on one subscriber and on service profiles, run as a person runs them.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "db/administration.h"
#include "db/sqlite_repository.h"
#include "directory.h"
#include "provisioning/key_check.h"
#include "provisioning/store.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kImsi = "001010000000001";
constexpr const char* kImpi = "001010000000001@ims.mnc001.mcc001.3gppnetwork.org";
constexpr const char* kSip = "sip:+491510000001@ims.mnc001.mcc001.3gppnetwork.org";

class SubscriberTest : public Directory {
 protected:
  void SetUp() override {
    init();
    add(kImsi, "491510000001");
  }
  std::string show(const std::string& id = kImsi) { return done({"subscriber", "show", id}).out; }
};

TEST_F(SubscriberTest, IsFoundByEachIdentity) {
  for (const std::string id :
       {kImsi, "491510000001", "+491510000001", kImpi, kSip, "tel:+491510000001", "tel:+49-151-0000001",
        "SIP:+491510000001@IMS.mnc001.mcc001.3gppnetwork.org;user=phone"}) {
    EXPECT_THAT(show(id), HasSubstr(kImpi)) << id;
  }
  const Outcome outcome = hssctl({"subscriber", "show", "001010000000002"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("001010000000002: no such subscriber"));
}

TEST_F(SubscriberTest, ShowsAllButTheKeys) {
  const std::string text = show();
  EXPECT_THAT(text, AllOf(HasSubstr(kSip), HasSubstr("tel:+491510000001"), HasSubstr("barred"),
                          HasSubstr("SQN       000000000000 (SEQ 0)"), HasSubstr("resync    never"),
                          HasSubstr("state     not registered"), HasSubstr("S-CSCF     none assigned")));
  const std::string json = done({"subscriber", "show", kImsi, "--json"}).out;
  for (const std::string& out : {text, json}) {
    EXPECT_THAT(out, Not(HasSubstr(kK)));
    EXPECT_THAT(out, Not(HasSubstr(kOpc)));
  }
}

TEST_F(SubscriberTest, KeyCheckValueIsAes) {
  // openssl enc -aes-128-ecb over sixteen octets 01 under a key of zeros.
  EXPECT_EQ(key_check_value(Secret<16>{}), "e14d5d");
  Secret<16> k;
  ASSERT_TRUE(parse_hex(kK, k.overwrite()));
  EXPECT_THAT(show(), HasSubstr("check     K " + key_check_value(k) + ", OPc "));
  done({"subscriber", "set", kImsi, "--k", kOpc, "--opc", kOpc});
  EXPECT_THAT(show(), Not(HasSubstr("check     K " + key_check_value(k))));
}

TEST_F(SubscriberTest, ShowsWhatHappened) {
  {
    Store store(directory_.string());
    const db::KeyVault vault = db::KeyVault::open(directory_ / "master.key");
    db::SqliteRepository repository(store.database(), vault);
    store.database().write([&] {
      const auto subscription = repository.find_by_private_identity(kImpi);
      ASSERT_NE(subscription, nullptr);
      const auto key_set = subscription->private_identities[0].key_set.value();
      repository.save_sequence(key_set, {.seq = 77, .issued = {}});
      repository.save_resynchronisation(key_set, {.at = 1893456000,
                                                  .origin_host = "scscf.example.org",
                                                  .seq_he = 5,
                                                  .seq_ms = 75,
                                                  .action = ResynchronisationRecord::Action::kRaised});
      repository.save_registration(
          subscription->id, {.server = AssignedServer{"sip:scscf.example.org:6060", "scscf.example.org", "example.org"},
                             .pairs = {{.implicit_set = subscription->public_identities[0].implicit_set,
                                        .private_identity = subscription->private_identities[0].id,
                                        .status = RegistrationStatus::kRegistered,
                                        .auth_pending_until = 4102444800}}});
    });
  }
  EXPECT_THAT(
      show(),
      AllOf(HasSubstr("SQN       0000000009a0 (SEQ 77)"),
            HasSubstr("resync    2030-01-01T00:00:00Z by scscf.example.org: card at SEQ 75, we at 5 (+70), raised"),
            HasSubstr("state     registered, authentication pending until 2100-01-01T00:00:00Z"),
            HasSubstr("S-CSCF     sip:scscf.example.org:6060 (Diameter scscf.example.org, realm example.org)")));
  const std::string json = done({"--json", "subscriber", "show", kImsi}).out;
  EXPECT_THAT(json, AllOf(HasSubstr("\"seq_ms\": 75"), HasSubstr("\"state\": \"registered\""),
                          HasSubstr("\"diameter_host\": \"scscf.example.org\"")));
  EXPECT_THAT(done({"subscriber", "list"}).out, HasSubstr("\tregistered\t"));
  // A change of something else keeps all that.
  done({"subscriber", "set", kImsi, "--visited-network", "visited.example.org"});
  EXPECT_THAT(show(), AllOf(HasSubstr("(SEQ 77)"), HasSubstr("state     registered"), HasSubstr("raised")));
}

TEST_F(SubscriberTest, IsRefusedTwice) {
  const Outcome same =
      hssctl({"subscriber", "add", "--imsi", kImsi, "--msisdn", "491510000009", "--k", kK, "--opc", kOpc});
  EXPECT_EQ(same.code, 1);
  EXPECT_EQ(same.out, "");
  const Outcome msisdn =
      hssctl({"subscriber", "add", "--imsi", "001010000000002", "--msisdn", "491510000001", "--k", kK, "--opc", kOpc});
  EXPECT_EQ(msisdn.code, 1);
  EXPECT_THAT(done({"subscriber", "list"}).out, Not(HasSubstr("001010000000002")));
}

TEST_F(SubscriberTest, KeysComeFromAFileOrStandardInput) {
  const auto keys = file("card.keys", "# card 2\nki = " + kK + "\r\n\nop=" + kOp + "\n");
  done({"subscriber", "add", "--imsi", "001010000000002", "--msisdn", "491510000002", "--keys-file", keys.string()});
  done({"subscriber", "add", "--imsi", "001010000000003", "--msisdn", "491510000003", "--keys-file", "-"},
       "k=" + kK + "\nopc=" + kOpc + "\n");
  const std::string exported = done({"export", "--with-keys"}).out;
  EXPECT_THAT(exported, HasSubstr("001010000000002,491510000002"));
  std::size_t count = 0;
  for (auto at = exported.find(kOpc); at != std::string::npos; at = exported.find(kOpc, at + 1)) ++count;
  EXPECT_EQ(count, 3U);
  const Outcome wrong = hssctl({"subscriber", "add", "--imsi", "001010000000004", "--keys-file", "-"}, kK + "\n");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("line 1: write k=HEX"), Not(HasSubstr(kK))));
}

TEST_F(SubscriberTest, EveryOptionOfAddIsStored) {
  add("001010000000002", "491510000002",
      {"--msisdn",
       "491510000003",
       "--amf",
       "b9b9",
       "--sqn",
       "000000000100",
       "--ind-bits",
       "4",
       "--impi",
       "Bob@Example.org",
       "--impu",
       "sip:bob@example.org",
       "--barred-impu",
       "sip:hidden@example.org",
       "--display-name",
       "Bob",
       "--scscf",
       "sip:s1.example.org",
       "--capability",
       "1",
       "--capability",
       "2",
       "--optional-capability",
       "3",
       "--visited-network",
       "\"Visited.example.org\""});
  EXPECT_THAT(show("Bob@example.org"),
              AllOf(HasSubstr("491510000002, 491510000003"), HasSubstr("AMF b9b9, IND bits 4"), HasSubstr("(SEQ 16)"),
                    HasSubstr("sip:bob@example.org\n"), HasSubstr("sip:hidden@example.org, barred"),
                    HasSubstr("display name \"Bob\""), HasSubstr("must have 1, 2; should have 3"),
                    HasSubstr("prefer sip:s1.example.org"), HasSubstr("Roams in   visited.example.org")));
}

TEST_F(SubscriberTest, SetChangesWhatIsNamedAlone) {
  done({"subscriber", "set", kImsi, "--sqn", "000000000040"});
  done({"subscriber", "set", kImsi, "--msisdn", "491510000007"});
  const std::string text = show();
  EXPECT_THAT(text,
              AllOf(HasSubstr("tel:+491510000007"), HasSubstr("sip:+491510000007@"), Not(HasSubstr("491510000001@")),
                    HasSubstr("(SEQ 2)"), HasSubstr(std::string("sip:") + kImpi + ", barred")));
  done({"subscriber", "set", kImsi, "--imsi", "001010000000009"});
  EXPECT_THAT(show("001010000000009"), AllOf(HasSubstr("IMPI       001010000000009@"),
                                             HasSubstr("sip:001010000000009@"), Not(HasSubstr(kImsi))));
}

TEST_F(SubscriberTest, SetNeverLowersTheSqnByAnotherLengthOfInd) {
  done({"subscriber", "set", kImsi, "--sqn", "0000000009a0"});
  done({"subscriber", "set", kImsi, "--ind-bits", "0"});
  EXPECT_THAT(show(), HasSubstr("SQN       0000000009bf (SEQ 2495)"));
  done({"subscriber", "set", kImsi, "--ind-bits", "5"});
  EXPECT_THAT(show(), HasSubstr("SQN       0000000009a0 (SEQ 77)"));
}

TEST_F(SubscriberTest, SetClearsLists) {
  done({"subscriber", "set", kImsi, "--capability", "7", "--display-name", "A", "--visited-network", "v.example.org"});
  done({"subscriber", "set", kImsi, "--clear", "capability", "--clear", "display-name", "--clear", "visited-network"});
  EXPECT_THAT(show(), AllOf(Not(HasSubstr("must have")), Not(HasSubstr("display name")), HasSubstr("every network")));
}

TEST_F(SubscriberTest, SetRefusesWhatMakesNoSense) {
  const std::string before = done({"export", "--with-keys"}).out;
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{"--k", kK}, "--k: OPc depends on K"},
      {{"--opc", "12"}, "--opc: has 2 hexadecimal digits"},
      {{"--op", kOp, "--opc", kK}, "--opc: is not what K and OP give"},
      {{"--impu", "bob"}, "--impu: is no public identity"},
      {{"--clear", "msisdn"}, "--impu: no public identity would be left"},
      {{"--ind-bits", "99"}, "--ind-bits: must be a number"},
      {{"--clear", "keys"}, "--clear"}};
  for (const auto& [options, reason] : rows) {
    std::vector<std::string> arguments{"subscriber", "set", kImsi};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Outcome outcome = hssctl(arguments);
    EXPECT_EQ(outcome.code, 2) << reason;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(reason), Not(HasSubstr(kK)), Not(HasSubstr(kOp))));
  }
  EXPECT_EQ(hssctl({"subscriber", "set", kImsi, "--profile", "none"}).code, 1);
  EXPECT_EQ(done({"export", "--with-keys"}).out, before);
}

TEST_F(SubscriberTest, RemoveRemoves) {
  EXPECT_THAT(done({"subscriber", "remove", "tel:+491510000001"}).out, HasSubstr(kImpi));
  EXPECT_EQ(done({"subscriber", "list"}).out, "");
  EXPECT_EQ(hssctl({"subscriber", "remove", kImsi}).code, 1);
}

TEST_F(SubscriberTest, ListPagesAndMatches) {
  for (int i = 2; i <= 5; ++i) add("00101000000000" + std::to_string(i), "49151000000" + std::to_string(i));
  const Outcome first = done({"subscriber", "list", "--limit", "2"});
  EXPECT_EQ(std::count(first.out.begin(), first.out.end(), '\n'), 2);
  EXPECT_THAT(first.err, HasSubstr("--after 001010000000002@"));
  const Outcome rest = done({"subscriber", "list", "--after", "001010000000002"});
  EXPECT_EQ(std::count(rest.out.begin(), rest.out.end(), '\n'), 3);
  EXPECT_EQ(rest.err, "");
  EXPECT_THAT(done({"subscriber", "list", "--match", "491510000004", "--json"}).out,
              AllOf(HasSubstr("\"imsi\":\"001010000000004\""), Not(HasSubstr("001010000000003"))));
  EXPECT_THAT(done({"subscriber", "list", "--match", "0000004@IMS", "--limit", "0"}).out,
              HasSubstr("001010000000004\t"));
  EXPECT_EQ(done({"subscriber", "list", "--match", "nobody"}).out, "");
}

TEST_F(SubscriberTest, ProfilesAreCheckedAndKept) {
  const std::string xml =
      "<ServiceProfile><InitialFilterCriteria><Priority>0</Priority><ApplicationServer><ServerName>sip:as.example.org"
      "</ServerName></ApplicationServer></InitialFilterCriteria></ServiceProfile>";
  done({"profile", "set", "sms", file("sms.xml", xml).string()});
  EXPECT_EQ(done({"profile", "list"}).out, "default\nsms\n");
  EXPECT_EQ(done({"profile", "show", "sms"}).out, xml + "\n");
  done({"subscriber", "set", kImsi, "--profile", "sms"});
  EXPECT_THAT(show(), HasSubstr("profile sms"));
  EXPECT_EQ(hssctl({"profile", "remove", "sms"}).code, 1);
  done({"subscriber", "set", kImsi, "--profile", "default"});
  done({"profile", "remove", "sms"});
  EXPECT_EQ(hssctl({"profile", "remove", "sms"}).code, 1);
  EXPECT_EQ(hssctl({"profile", "show", "sms"}).code, 1);
  EXPECT_EQ(hssctl({"profile", "set", "bad", file("bad.xml", "<ServiceProfile><X/></ServiceProfile>").string()}).code,
            1);
  EXPECT_EQ(hssctl({"profile", "set", "bad", "/nonexistent.xml"}).code, 1);
  EXPECT_EQ(done({"profile", "list", "--json"}).out, "[\"default\"]\n");
}

}  // namespace
}  // namespace hss::provisioning
