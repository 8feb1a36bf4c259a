// The verbs of hsslab, and the one place where errors become lines and exit codes.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "provisioning/text.h"
#include "tests/lab/lab.h"

namespace hss::lab {
namespace {

constexpr int kExitAsItShouldBe = 0;
constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

void build(CLI::App& app, Environment& environment) {
  app.set_version_flag("--version", std::string("hsslab ") + MINIHSS_VERSION, "print the version");
  app.set_help_flag("-h,--help", "print this help");
  app.require_subcommand(1);
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

/// CLI11 quotes what it could not place or read, and that may be a key: every argument that could be one is long.
std::string usage_message(const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  const std::string text = provisioning::one_line(error.what());
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    for (const std::string& argument : arguments) {
      if (argument.size() > 1 && argument.front() == '-' && text.find(argument) != std::string::npos) {
        return "unknown option " + provisioning::printable(argument.substr(0, argument.find('=')));
      }
    }
    return "there is an argument too many, or an unknown verb";
  }
  const bool quotes = std::ranges::any_of(arguments, [&](const std::string& argument) {
    const std::string value = argument.substr(argument.find('=') == std::string::npos ? 0 : argument.find('=') + 1);
    return value.size() >= 16 && text.find(value) != std::string::npos;
  });
  if (quotes) return "an argument has a wrong value";
  return text == "A subcommand is required" ? "no verb, or none of that name" : text;
}

}  // namespace

int run(const std::vector<std::string>& arguments, Environment environment) {
  CLI::App app{"hsslab plays the CSCFs, the AAA server and a phone with its card, against any HSS.", "hsslab"};
  build(app, environment);
  const auto verb = [&app] {
    const auto reached = app.get_subcommands();
    return reached.empty() ? std::string() : reached.front()->get_name();
  };
  const auto fail = [&](const std::string& message, int code) {
    environment.out.flush();
    environment.err << "hsslab: " << (verb().empty() ? "" : verb() + ": ") << provisioning::one_line(message) << '\n';
    return code;
  };
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
    environment.out.flush();
    if (!environment.out) return fail("standard output: cannot be written: see whether its disk is full", kExitFailure);
    return kExitAsItShouldBe;
  } catch (const CLI::Success& wanted) {  // --help, --version
    app.exit(wanted, environment.out, environment.err);
    return kExitAsItShouldBe;
  } catch (const CLI::ParseError& error) {
    return fail(usage_message(error, arguments) + ": see 'hsslab " + (verb().empty() ? "" : verb() + " ") + "--help'",
                kExitUsage);
  } catch (const LabUsageError& error) {
    return fail(error.what(), kExitUsage);
  } catch (const std::exception& error) {  // LabFailure, NetworkError, and what nobody expects
    return fail(error.what(), kExitFailure);
  }
}

}  // namespace hss::lab
