// Who may connect and who may ask what: a row for each kind of peer and command.
// SPDX-License-Identifier: MIT
#include "diameter/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diameter/dictionary.h"
#include "diameter/live_settings.h"

namespace hss::diameter::test {
namespace {

using testing::HasSubstr;

constexpr const char* kIcscf = "icscf.example.org";
constexpr const char* kScscf = "SCSCF.example.org";
constexpr const char* kAaa = "aaa.example.org";
constexpr const char* kDra = "dra.example.org";
constexpr const char* kOther = "other.example.org";

Settings roles() {
  Settings settings;
  settings.peers = {"icscf.example.org 192.0.2.1", "scscf.example.org 192.0.2.0/28 2001:db8::/64",
                    "scscf.example.org 198.51.100.7", "*.example.org 127.0.0.1", "dra.example.net"};
  settings.agents = {kDra};
  settings.cx_peers = {"icscf.example.org", "scscf.example.org", "dra.example.org", "other.example.org"};
  settings.cx_icscf_peers = {"icscf.example.org", "dra.example.org"};
  settings.cx_scscf_peers = {"scscf.example.org", "dra.example.org"};
  settings.swx_peers = {"aaa.example.org"};
  return settings;
}

TEST(AccessTest, ByNameAndAddress) {
  const Access access(roles());
  using Entry = Access::Entry;
  const struct {
    const char* identity;
    const char* address;
    Entry expected;
  } rows[] = {
      {"icscf.example.org", "192.0.2.1", Entry::kAdmitted},
      {"ICSCF.Example.ORG", "192.0.2.1", Entry::kAdmitted},
      {"icscf.example.org", "192.0.2.2", Entry::kFromElsewhere},
      {"icscf.example.org", "127.0.0.1", Entry::kAdmitted},  // by another entry
      {"icscf.example.org", "", Entry::kFromElsewhere},
      {"scscf.example.org", "192.0.2.15", Entry::kAdmitted},
      {"scscf.example.org", "192.0.2.16", Entry::kFromElsewhere},
      {"scscf.example.org", "2001:db8::7", Entry::kAdmitted},
      {"scscf.example.org", "198.51.100.7", Entry::kAdmitted},
      {"dra.example.net", "203.0.113.1", Entry::kAdmitted},
      {"dra.example.net", "", Entry::kAdmitted},
      {"stranger.example.net", "127.0.0.1", Entry::kUnknown},
  };
  for (const auto& row : rows)
    EXPECT_EQ(access.entry(row.identity, row.address), row.expected) << row.identity << ' ' << row.address;
  EXPECT_TRUE(access.knows("icscf.example.org"));
  EXPECT_FALSE(access.knows("stranger.example.net"));
  EXPECT_EQ(Access(Settings{}).entry("icscf.example.org", "127.0.0.1"), Entry::kUnknown);
}

TEST(AccessTest, ByApplicationAndCommand) {
  const Access access(roles());
  const struct {
    const char* peer;
    std::uint32_t application;
    std::uint32_t command;
    std::uint32_t expected;  // 0: may
    const char* setting = "";
  } rows[] = {
      {kIcscf, kApplicationCx, command_code::kUserAuthorization, 0},
      {kIcscf, kApplicationCx, command_code::kLocationInfo, 0},
      {kIcscf, kApplicationCx, command_code::kMultimediaAuth, 3001, "`cx_scscf_peers`"},
      {kIcscf, kApplicationCx, command_code::kServerAssignment, 3001, "`cx_scscf_peers`"},
      {kIcscf, kApplicationSwx, command_code::kMultimediaAuth, 3007, "`swx_peers`"},
      {kScscf, kApplicationCx, command_code::kUserAuthorization, 3001, "`cx_icscf_peers`"},
      {kScscf, kApplicationCx, command_code::kLocationInfo, 3001, "`cx_icscf_peers`"},
      {kScscf, kApplicationCx, command_code::kMultimediaAuth, 0},
      {kScscf, kApplicationCx, command_code::kServerAssignment, 0},
      {kAaa, kApplicationCx, command_code::kMultimediaAuth, 3007, "`cx_peers`"},
      {kAaa, kApplicationSwx, command_code::kMultimediaAuth, 0},
      {kAaa, kApplicationSwx, command_code::kServerAssignment, 0},
      {kOther, kApplicationCx, command_code::kLocationInfo, 3001, "`cx_icscf_peers`"},
      {kDra, kApplicationCx, command_code::kLocationInfo, 0},
      {kDra, kApplicationCx, command_code::kMultimediaAuth, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.peer) + ' ' + std::to_string(row.application) + ' ' + std::to_string(row.command));
    const auto refusal = access.refusal(row.application, row.command, row.peer, row.peer);
    ASSERT_EQ(refusal.has_value(), row.expected != 0);
    if (!refusal) continue;
    EXPECT_EQ(refusal->result, (Result{kVendorBase, row.expected}));
    EXPECT_THAT(refusal->remark, HasSubstr(row.setting));
    EXPECT_FALSE(refusal->of_origin_host);
  }
  const Access open{Settings{}};  // without lists everybody who is connected may
  EXPECT_FALSE(open.refusal(kApplicationCx, command_code::kMultimediaAuth, kOther, kOther));
  EXPECT_FALSE(open.refusal(kApplicationSwx, command_code::kMultimediaAuth, kOther, kOther));
}

TEST(AccessTest, OnlyAnAgentPassesOnWhatOthersAsk) {
  const Access access(roles());
  const auto asked = [&](const char* peer, const char* origin) {
    return access.refusal(kApplicationCx, command_code::kMultimediaAuth, peer, origin);
  };
  EXPECT_FALSE(asked(kScscf, "scscf.EXAMPLE.org"));
  EXPECT_FALSE(asked(kDra, "scscf7.example.org"));
  EXPECT_FALSE(asked(kScscf, "")) << "a missing AVP is a matter of the reader";
  const auto refusal = asked(kScscf, kIcscf);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->result, result::kInvalidAvpValue);
  EXPECT_TRUE(refusal->of_origin_host);
  EXPECT_THAT(refusal->remark, HasSubstr("`agents`"));
}

TEST(AccessTest, WhoIsExpelledMayNothing) {
  const Access access(Settings{}, {"scscf.example.org"});
  const auto refusal = access.refusal(kApplicationCx, command_code::kMultimediaAuth, kScscf, kScscf);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->result, result::kUnknownPeer);
  EXPECT_FALSE(access.refusal(kApplicationCx, command_code::kMultimediaAuth, kIcscf, kIcscf));
}

TEST(LiveSettingsTest, WhatWasInForceStays) {
  Settings settings;
  settings.cx.max_vectors = 2;
  LiveSettings live(settings);
  const LiveSettings::State& before = live.now();
  settings.cx.max_vectors = 3;
  live.put(settings, {"scscf.example.org"});
  EXPECT_EQ(before.settings.cx.max_vectors, 2U);
  EXPECT_EQ(live.now().settings.cx.max_vectors, 3U);
  EXPECT_TRUE(live.now().access.refusal(kApplicationCx, command_code::kMultimediaAuth, kScscf, kScscf));
}

}  // namespace
}  // namespace hss::diameter::test
