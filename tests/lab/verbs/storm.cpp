// hsslab storm: a whole population of cards out of step with the HSS registers at once.
// SPDX-License-Identifier: MIT
#include <memory>
#include <ostream>

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/progress.h"
#include "tests/lab/lab.h"
#include "tests/lab/load/report.h"
#include "tests/lab/load/storm.h"

namespace hss::lab {
namespace {

using provisioning::Json;

struct Options {
  FleetOptions fleet;
  std::uint64_t ahead = 1U << 20U;
  provisioning::KeyFields keys;
  provisioning::KeyFiles files;
};

void print_text(std::ostream& out, const StormPlan& plan, const StormFigures& figures) {
  const double seconds = std::chrono::duration<double>(figures.took).count();
  char line[128];
  std::snprintf(line, sizeof line, "%u cards, %llu ahead of the HSS, registered at once: %.1f s%s\n\n",
                plan.fleet.subscribers.count, static_cast<unsigned long long>(plan.ahead), seconds,
                figures.interrupted ? ", interrupted" : "");
  out << line;
  for (const auto& [mars, count] : figures.back) {
    out << "  " << count << " back with " << mars << (mars == 1 ? " MAR\n" : " MARs\n");
  }
  for (const auto& [why, failure] : figures.failures) {
    out << "  " << failure.count << " not back: " << why << " (the first: IMSI " << failure.first_imsi << ")\n";
  }
  if (figures.too_busy > 0) out << "  " << figures.too_busy << " requests were answered TOO_BUSY and asked again\n";
  if (figures.times.total() == 0) return;
  out << "\nTime to register, from the start of the storm\n  p50 " << milliseconds_text(figures.times.percentile(50))
      << ", p99 " << milliseconds_text(figures.times.percentile(99)) << ", max "
      << milliseconds_text(figures.times.max()) << '\n';
}

void print_json(std::ostream& out, const StormPlan& plan, const StormFigures& figures) {
  Json back = Json::object();
  for (const auto& [mars, count] : figures.back) back[std::to_string(mars)] = count;
  Json failures = Json::array();
  for (const auto& [why, failure] : figures.failures) {
    failures.push_back({{"why", why}, {"count", failure.count}, {"first_imsi", failure.first_imsi}});
  }
  const auto milliseconds = [&](double percent) {
    return static_cast<double>(figures.times.percentile(percent).count()) / 1000;
  };
  const Json json{{"users", plan.fleet.subscribers.count},
                  {"first_imsi", plan.fleet.subscribers.first_imsi},
                  {"ahead", plan.ahead},
                  {"seconds", std::chrono::duration<double>(figures.took).count()},
                  {"interrupted", figures.interrupted},
                  {"back_by_mars", back},
                  {"back_within_two_mars", figures.in_time()},
                  {"failures", failures},
                  {"too_busy", figures.too_busy},
                  {"p50_ms", milliseconds(50)},
                  {"p99_ms", milliseconds(99)},
                  {"max_ms", static_cast<double>(figures.times.max().count()) / 1000}};
  out << provisioning::compact(json) << '\n';
}

void run_storm_verb(Options& options, Environment& environment) {
  StormPlan plan;
  plan.fleet = read_fleet(options.fleet);
  plan.keys = read_fleet_keys(options.keys, options.files, environment);
  plan.ahead = options.ahead;
  plan.connections = options.fleet.connections;
  plan.patience = std::chrono::seconds(options.fleet.common.patience_seconds);
  const bool json = options.fleet.common.json;
  provisioning::Progress progress(environment.out, environment.out_is_terminal && !json);
  const provisioning::Interruptible interruptible;  // Ctrl-C ends the storm; what happened is told
  const StormHooks hooks{
      .progress = [&](std::uint64_t done, std::uint64_t all) { progress.show("registered", done, all); },
      .interrupted = [] { return provisioning::Interruptible::interrupted(); }};

  const StormFigures figures = run_storm(plan, hooks);
  progress.clear();
  if (json) {
    print_json(environment.out, plan, figures);
  } else {
    print_text(environment.out, plan, figures);
  }
  const std::uint64_t missing = plan.fleet.subscribers.count - figures.in_time();
  if (missing > 0) {
    throw LabFailure(std::to_string(missing) + " of " + std::to_string(plan.fleet.subscribers.count) +
                     " cards were not back within " + std::to_string(kExpectedMars) + " MARs");
  }
}

}  // namespace

void add_storm(cli::App& parent, Environment& environment) {
  cli::App* app = parent.add_verb("storm", "many cards out of step with the HSS register at once");
  const auto options = std::make_shared<Options>();
  declare_fleet(*app, options->fleet);
  app->add_option("--ahead", options->ahead,
                  "how far SEQ of each card is ahead of its first challenge; left out: 1048576 (2^20)")
      ->type_name("N")
      ->between(std::uint64_t{0}, std::uint64_t{1} << 40U);
  app->heading("Cards");
  declare_card_keys(*app, options->keys, options->files);
  app->remove_option("--sqn");
  app->footer(
      "The subscribers are provisioned before, with consecutive IMSIs and one key set for all. Each card refuses its\n"
      "first challenge with an AUTS; all must be back with the second MAR. The HSS moves its SQNs up to the cards'.\n"
      "Example:\n"
      "  hsslab storm --users 1000 --first-imsi 001010000000001 --keys-file card.keys");
  app->action([options, &environment] { run_storm_verb(*options, environment); });
}

}  // namespace hss::lab
