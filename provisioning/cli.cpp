// The tree of commands, and the one place where errors become lines and exit codes.
// SPDX-License-Identifier: MIT
#include "provisioning/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

CLI::App* add_group(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* group = app.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

void build(CLI::App& app, Command& command) {
  app.set_version_flag("--version", std::string("hssctl ") + MINIHSS_VERSION, "print the version");
  app.set_help_flag("-h,--help", "print this help");
  app.fallthrough();
  app.require_subcommand(1);
  app.add_option("-C,--directory", command.directory, "directory of the server, as made by 'hssctl init'")
      ->type_name("DIR")
      ->envname("HSS_DIR");
  app.add_flag("--json", command.json, "print the result as JSON");
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong command line. Errors are lines on standard error.\n"
      "Example:\n"
      "  hssctl init ./hss\n"
      "  hssctl -C ./hss subscriber list");

  add_init(app, command);
  CLI::App* subscriber = add_group(app, "subscriber", "one subscriber: add, show, list, set, remove");
  subscriber->footer("Example:\n  hssctl -C ./hss subscriber show 001010000000001");
  subscriber::add_add(*subscriber, command);
  subscriber::add_show(*subscriber, command);
  subscriber::add_list(*subscriber, command);
  subscriber::add_set(*subscriber, command);
  subscriber::add_remove(*subscriber, command);
  CLI::App* psi = add_group(app, "psi", "public service identities: add, list, set, remove");
  psi->footer("Example:\n  hssctl -C ./hss psi add sip:conference@example.org --as sip:as.example.org");
  psi::add_add(*psi, command);
  psi::add_list(*psi, command);
  psi::add_set(*psi, command);
  psi::add_remove(*psi, command);
  CLI::App* profile = add_group(app, "profile", "service profiles: set, list, show, preview, template, remove");
  profile->footer("Example:\n  hssctl -C ./hss profile set sms sms.xml");
  profile::add_set(*profile, command);
  profile::add_list(*profile, command);
  profile::add_show(*profile, command);
  profile::add_preview(*profile, command);
  profile::add_template(*profile, command);
  profile::add_remove(*profile, command);
  CLI::App* shared = add_group(app, "shared-ifc", "shared initial filter criteria: set, list, show, remove");
  shared->footer("Example:\n  hssctl -C ./hss shared-ifc set voicemail voicemail.xml --id 7");
  shared_ifc::add_set(*shared, command);
  shared_ifc::add_list(*shared, command);
  shared_ifc::add_show(*shared, command);
  shared_ifc::add_remove(*shared, command);
  CLI::App* apn =
      add_group(app, "apn", "APNs for access over Wi-Fi and other non-3GPP networks: set, list, show, remove");
  apn->footer("Example:\n  hssctl -C ./hss apn set internet --ambr 50M:150M");
  apn::add_set(*apn, command);
  apn::add_list(*apn, command);
  apn::add_show(*apn, command);
  apn::add_remove(*apn, command);
  add_deregister(app, command);
  CLI::App* push = add_group(app, "push", "requests to S-CSCFs and 3GPP AAA servers: send, list, show");
  push->footer("Example:\n  hssctl -C ./hss push list --waiting");
  push::add_send(*push, command);
  push::add_list(*push, command);
  push::add_show(*push, command);
  add_explain(app, command);
  CLI::App* aka = add_group(app, "aka", "AKA offline: vector, challenge, auts; finds out which key is wrong");
  aka->footer("Example:\n  hssctl aka auts --keys-file card.keys --rand HEX --auts HEX");
  aka::add_vector(*aka, command);
  aka::add_challenge(*aka, command);
  aka::add_auts(*aka, command);
  add_import(app, command);
  add_export(app, command);
  add_completion(app, command);
  add_man(app, command);
}

/// "subscriber add" of the deepest command that was reached.
std::string reached(const CLI::App& app) {
  std::string path;
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    path += (path.empty() ? "" : " ") + at->get_name();
  }
  return path;
}

/// CLI11 quotes what it could not place, and that may be a key: only names of options are repeated.
std::string usage_message(const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&error);
  if (extras == nullptr) {
    const std::string text = one_line(error.what());
    // A value that is refused is quoted too. Every argument that could be a key is long.
    const bool quotes = std::ranges::any_of(arguments, [&](const std::string& argument) {
      const std::string value = argument.substr(argument.find('=') == std::string::npos ? 0 : argument.find('=') + 1);
      return value.size() >= 16 && text.find(value) != std::string::npos;
    });
    if (quotes) return "an argument has a wrong value";
    return text == "A subcommand is required" ? "no command, or none of that name" : text;
  }
  const std::string text = error.what();
  for (const std::string& argument : arguments) {
    if (argument.size() > 1 && argument.front() == '-' && text.find(argument) != std::string::npos) {
      return "unknown option " + printable(argument.substr(0, argument.find('=')));
    }
  }
  return "there is an argument too many, or an unknown command";
}

}  // namespace

int run(const std::vector<std::string>& arguments, Command command) {
  CLI::App app{"hssctl provisions the HSS: subscribers, service profiles, APNs, configuration.", "hssctl"};
  build(app, command);
  const auto fail = [&](const std::string& message, int code) {
    command.err << "hssctl: " << one_line(message) << '\n';
    return code;
  };
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
    command.out.flush();
    if (!command.out) return fail("standard output: cannot be written: see whether its disk is full", kExitFailure);
    return kExitSuccess;
  } catch (const CLI::Success& wanted) {  // --help, --version
    app.exit(wanted, command.out, command.err);
    return kExitSuccess;
  } catch (const CLI::ParseError& error) {
    const std::string path = reached(app);
    return fail((path.empty() ? "" : path + ": ") + usage_message(error, arguments) + ": see 'hssctl " +
                    (path.empty() ? "" : path + " ") + "--help'",
                kExitUsage);
  } catch (const UsageError& error) {
    return fail(reached(app) + ": " + error.what(), kExitUsage);
  } catch (const std::exception& error) {
    const std::string path = reached(app);
    return fail((path.empty() ? "" : path + ": ") + error.what(), kExitFailure);
  }
}

}  // namespace hss::provisioning
