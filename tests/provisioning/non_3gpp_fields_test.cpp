// Access over non-3GPP networks as people write it: what follows from each field, every refusal, what a change keeps.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <functional>
#include <ostream>

#include "directory.h"
#include "non_3gpp.h"
#include "provisioning/json.h"
#include "provisioning/non_3gpp_fields.h"
#include "provisioning/non_3gpp_json.h"
#include "provisioning/subscriber/change.h"
#include "provisioning/subscription_json.h"

namespace hss::provisioning {
namespace {

using ::testing::HasSubstr;
using F = SubscriberFields;

SubscriberFields subscriber() {
  SubscriberFields fields;
  fields.imsi = "001010000000001";
  fields.msisdns = {"491510000001"};
  fields.k = KeyText(kK);
  fields.opc = KeyText(kOpc);
  return fields;
}

void enrich(F& f) {
  f.non_3gpp = " Barred";
  f.apns = {"ims", " web "};
  f.static_addresses = {"ims=192.0.2.1", "ims = 2001:DB8:1:0::/64", "web=192.0.2.2"};
  f.non_3gpp_apns = "disabled";
  f.forbidden_rats = {"wlan", "77"};
  f.non_3gpp_networks = {"\"A.example.org\"", "b.example.org"};
  f.session_timeout = "3600";
  f.ue_ambr = "50M:150000001";
  f.charging_characteristics = "08af";
}

/// What is provisioned, or everything that is wrong, one "field: reason" after the other.
std::string text_of(const db::SubscriptionDraft& draft, const FieldProblems& problems) {
  std::string text;
  for (const auto& problem : problems) text += (text.empty() ? "" : "; ") + problem.field + ": " + problem.reason;
  return problems.empty() ? compact(non_3gpp_to_json(draft.non_3gpp)) : text;
}

// ---- A new subscriber -----------------------------------------------------------------------------------------------

struct Made {
  const char* name;
  std::function<void(F&)> fields;
  std::string expected;  // JSON, or the beginning of what is wrong
};

void PrintTo(const Made& row, std::ostream* out) { *out << row.name; }

class Non3gppFieldsTest : public ::testing::TestWithParam<Made> {};

TEST_P(Non3gppFieldsTest, Makes) {
  SubscriberFields fields = subscriber();
  GetParam().fields(fields);
  const auto made = make_draft(fields, Settings{});
  const auto* draft = std::get_if<db::SubscriptionDraft>(&made);
  const std::string text = draft != nullptr ? text_of(*draft, {}) : text_of({}, std::get<FieldProblems>(made));
  EXPECT_THAT(text, ::testing::StartsWith(GetParam().expected));
  if (draft == nullptr) return;
  // The same again from the fields that export writes.
  SubscriberFields again = fields;
  static_cast<Non3gppFields&>(again) = non_3gpp_fields_of(*draft, Settings{});
  const auto remade = make_draft(again, Settings{});
  ASSERT_TRUE(std::holds_alternative<db::SubscriptionDraft>(remade));
  EXPECT_EQ(std::get<db::SubscriptionDraft>(remade).non_3gpp, draft->non_3gpp);
  EXPECT_EQ(again.given().empty(), draft->non_3gpp == default_non_3gpp(*draft, Settings{}));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, Non3gppFieldsTest,
    ::testing::Values(
        Made{"nothing_said", [](F&) {}, kDefaultAccess}, Made{"everything_said", enrich, kRichAccess},
        Made{"allowed", [](F& f) { f.non_3gpp = "ALLOWED"; }, kDefaultAccess},
        Made{"barred", [](F& f) { f.non_3gpp = "barred"; }, R"({"access":"barred","apns":[{"name":"ims"}]})"},
        Made{"none", [](F& f) { f.non_3gpp = "none"; }, "null"},
        Made{"apns",
             [](F& f) {
               f.apns = {"web", "ims"};
             },
             R"({"access":"allowed","apns":[{"name":"web"},{"name":"ims"}]})"},
        Made{"no_limit", [](F& f) { f.session_timeout = "0"; },
             R"({"access":"allowed","apns":[{"name":"ims"}],"session_timeout":0})"},
        Made{"no_imsi",
             [](F& f) {
               f.imsi.clear();
               f.impi = "a@x.org";
             },
             "null"},
        Made{"no_aka",
             [](F& f) {
               f.k = f.opc = {};
               f.sip_password = KeyText("x");
             },
             "null"},
        Made{"no_aka_and_said",
             [](F& f) {
               f.k = f.opc = {};
               f.sip_password = KeyText("x");
               f.non_3gpp = "allowed";
             },
             kDefaultAccess},
        Made{"said_without_imsi",
             [](F& f) {
               f.imsi.clear();
               f.impi = "a@x.org";
               f.apns = {"ims"};
             },
             "apns: needs an IMSI"},
        Made{"none_without_imsi",
             [](F& f) {
               f.imsi.clear();
               f.impi = "a@x.org";
               f.non_3gpp = "none";
             },
             "null"},
        Made{"none_and_more",
             [](F& f) {
               f.non_3gpp = "none";
               f.session_timeout = "1";
             },
             "session_timeout: says something, and non_3gpp is none"},
        Made{"access", [](F& f) { f.non_3gpp = "yes"; }, "non_3gpp: must be allowed, barred or none"},
        Made{"apns_enabled", [](F& f) { f.non_3gpp_apns = "yes"; }, "non_3gpp_apns: must be enabled or disabled"},
        Made{"apn_name", [](F& f) { f.apns = {"a b"}; }, "apns: is no name"},
        Made{"apn_twice",
             [](F& f) {
               f.apns = {"ims", "ims"};
             },
             "apns: named twice"},
        Made{"address_without_apn", [](F& f) { f.static_addresses = {"192.0.2.1"}; },
             "static_addresses: must be APN=ADDRESS"},
        Made{"address_of_other_apn", [](F& f) { f.static_addresses = {"web=192.0.2.1"}; },
             "static_addresses: is for an APN that the subscriber does not have: see apns"},
        Made{"no_address", [](F& f) { f.static_addresses = {"ims=192.0.2"}; }, "static_addresses: is no address"},
        Made{"long_prefix", [](F& f) { f.static_addresses = {"ims=2001:db8::/65"}; },
             "static_addresses: is no address"},
        Made{"not_a_prefix", [](F& f) { f.static_addresses = {"ims=2001:db8::1/64"}; },
             "static_addresses: is no address"},
        Made{"address_twice",
             [](F& f) {
               f.static_addresses = {"ims=192.0.2.1", "ims=192.0.2.2"};
             },
             "static_addresses: gives an APN two addresses of a kind"},
        Made{"rat", [](F& f) { f.forbidden_rats = {"5G"}; }, "forbidden_rats: is no RAT-Type"},
        Made{"rat_twice",
             [](F& f) {
               f.forbidden_rats = {"WLAN", "0"};
             },
             "forbidden_rats: named twice"},
        Made{"network", [](F& f) { f.non_3gpp_networks = {"\" \""}; }, "non_3gpp_networks: empty"},
        Made{"network_control", [](F& f) { f.non_3gpp_networks = {"a\nb"}; },
             "non_3gpp_networks: has a control character"},
        Made{"network_twice",
             [](F& f) {
               f.non_3gpp_networks = {"a", "\"A\""};
             },
             "non_3gpp_networks: named twice"},
        Made{"timeout", [](F& f) { f.session_timeout = "4294967296"; },
             "session_timeout: must be a number from 0 to 4294967295"},
        Made{"ambr", [](F& f) { f.ue_ambr = "50M"; }, "ue_ambr: must be UPLINK:DOWNLINK"},
        Made{"charging", [](F& f) { f.charging_characteristics = "800"; },
             "charging_characteristics: has 3 hexadecimal digits, must have 4"},
        Made{"all_that_is_wrong",
             [](F& f) {
               f.imsi = "x";
               f.ue_ambr = f.session_timeout = "y";
             },
             "imsi: character 1 is no digit; session_timeout: must be a number from 0 to 4294967295; ue_ambr: "}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Non3gppDefaultTest, IsWhatTheSettingsSay) {
  Settings settings;
  settings.default_apns = {"web", "ims"};
  SubscriberFields fields = subscriber();
  const auto made = make_draft(fields, settings);
  EXPECT_EQ(compact(non_3gpp_to_json(std::get<db::SubscriptionDraft>(made).non_3gpp)),
            R"({"access":"allowed","apns":[{"name":"web"},{"name":"ims"}]})");
  settings.default_apns.clear();
  EXPECT_FALSE(std::get<db::SubscriptionDraft>(make_draft(fields, settings)).non_3gpp);
  fields.non_3gpp = "barred";
  const auto refused = make_draft(fields, settings, FieldNames::kOptions);
  EXPECT_EQ(
      std::get<FieldProblems>(refused).at(0),
      (FieldProblem{"--apn", "missing, and hss.toml has no default_apns: 'hssctl apn list' shows what there is"}));
}

// ---- A change -------------------------------------------------------------------------------------------------------

struct Changed {
  const char* name;
  std::string before;  // JSON
  std::function<void(F&)> fields;
  std::vector<std::string> clear;
  std::string expected;
};

void PrintTo(const Changed& row, std::ostream* out) { *out << row.name; }

class Non3gppChangeTest : public ::testing::TestWithParam<Changed> {};

TEST_P(Non3gppChangeTest, KeepsTheRest) {
  auto draft = std::get<db::SubscriptionDraft>(make_draft(subscriber(), Settings{}));
  FieldProblems problems;
  Checker check(problems);
  draft.non_3gpp.reset();
  if (GetParam().before != "null") draft.non_3gpp = read_non_3gpp(Json::parse(GetParam().before), "", check);
  ASSERT_TRUE(problems.empty());
  SubscriberFields fields;
  GetParam().fields(fields);
  problems = subscriber::change(draft, fields, GetParam().clear, Settings{});
  EXPECT_THAT(text_of(draft, problems), ::testing::StartsWith(GetParam().expected));
}

/// kRichAccess with a part of it put otherwise.
std::string rich_but(const std::string& part, const std::string& other) {
  std::string text = kRichAccess;
  return text.replace(text.find(part), part.size(), other);
}

INSTANTIATE_TEST_SUITE_P(
    Changes, Non3gppChangeTest,
    ::testing::Values(
        Changed{"nothing", kRichAccess, [](F&) {}, {}, kRichAccess},
        Changed{"nothing_of_none", "null", [](F&) {}, {}, "null"},
        Changed{"imsi_alone", kRichAccess, [](F& f) { f.imsi = "001010000000002"; }, {}, kRichAccess},
        Changed{"access",
                kRichAccess,
                [](F& f) {
                  f.non_3gpp = "allowed";
                  f.non_3gpp_apns = "enabled";
                },
                {},
                rich_but(R"("barred","apns_enabled":false)", R"("allowed")")},
        Changed{"away", kRichAccess, [](F& f) { f.non_3gpp = "none"; }, {}, "null"},
        Changed{"given", "null", [](F& f) { f.non_3gpp = "allowed"; }, {}, kDefaultAccess},
        Changed{"given_an_apn",
                "null",
                [](F& f) { f.apns = {"web"}; },
                {},
                R"({"access":"allowed","apns":[{"name":"web"}]})"},
        Changed{
            "apns_that_stay_keep_addresses",
            kRichAccess,
            [](F& f) {
              f.apns = {"web", "x"};
            },
            {},
            rich_but(R"({"name":"ims","ipv4":"192.0.2.1","ipv6":"2001:db8:1::/64"},{"name":"web","ipv4":"192.0.2.2"})",
                     R"({"name":"web","ipv4":"192.0.2.2"},{"name":"x"})")},
        Changed{"addresses_are_one_list",
                kRichAccess,
                [](F& f) { f.static_addresses = {"ims=192.0.2.9"}; },
                {},
                rich_but(R"("192.0.2.1","ipv6":"2001:db8:1::/64"},{"name":"web","ipv4":"192.0.2.2"})",
                         R"("192.0.2.9"},{"name":"web"})")},
        Changed{"numbers",
                kRichAccess,
                [](F& f) {
                  f.session_timeout = "1";
                  f.ue_ambr = "1:2";
                  f.charging_characteristics = "0000";
                },
                {},
                rich_but(R"(3600,"ambr":{"uplink":50000000,"downlink":150000001},"charging_characteristics":"08AF")",
                         R"(1,"ambr":{"uplink":1,"downlink":2},"charging_characteristics":"0000")")},
        Changed{"lists",
                kRichAccess,
                [](F& f) {
                  f.forbidden_rats = {"EHRPD"};
                  f.non_3gpp_networks = {"c"};
                },
                {},
                rich_but(R"(["WLAN","77"],"visited_networks":["a.example.org","b.example.org"])",
                         R"(["EHRPD"],"visited_networks":["c"])")},
        Changed{"emptied",
                kRichAccess,
                [](F&) {},
                {"static-address", "forbidden-rat", "non-3gpp-network", "session-timeout", "ue-ambr",
                 "charging-characteristics"},
                R"({"access":"barred","apns_enabled":false,"apns":[{"name":"ims"},{"name":"web"}]})"},
        Changed{"emptied_of_none", "null", [](F&) {}, {"ue-ambr"}, "null"},
        Changed{"of_none",
                "null",
                [](F& f) { f.ue_ambr = "1:1"; },
                {},
                "--ue-ambr: there is no access over non-3GPP networks: give --non-3gpp or --apn with it"},
        Changed{"option_names",
                kDefaultAccess,
                [](F& f) {
                  f.static_addresses = {"x"};
                  f.forbidden_rats = {"x"};
                  f.non_3gpp_networks = {" "};
                  f.charging_characteristics = "x";
                },
                {},
                "--static-address: must be APN=ADDRESS, like ims=192.0.2.1 or ims=2001:db8:1::/64; "
                "--forbidden-rat: is no RAT-Type: write WLAN, VIRTUAL, UTRAN, GERAN, EUTRAN, HRPD, EHRPD, or a number; "
                "--non-3gpp-network: empty; --charging-characteristics: "}),
    [](const auto& row) { return std::string(row.param.name); });

// ---- JSON -----------------------------------------------------------------------------------------------------------

struct Json3gpp {
  const char* name;
  std::string text;
  std::string expected;
};

void PrintTo(const Json3gpp& row, std::ostream* out) { *out << row.name; }

class Non3gppJsonTest : public ::testing::TestWithParam<Json3gpp> {};

TEST_P(Non3gppJsonTest, Reads) {
  FieldProblems problems;
  Checker check(problems);
  db::SubscriptionDraft draft;
  draft.non_3gpp = read_non_3gpp(Json::parse(GetParam().text), "non_3gpp", check);
  EXPECT_THAT(text_of(draft, problems), ::testing::StartsWith(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Objects, Non3gppJsonTest,
    ::testing::Values(
        Json3gpp{"all", kRichAccess, kRichAccess}, Json3gpp{"usual", kDefaultAccess, kDefaultAccess},
        Json3gpp{"empty", "{}", R"({"access":"allowed","apns":[]})"},  // the reader of the file gives it the default
        Json3gpp{"type", "7", "non_3gpp: must be an object"},
        Json3gpp{"access", R"({"access":"none"})", "non_3gpp.access: must be allowed or barred; null"},
        Json3gpp{"no_apn", R"({"apns":[]})", "non_3gpp.apns: must hold an APN"},
        Json3gpp{"apn_name", R"({"apns":[{"name":"ims"},{}]})", "non_3gpp.apns[1].name: is no name"},
        Json3gpp{"apn_twice", R"({"apns":[{"name":"ims"},{"name":"ims"}]})", "non_3gpp.apns: an APN is named twice"},
        Json3gpp{"ipv4", R"({"apns":[{"name":"ims","ipv4":"2001:db8::/64"}]})",
                 "non_3gpp.apns[0].ipv4: must be an IPv4 address"},
        Json3gpp{"ipv6", R"({"apns":[{"name":"ims","ipv6":"192.0.2.1"}]})",
                 "non_3gpp.apns[0].ipv6: must be an IPv6 prefix"},
        Json3gpp{"prefix", R"({"apns":[{"name":"ims","ipv6":"2001:db8::/48"}]})",
                 "non_3gpp.apns[0].ipv6: is no address"},
        Json3gpp{"rat", R"({"forbidden_rat_types":["WLAN","x"]})", "non_3gpp.forbidden_rat_types: is no RAT-Type"},
        Json3gpp{"networks", R"({"visited_networks":["a","a"]})", "non_3gpp.visited_networks: named twice"},
        Json3gpp{"timeout", R"({"session_timeout":"1"})", "non_3gpp.session_timeout: must be a number"},
        Json3gpp{"ambr", R"({"ambr":{"uplink":1}})", "non_3gpp.ambr.downlink: is missing"},
        Json3gpp{"charging", R"({"charging_characteristics":"8"})", "non_3gpp.charging_characteristics: has 1"},
        Json3gpp{"unknown", R"({"apn":"ims"})", "non_3gpp.apn: is not known"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(UsimJsonTest, IsAKeySetOfTheSubscription) {
  const std::string start = R"({"key_sets":[{"k":")" + kK + R"(","opc":")" + kOpc + R"("},{"k":")" + kOpc +
                            R"(","opc":")" + kK +
                            R"("}],"private_identities":[{"impi":"a@x.org","key_set":0}],)"
                            R"("public_identities":[{"impu":"sip:a@x.org"}],)";
  const auto wrong = [&](const std::string& rest) {
    const auto read = subscription_from_json(Json::parse(start + rest));
    const auto* problems = std::get_if<FieldProblems>(&read);
    return problems == nullptr ? std::string() : text_of({}, *problems);
  };
  const auto read = subscription_from_json(Json::parse(start + R"("imsi":"001010000000001","usim":1})"));
  ASSERT_TRUE(std::holds_alternative<JsonSubscription>(read));
  const auto& draft = std::get<JsonSubscription>(read).draft;
  EXPECT_EQ(usim_of(draft), 1U);
  EXPECT_THAT(compact(to_json(draft, false)), HasSubstr(R"("usim":1,"non_3gpp":null)"));
  EXPECT_THAT(wrong(R"("imsi":"001010000000001"})"), HasSubstr("key_sets[1]: is used by no private identity"));
  EXPECT_THAT(wrong(R"("imsi":"001010000000001","usim":2})"), HasSubstr("usim: must be the number of an element"));
  EXPECT_THAT(wrong(R"("usim":1})"), HasSubstr("usim: is what an IMSI authenticates with"));
  EXPECT_THAT(wrong(R"("usim":1,"non_3gpp":{}})"), HasSubstr("non_3gpp: needs an IMSI"));
}

}  // namespace
}  // namespace hss::provisioning
