// SPDX-License-Identifier: MIT
#include "tests/lab/load/report.h"

#include <algorithm>
#include <cstdio>
#include <ostream>

#include "provisioning/json.h"
#include "tests/lab/dictionary.h"

namespace hss::lab {
namespace {

using provisioning::Json;

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  const int length = std::snprintf(text, sizeof text, pattern, values...);
  return {text, static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(sizeof text) - 1))};
}

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

double milliseconds(Histogram::Duration value) { return static_cast<double>(value.count()) / 1000; }

std::string result_words(const std::pair<std::uint32_t, std::uint32_t>& result) {
  return result.second == 0 ? "no result in the answer" : result_text({result.first, result.second});
}

/// Without the number.
std::string name_of_result(const std::pair<std::uint32_t, std::uint32_t>& result) {
  const std::string words = result_words(result);
  return words.substr(0, words.rfind(" ("));
}

/// Of a procedure that is one request there is nothing to say beside what is said of the request.
bool has_several_steps(const LoadPlan& plan) { return steps_of(plan.mix).size() > 1; }

/// As a heading: "MAR", or "registration".
std::string unit_of(const LoadPlan& plan) {
  return std::string(has_several_steps(plan) ? name_of(plan.mix) : steps_of(plan.mix).front().name);
}

std::string plan_text(const LoadPlan& plan) {
  std::string text =
      unit_of(plan) + ", " +
      (plan.fleet.subscribers.count == 1 ? "1 user, " : format("%u users, ", plan.fleet.subscribers.count)) +
      (plan.connections == 1 ? "1 connection" : format("%u connections", plan.connections)) +
      (has_several_steps(plan) ? " of each node" : "") + ", " + format("%u", plan.in_flight) + " in flight" +
      (plan.connections == 1 ? "" : " on each");
  return text + (plan.rate ? format(", %g a second", *plan.rate) : std::string(", as fast as possible"));
}

void print_latency(std::ostream& out, std::string_view name, const Histogram& latency) {
  out << format("%-16.*s %10llu", static_cast<int>(name.size()), name.data(),
                static_cast<unsigned long long>(latency.total()));
  for (const auto value : {latency.percentile(50), latency.percentile(99), latency.percentile(99.9), latency.max()}) {
    out << format(" %11s", milliseconds_text(value).c_str());
  }
  out << '\n';
}

Json latency_json(const Histogram& latency) {
  return {{"count", latency.total()},
          {"mean_ms", latency.mean() / 1000},
          {"p50_ms", milliseconds(latency.percentile(50))},
          {"p99_ms", milliseconds(latency.percentile(99))},
          {"p99.9_ms", milliseconds(latency.percentile(99.9))},
          {"max_ms", milliseconds(latency.max())}};
}

}  // namespace

std::string milliseconds_text(Histogram::Duration value) {
  const double time = milliseconds(value);
  return time < 100 ? format("%.3f ms", time) : format("%.0f ms", time);
}

std::string live_line(const LoadProgress& progress, const LoadPlan& plan) {
  std::string line = format("%5.1f s  %9.0f %s/s  %6u in flight", static_cast<double>(progress.elapsed.count()) / 1000,
                            progress.answers_per_second, has_several_steps(plan) ? "answers" : unit_of(plan).c_str(),
                            progress.in_flight);
  if (progress.refused > 0) line += format("  %llu refused", static_cast<unsigned long long>(progress.refused));
  if (progress.timeouts > 0) line += format("  %llu timed out", static_cast<unsigned long long>(progress.timeouts));
  return progress.warming_up ? line + "  (warm-up)" : line;
}

void print_report(std::ostream& out, const LoadPlan& plan, const LoadFigures& figures) {
  out << plan_text(plan) << '\n'
      << format("%.1f s measured%s\n\n", figures.seconds, figures.interrupted ? ", interrupted" : "")
      << format("%-16s %10s %11s %11s %11s %11s\n", "", "answers", "p50", "p99", "p99.9", "max");
  for (const StepFigures& step : figures.steps) print_latency(out, step.name, step.latency);
  if (has_several_steps(plan)) print_latency(out, name_of(plan.mix), figures.procedures);

  out << "\nThroughput\n" << format("  %.0f answers a second", per_second(figures.answers, figures.seconds));
  if (has_several_steps(plan)) {
    out << format(", %.0f %.*ss a second", per_second(figures.completed, figures.seconds),
                  static_cast<int>(name_of(plan.mix).size()), name_of(plan.mix).data());
  }
  if (figures.longest_silence.count() > 0) {
    out << format(", %s at the most between two", milliseconds_text(figures.longest_silence).c_str());
  }
  out << "\nResults\n";
  for (const StepFigures& step : figures.steps) {
    for (const auto& [result, count] : step.results) {
      out << format("  %s  %10llu  ", step.name.c_str(), static_cast<unsigned long long>(count)) << result_words(result)
          << '\n';
    }
    if (step.timeouts > 0) {
      out << format("  %s  %10llu  no answer within %.1f s (not among the times)\n", step.name.c_str(),
                    static_cast<unsigned long long>(step.timeouts),
                    std::chrono::duration<double>(plan.patience).count());
    }
  }
  if (figures.not_begun > 0) {
    out << format("Behind the rate\n  %llu were due, but all places in flight were taken until the end\n",
                  static_cast<unsigned long long>(figures.not_begun));
  }
  if (figures.late > 0) {
    out << format("Late\n  %llu answers came when they were not awaited any more\n",
                  static_cast<unsigned long long>(figures.late));
  }
  if (figures.verified > 0) {
    out << format("Verified\n  %llu vectors, %llu of them wrong\n", static_cast<unsigned long long>(figures.verified),
                  static_cast<unsigned long long>(figures.wrong));
  }
  out << format("Generator\n  %.0f %% of one core\n", 100 * per_second(1, figures.seconds) * figures.cpu_seconds);
}

void print_report_json(std::ostream& out, const LoadPlan& plan, const LoadFigures& figures) {
  Json json{{"mix", name_of(plan.mix)},
            {"users", plan.fleet.subscribers.count},
            {"first_imsi", plan.fleet.subscribers.first_imsi},
            {"connections", plan.connections},
            {"in_flight", plan.in_flight},
            {"rate", plan.rate ? Json(*plan.rate) : Json(nullptr)},
            {"seconds", figures.seconds},
            {"interrupted", figures.interrupted},
            {"answers_per_second", per_second(figures.answers, figures.seconds)},
            {"procedures_per_second", per_second(figures.completed, figures.seconds)},
            {"procedures", latency_json(figures.procedures)},
            {"procedures_failed", figures.failed},
            {"not_begun", figures.not_begun},
            {"longest_silence_ms", milliseconds(figures.longest_silence)},
            {"timeouts", figures.timeouts()},
            {"late", figures.late},
            {"verified", figures.verified},
            {"wrong", figures.wrong},
            {"generator_cores", figures.seconds > 0 ? figures.cpu_seconds / figures.seconds : 0.0}};
  Json steps = Json::array();
  for (const StepFigures& step : figures.steps) {
    Json results = Json::array();
    for (const auto& [result, count] : step.results) {
      results.push_back(
          {{"vendor", result.first}, {"code", result.second}, {"name", name_of_result(result)}, {"count", count}});
    }
    Json one = latency_json(step.latency);
    one["command"] = step.name;
    one["timeouts"] = step.timeouts;
    one["results"] = std::move(results);
    steps.push_back(std::move(one));
  }
  json["requests"] = std::move(steps);
  out << provisioning::compact(json) << '\n';
}

}  // namespace hss::lab
