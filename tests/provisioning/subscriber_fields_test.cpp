// What follows from what is typed (TS 23.003 clause 13), and every refusal of it.
// SPDX-License-Identifier: MIT
#include "provisioning/subscriber_fields.h"

#include <gmock/gmock.h>

#include <functional>
#include <ostream>

#include "directory.h"

namespace hss::provisioning {
namespace {

using ::testing::ElementsAre;

SubscriberFields usual() {
  SubscriberFields fields;
  fields.imsi = "001010000000001";
  fields.msisdns = {"491510000001"};
  fields.k = KeyText(kK);
  fields.opc = KeyText(kOpc);
  return fields;
}

std::vector<std::string> impus_of(const db::SubscriptionDraft& draft) {
  std::vector<std::string> texts;
  for (const auto& identity : draft.public_identities)
    texts.push_back(identity.impu + (identity.barred ? " barred" : ""));
  return texts;
}

struct Derived {
  const char* name;
  std::string imsi;
  std::string home_domain;
  std::string impi;
  std::string sip;
};

void PrintTo(const Derived& row, std::ostream* out) { *out << row.name; }

class DerivationTest : public ::testing::TestWithParam<Derived> {};

TEST_P(DerivationTest, FollowsTheImsi) {
  Settings settings;
  settings.home_domain = GetParam().home_domain;
  SubscriberFields fields = usual();
  fields.imsi = GetParam().imsi;
  const auto made = make_draft(fields, settings);
  ASSERT_TRUE(std::holds_alternative<db::SubscriptionDraft>(made));
  const auto& draft = std::get<db::SubscriptionDraft>(made);
  EXPECT_EQ(draft.private_identities.front().impi, GetParam().impi);
  EXPECT_THAT(impus_of(draft), ElementsAre(GetParam().sip, "tel:+491510000001", "sip:" + GetParam().impi + " barred"));
  for (const auto& identity : draft.public_identities) EXPECT_EQ(identity.implicit_set, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Networks, DerivationTest,
    ::testing::Values(Derived{"two_digits", "262019876543210", "", "262019876543210@ims.mnc001.mcc262.3gppnetwork.org",
                              "sip:+491510000001@ims.mnc001.mcc262.3gppnetwork.org"},
                      Derived{"three_digits", "310150123456789", "",
                              "310150123456789@ims.mnc150.mcc310.3gppnetwork.org",
                              "sip:+491510000001@ims.mnc150.mcc310.3gppnetwork.org"},
                      Derived{"three_digits_by_domain", "999700000000001", "ims.mnc700.mcc999.3gppnetwork.org",
                              "999700000000001@ims.mnc700.mcc999.3gppnetwork.org",
                              "sip:+491510000001@ims.mnc700.mcc999.3gppnetwork.org"},
                      Derived{"own_domain", "262019876543210", "IMS.Example.org",
                              "262019876543210@ims.mnc001.mcc262.3gppnetwork.org",
                              "sip:+491510000001@ims.example.org"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(SubscriberFieldsTest, DefaultsAreTheDocumentedOnes) {
  const auto made = make_draft(usual(), Settings{});
  const auto& draft = std::get<db::SubscriptionDraft>(made);
  ASSERT_EQ(draft.key_sets.size(), 1U);
  EXPECT_EQ(draft.key_sets[0].amf, (Octets<2>{0x80, 0x00}));
  EXPECT_EQ(draft.key_sets[0].seq, 0U);
  EXPECT_EQ(draft.key_sets[0].ind_bits, 5U);
  EXPECT_EQ(draft.public_identities[0].service_profile, "default");
}

TEST(SubscriberFieldsTest, OpBecomesOpc) {
  SubscriberFields fields = usual();
  fields.opc = {};
  fields.op = KeyText(kOp);
  const auto made = make_draft(fields, Settings{});
  EXPECT_EQ(to_hex(std::get<db::SubscriptionDraft>(made).key_sets[0].opc.reveal()), kOpc);
  fields.opc = KeyText(kOpc);  // both, and they agree
  EXPECT_TRUE(std::holds_alternative<db::SubscriptionDraft>(make_draft(fields, Settings{})));
}

TEST(SubscriberFieldsTest, GivenIdentitiesReplaceTheDerivedOnes) {
  SubscriberFields fields = usual();
  fields.impus = {" SIP:Alice@Example.ORG;user=phone ", "sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org"};
  fields.barred_impus = {"tel:+1-555-0100"};
  const auto made = make_draft(fields, Settings{});
  EXPECT_THAT(impus_of(std::get<db::SubscriptionDraft>(made)),
              ElementsAre("sip:Alice@example.org", "sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org barred",
                          "tel:+15550100 barred"));
}

TEST(SubscriberFieldsTest, AnImpiOfItsOwnNeedsNoImsi) {
  SubscriberFields fields = usual();
  fields.imsi.clear();
  fields.impi = "alice@Example.org";
  const auto made = make_draft(fields, Settings{});
  ASSERT_TRUE(std::holds_alternative<db::SubscriptionDraft>(made));
  EXPECT_EQ(std::get<db::SubscriptionDraft>(made).private_identities[0].impi, "alice@example.org");
  EXPECT_THAT(impus_of(std::get<db::SubscriptionDraft>(made)),
              ElementsAre("sip:+491510000001@example.org", "tel:+491510000001"));
}

TEST(SubscriberFieldsTest, SqnHoldsSeqAboveInd) {
  SubscriberFields fields = usual();
  fields.sqn = "000000000040";
  EXPECT_EQ(std::get<db::SubscriptionDraft>(make_draft(fields, Settings{})).key_sets[0].seq, 2U);
  fields.ind_bits = "0";
  EXPECT_EQ(std::get<db::SubscriptionDraft>(make_draft(fields, Settings{})).key_sets[0].seq, 64U);
}

struct Refusal {
  const char* name;
  std::function<void(SubscriberFields&)> spoil;
  std::string field;
  std::string reason;
};

void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class FieldRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(FieldRefusalTest, NamesFieldAndReasonWithoutTheValue) {
  SubscriberFields fields = usual();
  GetParam().spoil(fields);
  const auto made = make_draft(fields, Settings{});
  ASSERT_TRUE(std::holds_alternative<FieldProblems>(made));
  const auto& problems = std::get<FieldProblems>(made);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].field, GetParam().field);
  EXPECT_THAT(problems[0].reason, ::testing::HasSubstr(GetParam().reason));
  for (const std::string& key : {fields.k.text, fields.opc.text, fields.op.text}) {
    if (key.size() > 4) {
      EXPECT_THAT(problems[0].reason, ::testing::Not(::testing::HasSubstr(key)));
    }
  }
}

using F = SubscriberFields;
INSTANTIATE_TEST_SUITE_P(
    Fields, FieldRefusalTest,
    ::testing::Values(
        Refusal{"imsi_short", [](F& f) { f.imsi = "00101"; }, "imsi", "has 5 digits, an IMSI has 6 to 15"},
        Refusal{"imsi_long", [](F& f) { f.imsi = "0010100000000012"; }, "imsi", "has 16 digits"},
        Refusal{"imsi_letter", [](F& f) { f.imsi = "00101x000000001"; }, "imsi", "character 6 is no digit"},
        Refusal{"imsi_blank", [](F& f) { f.imsi = "00101 000000001"; }, "imsi", "character 6 is white space"},
        Refusal{"imsi_missing", [](F& f) { f.imsi.clear(); }, "imsi", "missing"},
        Refusal{"msisdn_short", [](F& f) { f.msisdns = {"+4915"}; }, "msisdn", "has 4 digits"},
        Refusal{"msisdn_blank", [](F& f) { f.msisdns = {"+49 1510000001"}; }, "msisdn", "white space"},
        Refusal{"msisdn_twice",
                [](F& f) {
                  f.msisdns = {"491510000001", "+491510000001"};
                },
                "msisdn", "named twice"},
        Refusal{"impi", [](F& f) { f.impi = "alice"; }, "impi", "is no private identity"},
        Refusal{"impi_blank", [](F& f) { f.impi = "ali ce@x.org"; }, "impi", "character 4 is white space"},
        Refusal{"impu", [](F& f) { f.impus = {"alice@x.org"}; }, "impus", "is no public identity"},
        Refusal{"impu_twice",
                [](F& f) {
                  f.impus = {"sip:a@x.org", "sip:a@X.org:5060"};
                },
                "impus", "named twice"},
        Refusal{"impu_and_barred",
                [](F& f) {
                  f.impus = {"sip:a@x.org"};
                  f.barred_impus = {"sip:a@x.org"};
                },
                "barred_impu", "named twice"},
        Refusal{"nothing_but_barred", [](F& f) { f.msisdns.clear(); }, "msisdn", "not barred"},
        Refusal{"k_missing", [](F& f) { f.k = {}; }, "k", "missing"},
        Refusal{"k_short", [](F& f) { f.k.text.pop_back(); }, "k", "has 31 hexadecimal digits, must have 32"},
        Refusal{"k_long", [](F& f) { f.k.text += "00"; }, "k", "has 34 hexadecimal digits"},
        Refusal{"k_no_hex", [](F& f) { f.k.text[4] = 'g'; }, "k", "character 5 is no hexadecimal digit"},
        Refusal{"k_blank", [](F& f) { f.k.text[4] = ' '; }, "k", "character 5 is white space"},
        Refusal{"opc_missing", [](F& f) { f.opc = {}; }, "opc", "missing: give opc or op"},
        Refusal{"opc_short", [](F& f) { f.opc.text = "12"; }, "opc", "has 2 hexadecimal digits"},
        Refusal{"op_no_hex", [](F& f) { f.op = KeyText(std::string(32, 'z')); }, "op", "no hexadecimal digit"},
        Refusal{"op_disagrees", [](F& f) { f.op = KeyText(std::string(32, '0')); }, "opc", "is not what K and OP give"},
        Refusal{"amf", [](F& f) { f.amf = "80"; }, "amf", "must have 4"},
        Refusal{"sqn", [](F& f) { f.sqn = "1"; }, "sqn", "must have 12"},
        Refusal{"sqn_end", [](F& f) { f.sqn = "ffffffffffff"; }, "sqn", "no SEQ is left"},
        Refusal{"ind_bits", [](F& f) { f.ind_bits = "17"; }, "ind_bits", "from 0 to 16"},
        Refusal{"scscf", [](F& f) { f.scscfs = {"scscf.x.org"}; }, "scscf", "is no SIP URI"},
        Refusal{"capability", [](F& f) { f.capabilities = {"-1"}; }, "capability", "from 0 to 4294967295"},
        Refusal{"display_name", [](F& f) { f.display_name = "J\xFCrgen"; }, "display_name", "write UTF-8"},
        Refusal{"alias_group", [](F& f) { f.alias_group = "a\x01"; }, "alias_group", "control characters"},
        Refusal{"network", [](F& f) { f.visited_networks = {" "}; }, "visited_network", "empty"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(SubscriberFieldsTest, EverythingThatIsWrongIsNamed) {
  SubscriberFields fields = usual();
  fields.imsi = "x";
  fields.k.text = "y";
  fields.amf = "z";
  const auto made = make_draft(fields, Settings{}, FieldNames::kOptions);
  std::vector<std::string> named;
  for (const auto& problem : std::get<FieldProblems>(made)) named.push_back(problem.field);
  EXPECT_THAT(named, ElementsAre("--imsi", "--k", "--amf"));
}

TEST(SplitImpusTest, KeepsParametersWithTheirUri) {
  EXPECT_THAT(split_impus("sip:a@x.org;tel:+49151 sip:b@x.org"),
              ElementsAre("sip:a@x.org", "tel:+49151", "sip:b@x.org"));
  EXPECT_THAT(split_impus("sip:+1@x.org;user=phone;tel:123;phone-context=+49"),
              ElementsAre("sip:+1@x.org;user=phone", "tel:123;phone-context=+49"));
  EXPECT_THAT(split_impus("sip:a@x.org;b@x.org"), ElementsAre("sip:a@x.org", "b@x.org"));
  EXPECT_TRUE(split_impus(" ; ").empty());
}

}  // namespace
}  // namespace hss::provisioning
