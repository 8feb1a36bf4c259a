// hsslab load: how much an HSS answers, how fast, and what it says when it is too much.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <memory>
#include <ostream>
#include <sstream>

#include "provisioning/command_line.h"
#include "provisioning/progress.h"
#include "tests/lab/lab.h"
#include "tests/lab/load/generator.h"
#include "tests/lab/load/report.h"
#include "tests/lab/load/vector_check.h"
#include "tests/lab/output/replace_file.h"

namespace hss::lab {
namespace {

struct Options {
  FleetOptions fleet;
  std::string mix = "mar";
  std::uint32_t in_flight = 16;
  double rate = 0;
  double warm_up = 0;
  double duration = 10;
  std::string histogram;
  bool verify = false;
  provisioning::KeyFields keys;
  provisioning::KeyFiles files;
};

std::chrono::milliseconds seconds(double value) { return std::chrono::milliseconds(std::llround(value * 1000)); }

LoadPlan plan_of(const Options& options) {
  LoadPlan plan;
  plan.fleet = read_fleet(options.fleet);
  const auto mix = parse_mix(options.mix);
  if (!mix) throw LabUsageError("--mix: must be mar, registration, re-registration or lir");
  plan.mix = *mix;
  plan.connections = options.fleet.connections;
  plan.in_flight = options.in_flight;
  if (options.rate > 0) plan.rate = options.rate;
  plan.warm_up = seconds(options.warm_up);
  plan.duration = seconds(options.duration);
  plan.patience = std::chrono::seconds(options.fleet.common.patience_seconds);
  // Nor can a card tell which of two vectors that are under way came first.
  const bool one_at_a_time = *mix == Mix::kRegistration || *mix == Mix::kReRegistration || options.verify;
  if (one_at_a_time && plan.fleet.subscribers.count < std::uint64_t{plan.connections} * plan.in_flight) {
    throw LabUsageError("--users: must be at least --connections times --in-flight: no user does two things at once");
  }
  return plan;
}

void run_load_verb(Options& options, Environment& environment) {
  const LoadPlan plan = plan_of(options);
  std::unique_ptr<VectorCheck> check;
  if (options.verify) {
    const KeySet keys = read_fleet_keys(options.keys, options.files, environment);
    check = std::make_unique<VectorCheck>(keys);
  } else if (!options.keys.empty() || !options.files.keys_file.empty()) {
    throw LabUsageError("keys are for --verify: the load itself does not need them");
  }
  const bool live = environment.out_is_terminal && !options.fleet.common.json;
  LoadHooks hooks;
  if (live) {
    hooks.progress = [&](const LoadProgress& progress) {
      environment.out << '\r' << live_line(progress, plan) << "\x1b[K" << std::flush;
    };
  }
  if (check) {
    hooks.check = [&check](std::uint32_t user, BytesView answer) { return check->problem_of(user, answer); };
  }
  const provisioning::Interruptible interruptible;  // Ctrl-C ends the load early; what was measured is told
  hooks.interrupted = [] { return provisioning::Interruptible::interrupted(); };

  const LoadFigures figures = run_load(plan, hooks);
  if (live) environment.out << "\r\x1b[K";
  if (options.fleet.common.json) {
    print_report_json(environment.out, plan, figures);
  } else {
    print_report(environment.out, plan, figures);
  }
  if (!options.histogram.empty()) {
    std::ostringstream text;
    figures.procedures.write_percentiles(text);
    replace_file(options.histogram, text.str(), 0666);
  }
  if (figures.wrong > 0) {
    throw LabFailure(std::to_string(figures.wrong) + " vectors are wrong; the first: IMSI " + figures.first_wrong);
  }
  if (figures.successes() == 0 && !figures.interrupted) {
    throw LabFailure("no request succeeded: are the subscribers provisioned, IMSI " +
                     plan.fleet.subscribers.first_imsi + " to " + *last_imsi(plan.fleet.subscribers) + "?");
  }
}

}  // namespace

void add_load(cli::App& parent, Environment& environment) {
  cli::App* app = parent.add_verb("load", "load the HSS: throughput, percentiles, results");
  const auto options = std::make_shared<Options>();
  declare_fleet(*app, options->fleet);
  app->add_option("--mix", options->mix,
                  "mar; registration: UAR, MAR, SAR; re-registration: MAR, SAR; lir, of users that registered before; "
                  "left out: mar")
      ->type_name("MIX");
  app->add_option("--in-flight", options->in_flight, "procedures at once on each connection; left out: 16")
      ->type_name("F")
      ->between(1U, 10'000U);
  app->add_option("--rate", options->rate,
                  "procedures a second, over all connections; times count from when each should have begun; left out: "
                  "as fast as the answers come")
      ->type_name("R")
      ->between(0.001, 1e7);
  app->add_option("--warm-up", options->warm_up, "seconds that do not count; left out: 0")
      ->type_name("SECONDS")
      ->between(0.0, 86'400.0);
  app->add_option("--duration", options->duration, "seconds that are measured; left out: 10")
      ->type_name("SECONDS")
      ->between(0.1, 86'400.0 * 30);
  app->add_option("--histogram", options->histogram,
                  "write the times of whole procedures, in ms, as HdrHistogram's plotter reads them")
      ->type_name("FILE");
  app->add_flag(
      "--verify", options->verify,
      "check each vector: MAC-A, XRES, CK, IK, and that no SQN comes twice; needs the keys, the same for all");
  app->heading("Cards");
  declare_card_keys(*app, options->keys, options->files);
  app->remove_option("--sqn");
  app->footer(
      "The subscribers are provisioned before, with consecutive IMSIs; their keys do not matter without --verify.\n"
      "Every MAR changes the SQN of a card: use subscribers of a test.\n"
      "Example:\n"
      "  hsslab load --users 1000 --first-imsi 001010000000001 --mix registration --connections 2 --duration 30");
  app->action([options, &environment] { run_load_verb(*options, environment); });
}

}  // namespace hss::lab
