// The log: what a line looks like, that nothing from the wire can break or forge one, and that no key gets in.
// SPDX-License-Identifier: MIT
#include "diameter/log.h"
#include "diameter/repeated_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdarg>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "diameter/fd.h"
#include "diameter/log_text.h"

namespace hss::diameter {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kKey = "465B5CE8B199B49FAA5F0A2EE238A6BC";
constexpr const char* kKeyApart = "46 5B 5C E8 B1 99 B4 9F AA 5F 0A 2E E2 38 A6 BC";

/// Lines without their time.
std::vector<std::string> lines_of(const std::string& output) {
  const std::regex line(R"((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d) (.*))");
  std::vector<std::string> lines;
  std::istringstream in(output);
  for (std::string text; std::getline(in, text);) {
    std::smatch match;
    EXPECT_TRUE(std::regex_match(text, match, line)) << text;
    lines.push_back(match[2]);
  }
  return lines;
}

class Log : public ::testing::Test {
 protected:
  void start(std::string_view level) {
    ::testing::internal::CaptureStdout();
    capturing_ = true;
    log::start(level);
  }
  std::vector<std::string> stop() {
    log::stop();
    capturing_ = false;
    return lines_of(::testing::internal::GetCapturedStdout());
  }
  void TearDown() override {
    if (capturing_) stop();
  }

 private:
  bool capturing_ = false;
};

log::TransactionRecord multimedia_auth() {
  log::TransactionRecord record;
  record.command = "MAR";
  record.peer = "scscf.example.org";
  record.peer_address = "127.0.0.1:51234";
  record.origin_host = "SCSCF.example.org";
  record.private_identity = "001010000000001@ims.example.org";
  record.public_identity = "sip:+15551234@ims.example.org";
  record.public_identities = 1;
  record.server_name = "sip:scscf.example.org:6060";
  record.detail = "Digest-AKAv1-MD5 x1";
  record.result = result::kSuccess;
  record.duration = std::chrono::nanoseconds(412'345);
  return record;
}

TEST_F(Log, TransactionIsOneLine) {
  start("info");
  log::transaction(multimedia_auth());
  EXPECT_THAT(stop(), ElementsAre("info MAR scscf.example.org [127.0.0.1:51234] impi=001010000000001@ims.example.org "
                                  "impu=sip:+15551234@ims.example.org scscf=sip:scscf.example.org:6060 "
                                  "Digest-AKAv1-MD5 x1 -> DIAMETER_SUCCESS 2001 0.412ms"));
}

TEST_F(Log, TransactionShowsWhatElseThereIs) {
  start("info");
  auto record = multimedia_auth();
  record.peer_address = "";
  record.origin_host = "other.example.org";
  record.public_identities = 3;
  record.server_name = "";
  record.detail = "";
  record.session_id = "scscf.example.org;1;2";
  record.result = result::kUserUnknown;
  record.remark = "no such IMPI";
  record.duration = std::chrono::milliseconds(1500);
  log::transaction(record);
  EXPECT_THAT(
      stop(),
      ElementsAre("info MAR scscf.example.org [-] origin=other.example.org impi=001010000000001@ims.example.org "
                  "impu=sip:+15551234@ims.example.org (+2) -> DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001) "
                  "1500.000ms session=scscf.example.org;1;2 remark=\"no such IMPI\""));
}

/// As printf writes a double with three decimals.
TEST_F(Log, TheDurationIsInMilliseconds) {
  const struct {
    std::int64_t nanoseconds;
    const char* text;
  } rows[] = {{0, "0.000ms"},     {499, "0.000ms"},    {500, "0.001ms"},     {1'500, "0.002ms"},
              {2'500, "0.003ms"}, {62'500, "0.062ms"}, {187'500, "0.188ms"}, {3'600'000'000'001, "3600000.000ms"}};
  for (const auto& row : rows) {
    start("info");
    auto record = multimedia_auth();
    record.duration = std::chrono::nanoseconds(row.nanoseconds);
    log::transaction(record);
    EXPECT_THAT(stop(), ElementsAre(EndsWith(std::string("2001 ") + row.text)));
  }
}

TEST_F(Log, ARequestOfOursWithoutAnswer) {
  start("warn");
  auto record = multimedia_auth();
  record.command = "RTR";
  record.origin_host = "";
  record.detail = "PERMANENT_TERMINATION attempt 2";
  record.result.reset();
  record.remark = "waiting: no answer in time";
  log::transaction(record);
  EXPECT_THAT(stop(), ElementsAre("warning RTR scscf.example.org [127.0.0.1:51234] "
                                  "impi=001010000000001@ims.example.org impu=sip:+15551234@ims.example.org "
                                  "scscf=sip:scscf.example.org:6060 PERMANENT_TERMINATION attempt 2 -> no answer "
                                  "0.412ms remark=\"waiting: no answer in time\""));
}

TEST_F(Log, TheUserOfSwxIsNoPrivateIdentity) {
  start("info");
  log::TransactionRecord record;
  record.command = "SWx-MAR";
  record.peer = "aaa.example.org";
  record.peer_address = "127.0.0.1:51234";
  record.user = "user";
  record.private_identity = "6001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org";
  record.detail = "EAP-AKA' x2 ANID WLAN";
  record.result = result::kSuccess;
  log::transaction(record);
  const std::string endless = "EAP-AKA ANID " + std::string(60000, 'W');
  record.detail = endless;
  log::transaction(record);
  const auto lines = stop();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0],
            "info SWx-MAR aaa.example.org [127.0.0.1:51234] "
            "user=6001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org EAP-AKA' x2 ANID WLAN -> "
            "DIAMETER_SUCCESS 2001 0.000ms");
  EXPECT_LT(lines[1].size(), 600U);
}

TEST_F(Log, FaultsAreWarningsAndRefusalsAreNot) {
  start("warn");
  auto record = multimedia_auth();
  const auto with = [&record](Result result) {
    record.result = result;
    log::transaction(record);
  };
  with(result::kSuccess);
  with(result::kUserUnknown);
  with(result::kMissingAvp);
  with(result::kUnableToComply);
  with(result::kTooBusy);
  with(result::kApplicationUnsupported);  // a peer that may not use it
  with(Result{kVendor3gpp, 5012});        // another family, another meaning
  EXPECT_THAT(stop(), ElementsAre(EndsWith("-> DIAMETER_UNABLE_TO_COMPLY 5012 0.412ms"),
                                  EndsWith("-> DIAMETER_TOO_BUSY 3004 0.412ms"),
                                  EndsWith("-> DIAMETER_APPLICATION_UNSUPPORTED 3007 0.412ms")));
}

TEST_F(Log, ValuesFromTheWireCannotBreakOrForgeALine) {
  start("info");
  auto record = multimedia_auth();
  record.public_identity = "sip:a@b\n2026-01-01T00:00:00.000+00:00 info MAR forged";
  record.private_identity = "a -> DIAMETER_SUCCESS 2001 \"\\";
  record.server_name = std::string_view("\0\x1b[31m\xff\xc2\x85\xe2\x80\xa8\x7f", 13);
  record.detail = "x -> DIAMETER_SUCCESS 2001";
  record.remark = std::string_view("\xed\xa0\x80", 3);  // a surrogate
  log::transaction(record);
  EXPECT_THAT(stop(), ElementsAre("info MAR scscf.example.org [127.0.0.1:51234] "
                                  "impi=\"a -> DIAMETER_SUCCESS 2001 \\x22\\x5c\" "
                                  "impu=\"sip:a@b\\x0a2026-01-01T00:00:00.000+00:00 info MAR forged\" "
                                  "scscf=\\x00\\x1b[31m\\xff\\xc2\\x85\\xe2\\x80\\xa8\\x7f "
                                  "\"x -> DIAMETER_SUCCESS 2001\" -> DIAMETER_SUCCESS 2001 0.412ms "
                                  "remark=\\xed\\xa0\\x80"));
}

TEST_F(Log, LevelsHold) {
  start("warn");
  log::debug("one");
  log::info("two");
  log::warn("three");
  log::error("four\n\tand  five");
  EXPECT_THAT(stop(), ElementsAre("warning three", "error four and five"));
}

TEST_F(Log, OffIsSilent) {
  start("off");
  log::error("one");
  fd_log(FD_LOG_FATAL, "%s", "two");
  EXPECT_THAT(stop(), IsEmpty());
}

TEST_F(Log, UnknownLevelIsRefusedByName) {
  try {
    log::start("loud\n");
    FAIL() << "taken";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "log level loud\\x0a is unknown: use trace, debug, info, warn, error or off");
  }
}

TEST_F(Log, LinesOfSeveralThreadsStayWhole) {
  start("info");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      for (int j = 0; j < 250; ++j) log::info(std::string(200, 'x'));
      // Each another one: what repeats is counted.
      const std::string start(static_cast<std::size_t>(i + 1), 'y');
      for (int j = 0; j < 250; ++j) fd_log(FD_LOG_ERROR, "%s%s", start.c_str(), std::string(j, 'z').c_str());
    });
  }
  for (auto& thread : threads) thread.join();
  const auto lines = stop();
  EXPECT_EQ(lines.size(), 2000U);
  for (const auto& line : lines) {
    const bool of_freediameter =
        line.starts_with("error freeDiameter: y") && line.find_first_not_of("yz", 20) == line.npos;
    EXPECT_TRUE(line == "info " + std::string(200, 'x') || of_freediameter) << line;
  }
}

TEST_F(Log, WhatFreeDiameterRepeatsIsCounted) {
  repeated_errors().settle(RepeatedLines::Clock::now() + std::chrono::seconds(2));  // of other tests
  start("info");
  for (int i = 0; i < 1000; ++i) fd_log(FD_LOG_ERROR, "connection %d is broken", i);
  repeated_errors().settle(RepeatedLines::Clock::now() + std::chrono::seconds(2));
  const auto lines = stop();  // one a second: mostly two
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines.front(), "error freeDiameter: connection 0 is broken");
  EXPECT_TRUE(lines.back().starts_with("error freeDiameter: connection 999 is broken"));
  std::size_t told = lines.size();
  for (const auto& line : lines) {
    constexpr std::string_view kAnd = "(and ";
    const auto count = line.find(kAnd);
    if (count != line.npos) told += std::stoul(line.substr(count + kAnd.size()));
  }
  EXPECT_EQ(told, 1000U);
}

TEST_F(Log, TakesFreeDiametersLinesAndGivesThemBack) {
  start("trace");
  fd_log(FD_LOG_ERROR, "%s\n\t%d", "broken", 7);
  fd_log(FD_LOG_FATAL, "no %s", "memory");
  fd_log(FD_LOG_NOTICE, "some %s", "notice");
  fd_log(FD_LOG_NOTICE, "'%s'\t-> '%s'\t'%s'", "STATE_OPEN", "STATE_CLOSED", "scscf.example.org");
  fd_log(FD_LOG_NOTICE, FD_PROJECT_BINARY " framework is stopping...");
  fd_log(FD_LOG_FATAL, "Initiating freeDiameter shutdown sequence (%d)", 3);
  EXPECT_THAT(stop(), ElementsAre("error freeDiameter: broken 7", "error freeDiameter: no memory",
                                  "debug freeDiameter: some notice",
                                  "info freeDiameter: 'STATE_OPEN' -> 'STATE_CLOSED' 'scscf.example.org'",
                                  "info freeDiameter: freeDiameterd framework is stopping...",
                                  "info freeDiameter: Initiating freeDiameter shutdown sequence (3)"));

  ::testing::internal::CaptureStdout();
  fd_log(FD_LOG_ERROR, "its own way");
  const std::string own = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(own, HasSubstr("its own way"));
  EXPECT_THAT(own, Not(HasSubstr("freeDiameter:")));
}

TEST_F(Log, FreeDiametersLinesAreBounded) {
  start("trace");
  fd_log(FD_LOG_ERROR, "%s", std::string(5000, 'x').c_str());
  const auto lines = stop();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LT(lines[0].size(), 1100U);
  EXPECT_THAT(lines[0], EndsWith("xxx..."));
}

/// The lines are those of libfdcore/hooks.c, libfdproto/messages.c and the extension dbg_msg_dumps.
TEST_F(Log, NothingOfAMessageGetsThrough) {
  start("trace");
  const std::string tree =
      "   AVP: 'Confidentiality-Key'(625) vend='3GPP'(10415) l=28 f=V- val=<" + std::string(kKeyApart) + '>';
  const std::string full =
      "Server(16777216/303)[-P--], { Confidentiality-Key(625/10415)[V-]=<" + std::string(kKeyApart) + "> }";
  for (const int level : {FD_LOG_ANNOYING, FD_LOG_DEBUG, FD_LOG_NOTICE, FD_LOG_ERROR, FD_LOG_FATAL}) {
    fd_log(level, "%s%s%s", "   ", tree.c_str(), "");                                   // LOG_SPLIT, last line
    fd_log(level, "%s%.*s%s", "   ", static_cast<int>(tree.size()), tree.c_str(), "");  // LOG_SPLIT, other lines
    fd_log(level, "SENT to '%s': %s", "scscf.example.org", full.c_str());
    fd_log(level, "Invalid AVP: %s", tree.c_str());
    fd_log(level, "Parsing error: cannot parse %zdB buffer from '%s': %s", std::size_t{16}, "scscf.example.org", kKey);
    fd_log(level, "RCV from '%s': %s", "scscf.example.org",
           "'SIP-Authenticate'(609) V=10415 L=28 F=V- V=<46 5B 5C E8>");
  }
  const auto lines = stop();
  ASSERT_FALSE(lines.empty());
  for (const auto& line : lines) {
    EXPECT_THAT(line, Not(HasSubstr("5B")));
    EXPECT_THAT(line, Not(HasSubstr("E8")));
  }
  EXPECT_THAT(lines, ::testing::Contains("error freeDiameter: Parsing error: cannot parse 16B buffer from "
                                         "'scscf.example.org': (32 hexadecimal digits)"));
  EXPECT_THAT(lines, ::testing::Contains("error freeDiameter: Invalid AVP: AVP: 'Confidentiality-Key'(625) "
                                         "vend='3GPP'(10415) l=28 f=V- val=..."));
}

TEST(LogText, HidesKeysButNoIdentities) {
  EXPECT_EQ(log::without_contents(std::string("k ") + kKey), "k (32 hexadecimal digits)");
  EXPECT_EQ(log::without_contents(kKeyApart), "(32 hexadecimal digits)");
  EXPECT_EQ(log::without_contents("46:5b:5c:e8:b1:99:b4:9f"), "(16 hexadecimal digits)");
  EXPECT_EQ(log::without_contents("imsi 001010123456789 face dead bad"), "imsi 001010123456789 face dead bad");
  EXPECT_EQ(log::without_contents("0123456789abcdef"), "(16 hexadecimal digits)");
  EXPECT_EQ(log::without_contents(""), "");
}

TEST(LogText, FieldsAreBoundedAndEmptyOnesVisible) {
  EXPECT_EQ(log::field("abcdef", 3), "abc...");
  EXPECT_EQ(log::field("a b", 2), "\"a ...\"");
  EXPECT_EQ(log::field(""), "\"\"");
  EXPECT_EQ(log::field("tür"), "tür");
  EXPECT_EQ(log::field("t\xc3"), "t\\xc3");
  EXPECT_EQ(log::field("\xe2\x80\xaeright-to-left"), "\\xe2\\x80\\xaeright-to-left");
}

}  // namespace
}  // namespace hss::diameter
