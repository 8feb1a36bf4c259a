// Non-3GPP-User-Data: what of it is provisioned, and what the AAA server told of (TS 29.273 8.2.3.1).
// SPDX-License-Identifier: MIT
#include "hss/swx/user_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hss::swx::test {
namespace {

using Allocation = ApnData::Allocation;

PdnGateway gateway(const char* host) { return {.ipv4 = {}, .ipv6 = {}, .host = host, .realm = "example.org"}; }

SubscribedApn apn(std::uint32_t identifier, const char* name, PdnGateway fixed = {}) {
  SubscribedApn apn;
  apn.configuration.context_identifier = identifier;
  apn.configuration.name = name;
  apn.configuration.gateway = std::move(fixed);
  return apn;
}

ActiveApn active(const char* name, std::uint32_t identifier, const char* host, const char* network = "") {
  return {name, identifier, host[0] == '\0' ? PdnGateway{} : gateway(host), network};
}

TEST(UserDataTest, SaysWhatIsProvisioned) {
  Non3gppSubscription subscription;
  subscription.msisdns = {"15550100001", "15550100002"};
  subscription.access_allowed = false;
  subscription.apns_enabled = false;
  subscription.apns = {apn(7, "ims"), apn(1, "internet")};
  subscription.apns[1].ipv4 = Octets<4>{192, 0, 2, 1};
  subscription.forbidden_rat_types = {0, 2001};
  subscription.visited_networks = {"visited.example.org"};
  subscription.session_timeout = 3600;
  subscription.ambr = Ambr{1000, 2000};
  subscription.charging_characteristics = "0800";

  UserData expected;
  expected.msisdn = "15550100001";
  expected.access_allowed = false;
  expected.apns_enabled = false;
  expected.forbidden_rat_types = {0, 2001};
  expected.session_timeout = 3600;
  expected.ambr = Ambr{1000, 2000};
  expected.charging_characteristics = "0800";
  expected.default_context_identifier = 7;
  expected.apns = {ApnData{.apn = subscription.apns[0]}, ApnData{.apn = subscription.apns[1]}};
  EXPECT_EQ(user_data(subscription, {}), expected);
}

TEST(UserDataTest, OfNothingIsEmpty) { EXPECT_EQ(user_data({}, {}), UserData{}); }

struct Row {
  const char* clause;
  std::vector<SubscribedApn> subscribed;
  std::vector<ActiveApn> active;
  std::vector<std::string> expected;  // "NAME", "NAME STATIC HOST", "NAME DYNAMIC HOST NETWORK"
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class UserDataGateway : public testing::TestWithParam<Row> {};

TEST_P(UserDataGateway, IsTheOneThatTheUserHas) {
  Non3gppSubscription subscription;
  subscription.apns = GetParam().subscribed;
  Non3gppRegistration registration{AaaServer{"aaa.example.org", "example.org"}, true, {}, GetParam().active};
  std::vector<std::string> lines;
  for (const ApnData& each : user_data(subscription, registration).apns) {
    std::string line = each.apn.configuration.name;
    if (each.allocation) {
      line += *each.allocation == Allocation::kStatic ? " STATIC " : " DYNAMIC ";
      line += each.gateway.host;
    } else {
      EXPECT_TRUE(each.gateway.empty());
    }
    if (!each.visited_network.empty()) line += ' ' + each.visited_network;
    lines.push_back(std::move(line));
  }
  EXPECT_EQ(lines, GetParam().expected);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_2_3_1, UserDataGateway,
    testing::Values(
        Row{"no connection", {apn(1, "ims")}, {}, {"ims"}},
        Row{"static", {apn(1, "ims", gateway("fixed"))}, {}, {"ims STATIC fixed"}},
        Row{"static, whatever was told", {apn(1, "ims", gateway("fixed"))}, {active("ims", 1, "pgw", "net")},
            {"ims STATIC fixed"}},
        Row{"dynamic", {apn(1, "ims"), apn(2, "internet")}, {active("internet", 2, "pgw", "net")},
            {"ims", "internet DYNAMIC pgw net"}},
        Row{"dynamic, without a visited network", {apn(1, "ims")}, {active("ims", 1, "pgw")}, {"ims DYNAMIC pgw"}},
        Row{"two connections", {apn(1, "ims"), apn(2, "internet")},
            {active("internet", 2, "b"), active("ims", 1, "a")}, {"ims DYNAMIC a", "internet DYNAMIC b"}},
        Row{"connection without a gateway", {apn(1, "ims")}, {active("ims", 1, "", "net")}, {"ims"}},
        Row{"Context-Identifier changed since", {apn(9, "ims")}, {active("ims", 1, "pgw")}, {"ims DYNAMIC pgw"}},
        Row{"APN not subscribed any more", {apn(1, "ims")}, {active("internet", 2, "pgw")}, {"ims"}},
        Row{"wildcard, one connection", {apn(1, "ims"), apn(2, "*")}, {active("corp", 2, "pgw", "net")},
            {"ims", "* DYNAMIC pgw net"}},
        Row{"wildcard, and one to a named APN", {apn(1, "ims"), apn(2, "*")},
            {active("ims", 1, "a"), active("corp", 2, "b")}, {"ims DYNAMIC a", "* DYNAMIC b"}},
        Row{"wildcard, two connections: none is told", {apn(1, "ims"), apn(2, "*")},
            {active("corp", 2, "a"), active("home", 2, "b")}, {"ims", "*"}},
        Row{"wildcard, two connections, one without a gateway", {apn(2, "*")},
            {active("corp", 2, "a"), active("home", 2, "")}, {"*"}},
        Row{"wildcard, a connection told of by its Context-Identifier alone", {apn(1, "ims"), apn(2, "*")},
            {active("*", 2, "pgw")}, {"ims", "* DYNAMIC pgw"}},
        Row{"wildcard with a static gateway", {apn(2, "*", gateway("fixed"))}, {active("corp", 2, "a")},
            {"* STATIC fixed"}},
        Row{"reached through the wildcard, subscribed by name since", {apn(3, "corp"), apn(2, "*")},
            {active("corp", 2, "a")}, {"corp DYNAMIC a", "*"}}));
// clang-format on

}  // namespace
}  // namespace hss::swx::test
