// hssctl export: what it writes, import reads without loss; keys only when they are asked for.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "directory.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two cards, two private identities, three implicit sets, associations, capabilities, non-3GPP access: all that there
/// is.
const std::string kRich =
    R"({"imsi":"001010000000050","msisdns":["4915150"],"key_sets":[{"algorithm":"milenage","k":")" + kK +
    R"(","opc":")" + kOpc +
    R"(","amf":"b9b9","sqn":"000000000100","ind_bits":4,"delta":1000},{"algorithm":"milenage","k":")" + kOpc +
    R"(","opc":")" + kK +
    R"(","amf":"8000","sqn":"000000000020","ind_bits":5,"delta":268435456}],)"
    R"("private_identities":[{"impi":"a@x.org","scheme":"Digest-AKAv1-MD5","key_set":0},)"
    R"({"impi":"b@x.org","scheme":"Digest-AKAv1-MD5","key_set":1}],)"
    R"("public_identities":[{"impu":"sip:a@x.org","implicit_set":0,"service_profile":"gold","display_name":"A \"x\""},)"
    R"({"impu":"sip:c@x.org","barred":true,"registration_allowed":false,"implicit_set":1,"service_profile":"default"},)"
    R"({"impu":"tel:+4915150","implicit_set":0,"service_profile":"gold"},)"
    R"({"impu":"sip:d@x.org","implicit_set":2,"service_profile":"default"}],)"
    R"("associations":[{"private_identity":0,"implicit_set":0},{"private_identity":0,"implicit_set":1},)"
    R"({"private_identity":1,"implicit_set":2}],)"
    R"("capabilities":{"mandatory":[1,2],"optional":[3],"server_names":["sip:s1.x.org"]},)"
    R"("visited_networks":["v.x.org"],"loose_route_required":false,"usim":1,)"
    R"("non_3gpp":{"access":"allowed","apns":[{"name":"ims","ipv4":"192.0.2.1"}],"visited_networks":["n.x.org"]}})";

class ExportTest : public Directory {
 protected:
  void SetUp() override { init(); }
  void add_rich() {
    done({"profile", "set", "gold", "-"}, "<ServiceProfile/>");
    done({"import", "-"}, kRich);
  }
  /// A fresh store in the place of the present one.
  void start_anew() {
    std::filesystem::remove_all(directory_);
    init();
  }
};

TEST_F(ExportTest, JsonWithKeysIsAllOfIt) {
  add("001010000000001", "491510000001");
  add_rich();
  const std::string before = done({"export", "--format", "json", "--with-keys"}).out;
  EXPECT_THAT(before, HasSubstr(kRich + "\n"));
  start_anew();
  EXPECT_EQ(done({"import", "-"}, before).out,
            "added 3, already there 2\n");  // the default profile and the APN ims are there
  EXPECT_EQ(done({"export", "--format", "json", "--with-keys"}).out, before);
  EXPECT_EQ(done({"import", "-"}, before).out, "added 0, already there 5\n");
}

TEST_F(ExportTest, JsonWithoutKeysFindsTheStoredOnes) {
  add("001010000000001", "491510000001");
  add_rich();
  const std::string before = done({"export", "--format", "json", "--with-keys"}).out;
  std::string open = done({"export", "--format", "json"}).out;
  EXPECT_EQ(done({"import", "-"}, open).out, "added 0, already there 5\n");
  const auto at = open.find("v.x.org");
  ASSERT_NE(at, std::string::npos);
  open.replace(at, 7, "w.x.org");
  EXPECT_EQ(hssctl({"import", "-"}, open).code, 1);
  EXPECT_EQ(done({"import", "--update", "-"}, open).out, "added 0, changed 1, already there 4\n");
  std::string after = done({"export", "--format", "json", "--with-keys"}).out;
  after.replace(after.find("w.x.org"), 7, "v.x.org");
  EXPECT_EQ(after, before);
}

TEST_F(ExportTest, AnArrayIsReadToo) {
  done({"profile", "set", "gold", "-"}, "<ServiceProfile/>");
  EXPECT_EQ(done({"import", "-"}, "[\n " + kRich + "\n]\n").out, "added 1, already there 0\n");
}

TEST_F(ExportTest, CsvWithKeysIsAllOfWhatItCanHold) {
  add("001010000000001", "491510000001");
  add("001010000000002", "491510000002",
      {"--msisdn", "491510000003", "--impu", "sip:b@x.org", "--sqn", "000000000200", "--ind-bits", "4", "--amf",
       "b9b9"});
  const std::string json = done({"export", "--format", "json", "--with-keys"}).out;
  const std::string csv = done({"export", "--with-keys"}).out;
  EXPECT_THAT(csv, ::testing::StartsWith("imsi,msisdn,impi,impus,k,opc,amf,sqn,ind_bits,profile\r\n"));
  EXPECT_EQ(done({"import", "-"}, csv).out, "added 0, already there 2\n");
  start_anew();
  EXPECT_EQ(done({"import", "-"}, csv).out, "added 2, already there 0\n");
  EXPECT_EQ(done({"export", "--with-keys"}).out, csv);
  EXPECT_EQ(done({"export", "--format", "json", "--with-keys"}).out, json);
}

TEST_F(ExportTest, CsvSaysWhenItCannotHoldOne) {
  add("001010000000001", "491510000001");
  add_rich();
  const auto target = root_ / "out.csv";
  const Outcome outcome = hssctl({"export", "-o", target.string()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("1 subscriber left out"), HasSubstr("a@x.org"), HasSubstr("--format json")));
  EXPECT_FALSE(std::filesystem::exists(target));
}

TEST_F(ExportTest, CsvHoldsNoIdentityThatItWouldReadAsTwo) {
  done({"import", "-"}, R"({"private_identities": [{"impi": "a@x.org", "sip_digest": {"ha1":
"465b5ce8b199b49faa5f0a2ee238a6bc"}}], "public_identities": [{"impu": "sip:a;b@x.org"}]})");
  const Outcome outcome = hssctl({"export"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("1 subscriber left out"), HasSubstr("a@x.org"), HasSubstr("--format json")));
  const std::string json = done({"export", "--format", "json", "--with-keys"}).out;
  EXPECT_THAT(json, HasSubstr("sip:a;b@x.org"));
  EXPECT_THAT(done({"import", "-"}, json).out, ::testing::StartsWith("added 0, "));
}

TEST_F(ExportTest, KeysAreNowhereUnlessAskedFor) {
  add("001010000000001", "491510000001");
  add_rich();
  const std::vector<std::vector<std::string>> verbs{
      {"export", "--format", "json"},
      {"subscriber", "list"},
      {"subscriber", "list", "--json"},
      {"subscriber", "show", "a@x.org"},
      {"subscriber", "show", "a@x.org", "--json"},
      {"subscriber", "set", "001010000000001", "--k", kK, "--opc", kOpc},
      {"subscriber", "set", "001010000000001", "--k", kK, "--opc", kOpc, "--json"},
      {"subscriber", "set", "001010000000001", kK},
      {"subscriber", "show", "001010000000001", "--k=" + kK},
      {"subscriber", "set", "001010000000001", "--ind-bits", kK},
      {"import", "--format", kK, "-"},
      {"--bad=" + kK},
      {"--" + kK},
      {"subscriber", "show", kK},
      {"subscriber", "add", "-k" + kK},
      {"subscriber", "set", "001010000000001", "--keys-file", kK},
      {"import", kK},
      {"subscriber", "add", "--imsi", "001010000000002", "--msisdn", "49151002", "--k", kK, "--op", kOp, "--json"},
      {"subscriber", "add", "--imsi", kK, "--msisdn", kOpc, "--k", kK + "0", "--opc", "x" + kOpc},
      {"man"}};
  for (const auto& verb : verbs) {
    const Outcome outcome = hssctl(verb);
    for (const std::string& text : {outcome.out, outcome.err}) {
      for (const std::string& key : {kK, kOp, kOpc}) EXPECT_THAT(text, Not(HasSubstr(key))) << verb.front();
    }
  }
}

TEST_F(ExportTest, TheFileIsItsOwnersAndWhole) {
  add("001010000000001", "491510000001");
  const auto target = file("keys.json", "old");
  std::filesystem::permissions(target, std::filesystem::perms::all);
  const Outcome outcome = done({"export", "--with-keys", "-o", target.string()});
  EXPECT_THAT(outcome.err, HasSubstr("K and OPc are written in clear"));
  EXPECT_THAT(outcome.out, HasSubstr("wrote 1 subscriber to"));
  EXPECT_EQ(mode_of(target), 0600U);
  EXPECT_THAT(read_file(target), HasSubstr("\"k\":\"" + kK + '"'));
  EXPECT_EQ(hssctl({"export", "-o", (root_ / "none/x.csv").string()}).code, 1);
}

}  // namespace
}  // namespace hss::provisioning
