// What load prints: every figure with its name, and nothing that was not measured.
// SPDX-License-Identifier: MIT
#include "tests/lab/load/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace hss::lab {
namespace {

using std::chrono::microseconds;

LoadPlan registration_plan() {
  LoadPlan plan;
  plan.fleet.subscribers = {"001010000000001", 500};
  plan.mix = Mix::kReRegistration;
  plan.connections = 2;
  plan.in_flight = 64;
  return plan;
}

LoadFigures some_figures() {
  LoadFigures figures;
  figures.steps.resize(2);
  figures.steps[0].name = "MAR";
  figures.steps[0].latency.record(microseconds(1500), 999);
  figures.steps[0].latency.record(microseconds(250'000));
  figures.steps[0].results = {{{0, 2001}, 990}, {{0, 3004}, 8}, {{kVendor3gpp, 5001}, 1}, {{0, 0}, 1}};
  figures.steps[0].timeouts = 3;
  figures.steps[1].name = "SAR";
  figures.steps[1].latency.record(microseconds(2000), 990);
  figures.steps[1].results = {{{0, 2001}, 990}};
  figures.procedures.record(microseconds(3500), 990);
  figures.seconds = 2;
  figures.answers = 1990;
  figures.completed = 990;
  figures.failed = 13;
  figures.cpu_seconds = 0.5;
  figures.longest_silence = microseconds(240'500);
  return figures;
}

TEST(LoadReport, ForPeople) {
  std::ostringstream out;
  print_report(out, registration_plan(), some_figures());
  EXPECT_EQ(out.str(),
            "re-registration, 500 users, 2 connections of each node, 64 in flight on each, as fast as possible\n"
            "2.0 s measured\n"
            "\n"
            "                    answers         p50         p99       p99.9         max\n"
            "MAR                    1000    1.500 ms    1.500 ms    1.500 ms      250 ms\n"
            "SAR                     990    2.000 ms    2.000 ms    2.000 ms    2.000 ms\n"
            "re-registration         990    3.500 ms    3.500 ms    3.500 ms    3.500 ms\n"
            "\n"
            "Throughput\n"
            "  995 answers a second, 495 re-registrations a second, 240 ms at the most between two\n"
            "Results\n"
            "  MAR           1  no result in the answer\n"
            "  MAR         990  DIAMETER_SUCCESS (2001)\n"
            "  MAR           8  DIAMETER_TOO_BUSY (3004)\n"
            "  MAR           1  DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)\n"
            "  MAR           3  no answer within 5.0 s (not among the times)\n"
            "  SAR         990  DIAMETER_SUCCESS (2001)\n"
            "Generator\n"
            "  25 % of one core\n");
}

TEST(LoadReport, WhatIsRareIsSaidWhenItHappened) {
  LoadPlan plan;
  plan.fleet.subscribers = {"001010000000001", 1};
  plan.rate = 250.5;
  LoadFigures figures;
  figures.not_begun = 7;
  figures.late = 2;
  figures.verified = 5;
  figures.wrong = 1;
  figures.interrupted = true;
  std::ostringstream out;
  print_report(out, plan, figures);
  EXPECT_EQ(out.str(),
            "MAR, 1 user, 1 connection, 16 in flight, 250.5 a second\n"
            "0.0 s measured, interrupted\n"
            "\n"
            "                    answers         p50         p99       p99.9         max\n"
            "\n"
            "Throughput\n"
            "  0 answers a second\n"
            "Results\n"
            "Behind the rate\n"
            "  7 were due, but all places in flight were taken until the end\n"
            "Late\n"
            "  2 answers came when they were not awaited any more\n"
            "Verified\n"
            "  5 vectors, 1 of them wrong\n"
            "Generator\n"
            "  0 % of one core\n");
}

TEST(LoadReport, ForPrograms) {
  std::ostringstream out;
  print_report_json(out, registration_plan(), some_figures());
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["mix"], "re-registration");
  EXPECT_EQ(json["rate"], nullptr);
  EXPECT_EQ(json["answers_per_second"], 995.0);
  EXPECT_EQ(json["procedures_per_second"], 495.0);
  EXPECT_EQ(json["procedures"]["p99.9_ms"], 3.5);
  EXPECT_EQ(json["longest_silence_ms"], 240.5);
  EXPECT_EQ(json["timeouts"], 3);
  ASSERT_EQ(json["requests"].size(), 2U);
  EXPECT_EQ(json["requests"][0]["command"], "MAR");
  EXPECT_EQ(json["requests"][0]["max_ms"], 250.0);
  EXPECT_EQ(json["requests"][0]["results"][2],
            (nlohmann::json{{"vendor", 0}, {"code", 3004}, {"name", "DIAMETER_TOO_BUSY"}, {"count", 8}}));
}

TEST(LoadReport, LiveLine) {
  LoadPlan plan = registration_plan();
  EXPECT_EQ(live_line({.elapsed = std::chrono::milliseconds(1500),
                       .warming_up = true,
                       .answers_per_second = 1234.4,
                       .in_flight = 128,
                       .timeouts = 0,
                       .refused = 0},
                      plan),
            "  1.5 s       1234 answers/s     128 in flight  (warm-up)");
  plan.mix = Mix::kMar;
  EXPECT_EQ(live_line({.elapsed = std::chrono::seconds(61),
                       .warming_up = false,
                       .answers_per_second = 9,
                       .in_flight = 1,
                       .timeouts = 2,
                       .refused = 3},
                      plan),
            " 61.0 s          9 MAR/s       1 in flight  3 refused  2 timed out");
}

}  // namespace
}  // namespace hss::lab
