// The verbs of hsslab, and the one place where errors become lines and exit codes.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <ostream>

#include "provisioning/command_line.h"
#include "provisioning/text.h"
#include "tests/lab/lab.h"

namespace hss::lab {
namespace {

constexpr int kExitAsItShouldBe = 0;
constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

void build(cli::App& app, Environment& environment) {
  app.set_version(std::string("hsslab ") + MINIHSS_VERSION);
  app.require_verb();
  app.footer(
      "Exit codes: 0 as it should be, 1 not, 2 wrong command line. Errors are lines on standard error.\n"
      "The HSS must let in the hosts that are played: icscf., scscf. and aaa. of the home domain.\n"
      "A host is connected once: two runs at the same time need hosts of their own (--scscf-host and the like).\n"
      "Example:\n"
      "  hsslab register --imsi 001010000000001 --keys-file card.keys");
  add_register(app, environment);
  add_resync(app, environment);
  add_swx(app, environment);
  add_push(app, environment);
  add_storm(app, environment);
  add_load(app, environment);
}

}  // namespace

int run(const std::vector<std::string>& arguments, Environment environment) {
  cli::App app("hsslab", "hsslab plays the CSCFs, the AAA server and a phone with its card, against any HSS.");
  build(app, environment);
  const auto fail = [&](const std::string& message, int code) {
    const std::string verb = app.reached();
    environment.out.flush();
    environment.err << "hsslab: " << (verb.empty() ? "" : verb + ": ") << provisioning::one_line(message) << '\n';
    return code;
  };
  try {
    app.run(arguments, environment.out, environment.err);
    environment.out.flush();
    if (!environment.out) return fail("standard output: cannot be written: see whether its disk is full", kExitFailure);
    return kExitAsItShouldBe;
  } catch (const cli::WrongCommandLine& error) {
    const std::string verb = app.reached();
    return fail(error.what() + std::string(": see 'hsslab ") + (verb.empty() ? "" : verb + " ") + "--help'",
                kExitUsage);
  } catch (const LabUsageError& error) {
    return fail(error.what(), kExitUsage);
  } catch (const std::exception& error) {  // LabFailure, NetworkError, and what nobody expects
    return fail(error.what(), kExitFailure);
  }
}

}  // namespace hss::lab
