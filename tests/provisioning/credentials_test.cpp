// How a subscriber authenticates: algorithms of AKA, and the schemes beside it, as they are typed, refused, exported
// and read again.
// SPDX-License-Identifier: MIT
#include <openssl/evp.h>

#include <tuple>

#include "provisioning/credential_fields.h"
#include "provisioning/milenage_constants.h"
#include "provisioning/subscriber_fields.h"
#include "served.h"
#include "tests/support/csv.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kTopc = "bd04d9530e87513c5d837ac2ad954623a8e2330c115305a73eb45d1f40cccbff";  // TS 35.233 6.3
const std::string kTuakK = "abababababababababababababababab";
const std::string kOwnConstants =
    "r1=8 r2=16 r3=24 r4=40 r5=48 c1=00000000000000000000000000000000 c2=00000000000000000000000000000001 "
    "c3=00000000000000000000000000000002 c4=00000000000000000000000000000004 c5=00000000000000000000000000000008";

SubscriberFields card() {
  SubscriberFields fields;
  fields.imsi = "001010000000001";
  fields.msisdns = {"491510000001"};
  fields.k = KeyText(kK);
  return fields;
}

TEST(KeyFieldsTest, TopBecomesTopc) {
  const auto rows = test::read_csv(std::string(MINIHSS_TEST_DATA) + "/tuak-35233.csv");
  ASSERT_FALSE(rows.empty());
  for (const auto& row : rows) {
    SubscriberFields fields = card();
    fields.k = KeyText(row.text("K"));
    fields.top = KeyText(row.text("TOP"));
    fields.tuak_iterations = row.text("keccak_iterations");
    const auto made = make_draft(fields, Settings{});
    ASSERT_TRUE(std::holds_alternative<db::SubscriptionDraft>(made));
    const auto& key_set = std::get<db::SubscriptionDraft>(made).key_sets.at(0);
    EXPECT_EQ(key_set.algorithm, AkaAlgorithm::kTuak);  // follows from TOP
    EXPECT_TRUE(to_hex(key_set.opc.reveal()) == row.text("TOPc")) << "test set " << row.text("test_set");
    EXPECT_EQ(key_set.k.size() * 2, row.text("K").size());
  }
}

TEST(MilenageConstantsTest, AreReadInAnyOrderAndWrittenWhole) {
  std::string why;
  const auto own = parse_milenage_constants(kOwnConstants, why);
  ASSERT_TRUE(own) << why;
  EXPECT_EQ(own->r[4], 48);
  EXPECT_EQ(to_text(*own), kOwnConstants);
  const auto usual = parse_milenage_constants("# as published\nR3=32;c5=00000000000000000000000000000008\r\n", why);
  ASSERT_TRUE(usual) << why;
  EXPECT_EQ(*usual, MilenageConstants{});
}

TEST(MilenageConstantsTest, RefusalsSayWhy) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", "empty"},
      {"r6=1", "write r1=64"},
      {"r1=128", "r1 must be a number of bits from 0 to 127"},
      {"r1=x", "r1 must be a number of bits"},
      {"c1=00", "c1 must have 32 hexadecimal digits"},
      {"r1=1 r1=2", "r1 is given twice"},
      {"r2=64 c2=00000000000000000000000000000000", "r1 and c1 are the same as r2 and c2"}};
  for (const auto& [text, reason] : rows) {
    std::string why;
    EXPECT_FALSE(parse_milenage_constants(text, why)) << text;
    EXPECT_THAT(why, HasSubstr(reason));
  }
}

TEST(CredentialFieldsTest, APasswordBecomesItsHashes) {
  // RFC 7616 3.9.1: Mufasa, http-auth@example.org, "Circle of Life"; HA1 there is an intermediate value.
  const SipDigest digest = digest_of("Mufasa", "http-auth@example.org", KeyText("Circle of Life"));
  EXPECT_EQ(to_hex(digest.ha1.reveal()), "3d78807defe7de2157e2b0b6573a855f");
  ASSERT_TRUE(digest.alternate_sha256);
  EXPECT_EQ(to_hex(digest.alternate_sha256->reveal()),
            "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
}

TEST(CredentialFieldsTest, LineIdentifiersKeepEveryOctet) {
  EXPECT_EQ(line_identifier_text({'l', 'i', 'n', 'e', '7'}), "line7");
  for (const Bytes& octets : {Bytes{0x00, 0xFF}, Bytes{'0', 'x', '1'}, Bytes{'a', ' ', 'b'}, Bytes{'a', ';'}}) {
    const auto again = parse_line_identifier(line_identifier_text(octets));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, octets);
  }
  EXPECT_FALSE(parse_line_identifier(""));
  EXPECT_FALSE(parse_line_identifier("0x1"));
  EXPECT_FALSE(parse_line_identifier(std::string(256, 'a')));
}

struct Refused {
  const char* name;
  std::vector<std::string> options;
  std::string reason;
};
void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }

class CredentialRefusalTest : public Directory, public ::testing::WithParamInterface<Refused> {};

TEST_P(CredentialRefusalTest, NamesTheOption) {
  init();
  std::vector<std::string> arguments{"subscriber", "add", "--imsi", "001010000000001", "--msisdn", "491510000001"};
  arguments.insert(arguments.end(), GetParam().options.begin(), GetParam().options.end());
  const Outcome outcome = hssctl(arguments);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().reason));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  for (const std::string& secret : {kK, kOpc, kTopc, std::string("hunter2")}) {
    EXPECT_THAT(outcome.err, Not(HasSubstr(secret)));
  }
  EXPECT_EQ(done({"subscriber", "list"}).out, "");
}

INSTANTIATE_TEST_SUITE_P(
    Options, CredentialRefusalTest,
    ::testing::Values(
        Refused{"algorithm", {"--algorithm", "comp128", "--k", kK, "--opc", kOpc}, "--algorithm: must be milenage"},
        Refused{"tuak_k",
                {"--algorithm", "tuak", "--k", "ab", "--topc", kTopc},
                "--k: has 2 hexadecimal digits, must have 32 or 64"},
        Refused{"tuak_topc",
                {"--algorithm", "tuak", "--k", kK, "--topc", kOpc},
                "--topc: has 32 hexadecimal digits, must have 64"},
        Refused{"tuak_without", {"--algorithm", "tuak", "--k", kK}, "--topc: missing: give --topc or --top"},
        Refused{"tuak_opc",
                {"--algorithm", "tuak", "--k", kK, "--topc", kTopc, "--opc", kOpc},
                "--opc: belongs to Milenage"},
        Refused{"milenage_top",
                {"--algorithm", "milenage", "--k", kK, "--opc", kOpc, "--topc", kTopc},
                "--topc: belongs to TUAK"},
        Refused{"top_disagrees", {"--k", kK, "--topc", kTopc, "--top", kTopc}, "--topc: is not what K and TOP give"},
        Refused{"iterations",
                {"--k", kK, "--topc", kTopc, "--tuak-iterations", "0"},
                "--tuak-iterations: must be a number from 1 to 255"},
        Refused{"iterations_of_milenage",
                {"--k", kK, "--opc", kOpc, "--tuak-iterations", "2"},
                "--tuak-iterations: belongs to TUAK"},
        Refused{"res_of_tuak",
                {"--k", kK, "--topc", kTopc, "--res-length", "5"},
                "--res-length: TUAK has a RES of 4, 8 or 16"},
        Refused{"res_of_milenage",
                {"--k", kK, "--opc", kOpc, "--res-length", "16"},
                "--res-length: Milenage has a RES of 8"},
        Refused{"xor_needs_a_test_card", {"--algorithm", "xor", "--k", kK}, "--algorithm: xor is for test cards only"},
        Refused{"xor_has_no_opc",
                {"--algorithm", "xor", "--test-card", "--k", kK, "--opc", kOpc},
                "--opc: belongs to Milenage"},
        Refused{"constants",
                {"--k", kK, "--opc", kOpc, "--milenage-constants", "r1=200"},
                "--milenage-constants: r1 must be"},
        Refused{"constants_of_tuak",
                {"--k", kK, "--topc", kTopc, "--milenage-constants", "r1=8"},
                "--milenage-constants: belongs to Milenage"},
        Refused{"scheme", {"--k", kK, "--opc", kOpc, "--scheme", "Basic"}, "--scheme: must be Digest-AKAv1-MD5"},
        Refused{"scheme_without",
                {"--k", kK, "--opc", kOpc, "--scheme", "sip digest"},
                "--scheme: has no credentials: give --sip-password or --ha1"},
        Refused{"aka_without_k",
                {"--sip-password", "hunter2", "--scheme", "Digest-AKAv1-MD5"},
                "--scheme: has no credentials: give --k"},
        Refused{
            "realm_alone", {"--k", kK, "--opc", kOpc, "--sip-digest-realm", "x"}, "--sip-digest-realm: is part of HA1"},
        Refused{"realm_quote",
                {"--sip-password", "hunter2", "--sip-digest-realm", "a\"b"},
                "--sip-digest-realm: must be text without quotes"},
        Refused{
            "ha1_and_password", {"--sip-password", "hunter2", "--ha1", kK}, "--ha1: and --sip-password say the same"},
        Refused{"ha1_length", {"--ha1", "ab"}, "--ha1: has 2 hexadecimal digits, must have 32"},
        Refused{"framed_address", {"--framed-address", "here"}, "--framed-address: is no address"},
        Refused{"line", {"--line-identifier", "0xZZ"}, "--line-identifier: must be a text, or 0x"},
        Refused{
            "wildcard", {"--k", kK, "--opc", kOpc, "--impu", "sip:a-!(!@x.org"}, "--impu: is no wildcarded identity"},
        Refused{"priority",
                {"--k", kK, "--opc", kOpc, "--service-priority", "5"},
                "--service-priority: must be a number from 0 to 4"},
        Refused{"charging",
                {"--k", kK, "--opc", kOpc, "--primary-event-charging", "http://x"},
                "--primary-event-charging: is no DiameterURI"}),
    [](const auto& row) { return std::string(row.param.name); });

class CredentialsTest : public Directory {
 protected:
  void SetUp() override { init(); }
  std::string show(const std::string& id) { return done({"subscriber", "show", id}).out; }
  std::string json() { return done({"export", "--format", "json", "--with-keys"}).out; }
};

TEST_F(CredentialsTest, EveryAlgorithmIsStoredAndShown) {
  done({"subscriber", "add", "--impi", "t@x.org", "--impu", "sip:t@x.org", "--k", kTuakK + kTuakK, "--topc", kTopc,
        "--tuak-iterations", "2", "--res-length", "16"});
  EXPECT_THAT(show("t@x.org"), AllOf(HasSubstr("TUAK, K 256 bits, 2 iterations of Keccak, RES 16 octets"),
                                     HasSubstr(", TOPc "), Not(HasSubstr(kTopc)), Not(HasSubstr(kTuakK))));
  done({"subscriber", "add", "--impi", "x@x.org", "--impu", "sip:x@x.org", "--algorithm", "xor", "--test-card", "--k",
        kK});
  EXPECT_THAT(show("x@x.org"), AllOf(HasSubstr("XOR (test), RES 16 octets"), HasSubstr("test card")));
  const auto constants = file("constants", "# ours\n" + kOwnConstants + "\n");
  done({"subscriber", "add", "--impi", "m@x.org", "--impu", "sip:m@x.org", "--k", kK, "--opc", kOpc,
        "--milenage-constants", constants.string()});
  EXPECT_THAT(show("m@x.org"), HasSubstr("Milenage, own constants"));
  for (const char* id : {"sip:t@x.org", "sip:x@x.org", "sip:m@x.org"}) {
    EXPECT_THAT(done({"explain", "mar", id}).out, HasSubstr("DIAMETER_SUCCESS (2001)")) << id;
  }
}

TEST_F(CredentialsTest, SetChangesTheAlgorithmWhole) {
  add("001010000000001", "491510000001", {"--sqn", "000000000040"});
  const std::vector<std::pair<std::vector<std::string>, std::string>> refused{
      {{"--algorithm", "tuak"}, "--topc: missing"},
      {{"--algorithm", "xor"}, "test cards only"},
      {{"--topc", kTopc}, "--topc: belongs to TUAK"}};
  for (const auto& [options, reason] : refused) {
    std::vector<std::string> arguments{"subscriber", "set", "001010000000001"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    EXPECT_THAT(hssctl(arguments).err, HasSubstr(reason));
  }
  done({"subscriber", "set", "001010000000001", "--algorithm", "tuak", "--topc", kTopc});
  EXPECT_THAT(show("001010000000001"), HasSubstr("TUAK, K 128 bits"));
  EXPECT_THAT(hssctl({"subscriber", "set", "001010000000001", "--k", kK}).err,
              HasSubstr("--k: TOPc depends on K: give --topc or --top with it"));
  EXPECT_THAT(hssctl({"subscriber", "set", "001010000000001", "--tuak-iterations", "3"}).err,
              HasSubstr("--tuak-iterations: TOPc depends on them"));
  done({"subscriber", "set", "001010000000001", "--res-length", "4"});
  EXPECT_THAT(show("001010000000001"), HasSubstr("RES 4 octets"));
  done({"subscriber", "set", "001010000000001", "--algorithm", "xor", "--test-card"});
  EXPECT_THAT(show("001010000000001"), HasSubstr("XOR (test)"));
  done({"subscriber", "set", "001010000000001", "--algorithm", "milenage", "--opc", kOpc, "--milenage-constants",
        kOwnConstants, "--clear", "test-card"});
  EXPECT_THAT(show("001010000000001"), AllOf(HasSubstr("own constants"), Not(HasSubstr("test card"))));
  done({"subscriber", "set", "001010000000001", "--clear", "milenage-constants"});
  EXPECT_THAT(show("001010000000001"), Not(HasSubstr("own constants")));
}

TEST_F(CredentialsTest, APasswordIsNeverStoredOrPrinted) {
  const std::string password = "correct horse battery staple";
  const auto pw = file("pw", password + "\r\nsecond line\n");
  std::string said = done({"subscriber", "add", "--impi", "bob@example.org", "--impu", "sip:bob@example.org",
                           "--sip-password-file", pw.string(), "--json"})
                         .out;
  said += show("bob@example.org") + json() + done({"export", "--with-keys"}).out + done({"push", "list"}).out;
  EXPECT_THAT(said, Not(HasSubstr("horse")));
  for (const char* name : {"hss.db", "hss.db-wal"}) EXPECT_THAT(read_file(directory_ / name), Not(HasSubstr("horse")));
  const SipDigest wanted = digest_of("bob@example.org", "example.org", KeyText(password));
  EXPECT_THAT(json(), AllOf(HasSubstr(to_hex(wanted.ha1.reveal())), HasSubstr("\"scheme\":\"SIP Digest\"")));
  for (const auto& verb : std::vector<std::vector<std::string>>{{"export", "--format", "json"},
                                                                {"export"},
                                                                {"subscriber", "show", "bob@example.org"},
                                                                {"subscriber", "show", "bob@example.org", "--json"}}) {
    EXPECT_THAT(done(verb).out, Not(HasSubstr(to_hex(wanted.ha1.reveal()))));
  }
  const Outcome empty = hssctl({"subscriber", "set", "bob@example.org", "--sip-password-file", "-"}, "\n");
  EXPECT_EQ(empty.code, 1);
  EXPECT_THAT(empty.err, HasSubstr("its first line is empty"));
}

TEST_F(CredentialsTest, SetChangesCredentials) {
  done({"subscriber", "add", "--impi", "bob@example.org", "--impu", "sip:bob@example.org", "--sip-password", "one",
        "--sip-digest-realm", "Realm 1"});
  EXPECT_THAT(hssctl({"subscriber", "set", "bob@example.org", "--impi", "rob@example.org"}).err,
              HasSubstr("--impi: HA1 depends on it"));
  done({"subscriber", "set", "bob@example.org", "--sip-password", "two"});
  EXPECT_THAT(show("bob@example.org"), HasSubstr("realm \"Realm 1\""));  // stays
  done({"subscriber", "set", "bob@example.org", "--framed-address", "192.0.2.1", "--line-identifier", "dsl7"});
  done({"subscriber", "set", "bob@example.org", "--clear", "sip-digest"});
  EXPECT_THAT(show("bob@example.org"), AllOf(HasSubstr(", Early-IMS-Security,"), HasSubstr("address   192.0.2.1"),
                                             HasSubstr("line      dsl7"), Not(HasSubstr("HA1"))));
  done({"subscriber", "set", "bob@example.org", "--scheme", "nass-bundled", "--k", kK, "--opc", kOpc});
  EXPECT_THAT(show("bob@example.org"), HasSubstr("NASS-Bundled, key set 0"));
}

TEST_F(CredentialsTest, JsonOutIsJsonInWithEveryField) {
  add("001010000000001", "491510000001",
      {"--impu", "sip:alice@example.org", "--impu", "sip:alice-!.*!@example.org", "--alias-group", "g1",
       "--service-priority", "2", "--primary-event-charging", "aaa://e1.example.org", "--secondary-event-charging",
       "aaas://e2.example.org:3868;transport=tcp", "--primary-collection-charging", "aaa://c1.example.org",
       "--secondary-collection-charging", "aaa://c2.example.org", "--milenage-constants", kOwnConstants});
  done({"subscriber", "add", "--impi", "t@x.org", "--impu", "sip:t@x.org", "--k", kTuakK, "--topc", kTopc,
        "--tuak-iterations", "1", "--res-length", "4"});
  done({"subscriber", "add", "--impi", "x@x.org", "--impu", "sip:x@x.org", "--algorithm", "xor", "--test-card", "--k",
        kK});
  done({"subscriber", "add", "--impi", "d@x.org", "--impu", "sip:d@x.org", "--sip-password", "hunter2",
        "--framed-address", "2001:db8:1::/64", "--line-identifier", "line 7", "--line-identifier", "dsl"});
  done({"psi", "add", "sip:chat-!.*!@x.org", "--as", "sip:as.x.org", "--inactive"});
  const std::string before = json();
  for (const char* member :
       {"\"type\":\"WILDCARDED_PUBLIC_USER_IDENTITY\"", "\"alias_group\":\"g1\"", "\"service_priority\":2",
        "\"secondary_collection\":\"aaa://c2.example.org\"", "\"milenage_constants\":\"r1=8", "\"tuak_iterations\":1",
        "\"res_length\":4", "\"test_card\":true", "\"ha1_sha256\":", "\"framed_address\":\"2001:db8:1::/64\"",
        "\"line_identifiers\":[\"0x6c696e652037\",\"dsl\"]", "\"psi_active\":false"}) {
    EXPECT_THAT(before, HasSubstr(member));
  }
  EXPECT_EQ(done({"import", "-"}, before).out, "added 0, already there 7\n");
  const std::string open = done({"export", "--format", "json"}).out;
  EXPECT_EQ(done({"import", "-"}, open).out, "added 0, already there 7\n");  // keys and HA1 are found
  for (const std::string& secret : {kK, kOpc, kTopc, kTuakK}) EXPECT_THAT(open, Not(HasSubstr(secret)));
  EXPECT_THAT(open, Not(HasSubstr("ha1")));
  std::filesystem::remove_all(directory_);
  init();
  const Outcome without = hssctl({"import", "-"}, open);
  EXPECT_EQ(without.code, 1);
  EXPECT_THAT(without.err, AllOf(HasSubstr("column k: missing"), HasSubstr("column ha1: missing")));
  EXPECT_EQ(done({"import", "-"}, before).out, "added 5, already there 2\n");
  EXPECT_EQ(json(), before);
}

TEST_F(CredentialsTest, CsvHasAColumnForEach) {
  add("001010000000001", "491510000001",
      {"--display-name", "A", "--alias-group", "g1", "--service-priority", "0", "--primary-event-charging",
       "aaa://e1.example.org"});
  done({"subscriber", "add", "--impi", "t@x.org", "--impu", "sip:t@x.org", "--k", kTuakK, "--topc", kTopc});
  done({"subscriber", "add", "--impi", "x@x.org", "--impu", "sip:x@x.org", "--algorithm", "xor", "--test-card", "--k",
        kK});
  done({"subscriber", "add", "--impi", "d@x.org", "--impu", "sip:d@x.org", "--sip-password", "hunter2",
        "--line-identifier", "dsl"});
  const std::string before = json();
  const std::string csv = done({"export", "--with-keys"}).out;
  EXPECT_THAT(csv, ::testing::StartsWith("imsi,msisdn,impi,impus,k,opc,amf,sqn,ind_bits,profile,algorithm,topc,"));
  EXPECT_EQ(done({"import", "-"}, csv).out, "added 0, already there 4\n");
  std::filesystem::remove_all(directory_);
  init();
  EXPECT_EQ(done({"import", "-"}, csv).out, "added 4, already there 0\n");
  EXPECT_EQ(json(), before);
  EXPECT_EQ(done({"export", "--with-keys"}).out, csv);
}

TEST_F(CredentialsTest, AnEmptyFieldOfCsvLeavesWhatIsStored) {
  add("001010000000001", "491510000001",
      {"--sip-password", "hunter2", "--scheme", "SIP Digest", "--alias-group", "g1", "--milenage-constants",
       kOwnConstants});
  const std::string before = json();
  EXPECT_EQ(done({"import", "-"}, "imsi,msisdn,k,opc\n001010000000001,491510000001," + kK + ',' + kOpc + '\n').out,
            "added 0, already there 1\n");
  EXPECT_EQ(json(), before);
}

TEST_F(CredentialsTest, APasswordInAFileIsHashedToo) {
  done({"import", "-"}, "impi,impus,sip_password\nd@x.org,sip:d@x.org,hunter2\n");
  const SipDigest wanted = digest_of("d@x.org", "x.org", KeyText("hunter2"));
  EXPECT_THAT(json(), AllOf(HasSubstr(to_hex(wanted.ha1.reveal())), Not(HasSubstr("hunter2"))));
  const std::string object = R"({"key_sets":[],"private_identities":[{"impi":"e@x.org","sip_digest":{"realm":"r",)"
                             R"("password":"hunter2"}}],"public_identities":[{"impu":"sip:e@x.org"}]})";
  done({"import", "-"}, object);
  EXPECT_THAT(json(), HasSubstr(to_hex(digest_of("e@x.org", "r", KeyText("hunter2")).ha1.reveal())));
}

TEST_F(CredentialsTest, JsonRefusalsNameThePath) {
  const auto with = [](const std::string& key_set, const std::string& identity, const std::string& impu) {
    return R"({"key_sets":[{"k":")" + kK + R"(","opc":")" + kOpc + "\"" + key_set +
           R"(}],"private_identities":[{"impi":"a@x.org","key_set":0)" + identity +
           R"(}],"public_identities":[{"impu":"sip:a@x.org")" + impu + "}]}";
  };
  const std::vector<std::pair<std::string, std::string>> rows{
      {with(R"(,"algorithm":"xor")", "", ""), "key_sets[0].algorithm: xor is for test cards only"},
      {with(R"(,"tuak_iterations":2)", "", ""), "key_sets[0].tuak_iterations: belongs to TUAK"},
      {with(R"(,"milenage_constants":"r1=500")", "", ""), "key_sets[0].milenage_constants: r1 must be"},
      {with("", R"(,"scheme":"SIP Digest")", ""), "private_identities[0].scheme: has no credentials"},
      {with("", R"(,"sip_digest":{"ha1":"00"})", ""), "private_identities[0].sip_digest.ha1: has 2 hexadecimal digits"},
      {with("", R"(,"framed_address":"x")", ""), "private_identities[0].framed_address: is no address"},
      {with("", "", R"(,"type":"PSI")"), "public_identities[0].type: must be one of"},
      {with("", "", R"(,"type":"WILDCARDED_PSI")"), "public_identities[0].type: is a wildcarded one"},
      {with("", "", R"(,"application_server":"sip:as.x.org")"),
       "public_identities[0].application_server: belongs to a PSI"},
      {with("", "", R"(,"service_priority":5)"),
       "public_identities[0].service_priority: must be a number from 0 to 4"}};
  for (const auto& [text, reason] : rows) {
    const Outcome outcome = hssctl({"import", "-"}, text);
    EXPECT_EQ(outcome.code, 1) << reason;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(reason), Not(HasSubstr(kK)), Not(HasSubstr(kOpc))));
  }
}

TEST_F(CredentialsTest, SharedCriteriaGoWithTheProfiles) {
  const std::string criteria =
      "<InitialFilterCriteria><Priority>7</Priority><ApplicationServer><ServerName>sip:as.x.org</ServerName>"
      "</ApplicationServer></InitialFilterCriteria>";
  done({"shared-ifc", "set", "voicemail", "-", "--id", "7"}, "<ServiceProfile>" + criteria + "</ServiceProfile>");
  done({"profile", "set", "gold", "-"},
       "<ServiceProfile><Extension><SharedIFCSetID>7</SharedIFCSetID></Extension></ServiceProfile>");
  const std::string before = json();
  EXPECT_THAT(before, ::testing::StartsWith("{\"shared_ifc_set\":{\"name\":\"voicemail\",\"id\":7,"));
  std::filesystem::remove_all(directory_);
  init();
  const Outcome without = hssctl({"import", "-"}, before.substr(before.find('\n') + 1));
  EXPECT_EQ(without.code, 1);
  EXPECT_THAT(without.err, HasSubstr("there is no shared set 7: import it first"));
  EXPECT_EQ(done({"import", "-"}, before).out, "added 2, already there 2\n");
  EXPECT_EQ(json(), before);
}

}  // namespace
}  // namespace hss::provisioning
