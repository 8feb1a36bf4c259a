// APN templates: the verbs, their JSON, and which 3GPP AAA servers are told of a change.
// SPDX-License-Identifier: MIT
#include "provisioning/apn/apn_fields.h"
#include "provisioning/apn/apn_json.h"
#include "served.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ApnTest : public ServedTest {};

TEST_F(ApnTest, ImsIsThereFromTheStart) {
  EXPECT_EQ(done({"apn", "list"}).out, "ims\t1\tims\tipv4v6\t5\t8\t-\t-\n");
  EXPECT_EQ(done({"apn", "list", "--json"}).out,
            R"({"name":"ims","context_identifier":1,"apn":"ims","pdn_type":"ipv4v6","qci":5,"priority_level":8,)"
            R"("may_pre_empt":false,"may_be_pre_empted":true})"
            "\n");
}

TEST_F(ApnTest, SetMakesAndChanges) {
  EXPECT_EQ(done({"apn", "set", "internet"}).out, "added internet: APN internet, Context-Identifier 2\n");
  EXPECT_EQ(done({"apn", "show", "internet"}).out,
            "Name       internet\nAPN        internet, Context-Identifier 2\nPDN type   ipv4v6\nQCI        9\n"
            "Priority   8, may not pre-empt, may be pre-empted\n");
  EXPECT_EQ(done({"apn",
                  "set",
                  "internet",
                  "--apn",
                  "Web.MNC001.MCC001.GPRS",
                  "--context-id",
                  "7",
                  "--pdn-type",
                  "ipv4",
                  "--qci",
                  "8",
                  "--priority",
                  "3",
                  "--may-pre-empt",
                  "yes",
                  "--may-be-pre-empted",
                  "no",
                  "--ambr",
                  "50M:1500K",
                  "--charging-characteristics",
                  "08aB",
                  "--vplmn-address",
                  "no",
                  "--gateway-address",
                  "192.0.2.10",
                  "--gateway-address",
                  "2001:db8::10",
                  "--gateway-host",
                  "pgw.example.org",
                  "--gateway-realm",
                  "example.org"})
                .out,
            "stored internet: APN web, Context-Identifier 7\n");
  const std::string whole = done({"apn", "show", "internet"}).out;
  EXPECT_EQ(whole,
            "Name       internet\nAPN        web, Context-Identifier 7\nPDN type   ipv4\nQCI        8\n"
            "Priority   3, may pre-empt, may not be pre-empted\nAMBR       50M:1500K bit/s (uplink:downlink)\n"
            "Charging   08AB\nVPLMN      dynamic addresses not allowed\n"
            "Gateway    192.0.2.10, 2001:db8::10, pgw.example.org in example.org\n");
  EXPECT_THAT(done({"apn", "list"}).out,
              HasSubstr("internet\t7\tweb\tipv4\t8\t3\t50M:1500K\t192.0.2.10, 2001:db8::10, pgw.example.org in "
                        "example.org\n"));
  done({"apn", "set", "internet"});  // what is not given stays
  EXPECT_EQ(done({"apn", "show", "internet"}).out, whole);
  done({"apn", "set", "internet", "--ambr", "", "--charging-characteristics", "", "--vplmn-address", "",
        "--gateway-address", "", "--gateway-host", "", "--gateway-realm", ""});
  EXPECT_EQ(done({"apn", "show", "internet"}).out,
            "Name       internet\nAPN        web, Context-Identifier 7\nPDN type   ipv4\nQCI        8\n"
            "Priority   3, may pre-empt, may not be pre-empted\n");
}

TEST_F(ApnTest, TheContextIdentifierIsTheNextFreeOne) {
  done({"apn", "set", "c", "--context-id", "3"});
  EXPECT_THAT(done({"apn", "set", "b"}).out, HasSubstr("Context-Identifier 2\n"));
  EXPECT_THAT(done({"apn", "set", "any", "--apn", "*"}).out, HasSubstr("APN *, Context-Identifier 4\n"));
  const Outcome taken = hssctl({"apn", "set", "d", "--context-id", "1"});
  EXPECT_EQ(taken.code, 1);
  EXPECT_THAT(taken.err, HasSubstr("ims"));
  EXPECT_THAT(done({"apn", "list"}).out, Not(HasSubstr("\nd\t")));
}

TEST_F(ApnTest, JsonIsWhatAFileHolds) {
  const std::string out =
      done({"apn", "set", "internet", "--ambr", "1G:2G", "--gateway-address", "192.0.2.10", "--json"}).out;
  const Json printed = Json::parse(out);
  EXPECT_TRUE(printed.at("pushes").empty());
  Json whole = Json::parse(done({"apn", "show", "internet", "--json"}).out);
  FieldProblems problems;
  Checker check(problems);
  const auto apn = read_apn(whole, "", check);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(apn.name, "internet");
  EXPECT_EQ(apn.configuration.ambr, (Ambr{.uplink = 1'000'000'000, .downlink = 2'000'000'000}));
  EXPECT_EQ(apn_to_json(apn), whole);
}

TEST_F(ApnTest, RemoveTakesWhatNobodyNeeds) {
  done({"apn", "set", "internet"});
  EXPECT_EQ(done({"apn", "remove", "internet"}).out, "removed internet\n");
  EXPECT_EQ(hssctl({"apn", "show", "internet"}).code, 1);
  const Outcome unknown = hssctl({"apn", "remove", "internet"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("internet: no such APN template: see 'hssctl apn list'"));
  const Outcome used = hssctl({"apn", "remove", "ims"});
  EXPECT_EQ(used.code, 1);
  EXPECT_THAT(used.err, HasSubstr("take it out of provisioning.default_apns"));
  file("hss/hss.toml", "provisioning.default_apns = []\n");
  EXPECT_EQ(hssctl({"apn", "remove", "ims"}).code, 1);  // the subscriber has it
  done({"subscriber", "remove", kSubscriber});
  EXPECT_EQ(done({"apn", "remove", "ims", "--json"}).out, "{\"removed\":\"ims\"}\n");
}

TEST_F(ApnTest, AChangeTellsTheServersOfRegisteredUsers) {
  add("001010000000002", "491510000002");
  done({"apn", "set", "ims", "--qci", "6"});
  EXPECT_THAT(pushes(), IsEmpty());  // nobody is registered
  serve_on_swx();
  serve_on_swx(false, "001010000000002");
  done({"apn", "set", "ims", "--qci", "6"});
  EXPECT_THAT(pushes(), IsEmpty());  // nothing is changed
  done({"apn", "set", "internet"});
  EXPECT_THAT(pushes(), IsEmpty());  // nobody has it
  EXPECT_EQ(done({"apn", "set", "ims", "--qci", "5"}).out,
            "stored ims: APN ims, Context-Identifier 1\n"
            "1 3GPP AAA server copy will be updated: see 'hssctl push list'\n");
  ASSERT_THAT(pushes(), SizeIs(1));
  const Push push = pushes().front();
  EXPECT_EQ(push.application, Application::kSwx);
  EXPECT_EQ(push.kind, PushKind::kPushProfile);
  EXPECT_EQ(push.private_identity, kSubscriber);
  EXPECT_EQ(push.server.diameter_host, "aaa.example.org");
  EXPECT_TRUE(push.user_data);
  const Outcome waits = hssctl({"apn", "set", "ims", "--qci", "7", "--wait", "0"});
  EXPECT_EQ(waits.code, 1);
  EXPECT_THAT(waits.err, HasSubstr("no answer yet: 1 of 1 wait"));
  EXPECT_THAT(done({"apn", "set", "ims", "--qci", "8", "--json"}).out,
              AllOf(HasSubstr("\"qci\":8"), HasSubstr("\"pushes\":[{\"id\":1,")));
  EXPECT_THAT(pushes(), SizeIs(1));  // one that waits is enough
}

struct Refusal {
  const char* name;
  std::vector<std::string> options;
  const char* reason;
};

TEST_F(ApnTest, SetRefusesAndKeepsWhatWasThere) {
  const std::string before = done({"apn", "show", "ims"}).out;
  for (const Refusal& row : std::vector<Refusal>{
           {"network", {"--apn", "i_ms"}, "--apn: is no APN"},
           {"empty network", {"--apn", ""}, "--apn: is no APN"},
           {"context 0", {"--context-id", "0"}, "--context-id: must be a number from 1 to 4294967295"},
           {"pdn type", {"--pdn-type", "ip"}, "--pdn-type: must be ipv4, ipv6, ipv4v6 or ipv4-or-ipv6"},
           {"qci 0", {"--qci", "0"}, "--qci: must be a number from 1 to 254"},
           {"qci 255", {"--qci", "255"}, "--qci: must be a number from 1 to 254"},
           {"priority 0", {"--priority", "0"}, "--priority: must be a number from 1 to 15"},
           {"priority 16", {"--priority", "16"}, "--priority: must be a number from 1 to 15"},
           {"pre-empt", {"--may-pre-empt", "maybe"}, "--may-pre-empt: must be yes or no"},
           {"pre-empted", {"--may-be-pre-empted", ""}, "--may-be-pre-empted: must be yes or no"},
           {"vplmn", {"--vplmn-address", "1"}, "--vplmn-address: must be yes or no"},
           {"ambr", {"--ambr", "50M"}, "--ambr: must be UPLINK:DOWNLINK"},
           {"ambr 0", {"--ambr", "0:1"}, "--ambr: must be UPLINK:DOWNLINK"},
           {"ambr too large", {"--ambr", "1:5G"}, "--ambr: must be UPLINK:DOWNLINK"},
           {"charging", {"--charging-characteristics", "080"}, "has 3 hexadecimal digits, must have 4"},
           {"address", {"--gateway-address", "pgw"}, "--gateway-address: is no IPv4 or IPv6 address"},
           {"prefix", {"--gateway-address", "2001:db8::/64"}, "--gateway-address: is no IPv4 or IPv6 address"},
           {"two addresses",
            {"--gateway-address", "192.0.2.1", "--gateway-address", "192.0.2.2"},
            "one IPv4 and one IPv6 address at the most"},
           {"host alone", {"--gateway-host", "pgw.example.org"}, "--gateway-realm: is missing"},
           {"realm alone", {"--gateway-realm", "example.org"}, "--gateway-host: is missing"},
           {"host",
            {"--gateway-host", "p g w", "--gateway-realm", "example.org"},
            "--gateway-host: is no Diameter identity"},
           {"wait", {"--qci", "6", "--wait=soon"}, "--wait: must be a number"}}) {
    std::vector<std::string> arguments{"apn", "set", "ims"};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const Outcome outcome = hssctl(arguments);
    EXPECT_EQ(outcome.code, 2) << row.name;
    EXPECT_THAT(outcome.err, HasSubstr(row.reason)) << row.name;
  }
  EXPECT_EQ(done({"apn", "show", "ims"}).out, before);
  EXPECT_THAT(hssctl({"apn", "set", "a b"}).err, HasSubstr("NAME: is no name: write 1 to 63 letters"));
  EXPECT_THAT(hssctl({"apn", "set", "two_words"}).err, HasSubstr("--apn: is missing: the name is not one of an APN"));
  EXPECT_EQ(done({"apn", "set", "two_words", "--apn", "two-words"}).code, 0);
}

TEST(ApnJsonTest, RefusesWhatIsWrongByItsPath) {
  const std::pair<const char*, FieldProblem> rows[] = {
      {R"({"context_identifier":2})", {"apn.name", "is no name: write 1 to 63 letters, digits, '-', '_' or '.'"}},
      {R"({"name":"a"})", {"apn.context_identifier", "is missing"}},
      {R"({"name":"a","context_identifier":0})", {"apn.context_identifier", "must be a number from 1 to 4294967295"}},
      {R"({"name":"a","context_identifier":2,"qci":300})", {"apn.qci", "must be a number from 1 to 254"}},
      {R"({"name":"a","context_identifier":2,"priority_level":0})",
       {"apn.priority_level", "must be a number from 1 to 15"}},
      {R"({"name":"a","context_identifier":2,"may_pre_empt":"no"})", {"apn.may_pre_empt", "must be true or false"}},
      {R"({"name":"a","context_identifier":2,"pdn_type":"x"})",
       {"apn.pdn_type", "must be ipv4, ipv6, ipv4v6 or ipv4-or-ipv6"}},
      {R"({"name":"a","context_identifier":2,"ambr":{"uplink":1}})", {"apn.ambr.downlink", "is missing"}},
      {R"({"name":"a","context_identifier":2,"ambr":{"uplink":0,"downlink":1}})",
       {"apn.ambr.uplink", "must be a number from 1 to 4294967295"}},
      {R"({"name":"a","context_identifier":2,"ambr":7})", {"apn.ambr", "must be an object"}},
      {R"({"name":"a","context_identifier":2,"gateway":{"addresses":["x"]}})",
       {"apn.gateway.addresses", "is no IPv4 or IPv6 address"}},
      {R"({"name":"a","context_identifier":2,"gateway":{"host":"h.org"}})",
       {"apn.gateway.realm", "is missing: a gateway is named by its host and its realm"}},
      {R"({"name":"a","context_identifier":2,"charging_characteristics":"08"})",
       {"apn.charging_characteristics", "has 2 hexadecimal digits, must have 4"}},
      {R"({"name":"a","context_identifier":2,"colour":1})", {"apn.colour", "is not known"}},
      {R"(7)", {"apn", "must be an object"}},
  };
  for (const auto& [text, problem] : rows) {
    FieldProblems problems;
    Checker check(problems);
    read_apn(Json::parse(text), "apn", check);
    EXPECT_THAT(problems, ::testing::Contains(problem)) << text;
    EXPECT_THAT(problems, SizeIs(text[0] == '7' ? 2 : 1)) << text;
  }
}

TEST(ApnJsonTest, LeftOutIsTheUsual) {
  FieldProblems problems;
  Checker check(problems);
  const auto apn = read_apn(Json::parse(R"({"name":"Internet","context_identifier":2})"), "", check);
  EXPECT_THAT(problems, IsEmpty());
  ApnConfiguration expected;
  expected.context_identifier = 2;
  expected.name = "internet";
  EXPECT_EQ(apn.configuration, expected);
}

TEST(ApnFieldsTest, AmbrThereAndBack) {
  for (const auto& [text, uplink, downlink, written] :
       {std::tuple{"1:2", 1U, 2U, "1:2"}, std::tuple{"1500k:4G", 1500000U, 4000000000U, "1500K:4G"},
        std::tuple{"1000:4294967295", 1000U, 4294967295U, "1K:4294967295"}}) {
    FieldProblems problems;
    Checker check(problems);
    const auto ambr = read_ambr("ambr", text, check);
    ASSERT_TRUE(ambr) << text;
    EXPECT_EQ(*ambr, (Ambr{.uplink = uplink, .downlink = downlink}));
    EXPECT_EQ(ambr_text(*ambr), written);
  }
}

}  // namespace
}  // namespace hss::provisioning
