// The tree of commands, and the one place where errors become lines and exit codes.
// SPDX-License-Identifier: MIT
#include "provisioning/cli.h"

#include <algorithm>
#include <ostream>

#include "provisioning/command_line.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

cli::App* add_group(cli::App& app, const std::string& name, const std::string& description) {
  cli::App* group = app.add_verb(name, description);
  group->require_verb();
  return group;
}

void build(cli::App& app, Command& command) {
  app.set_version(std::string("hssctl ") + MINIHSS_VERSION);
  app.share_options();
  app.require_verb();
  app.add_option("-C,--directory", command.directory, "directory of the server, as made by 'hssctl init'")
      ->type_name("DIR")
      ->environment_variable("HSS_DIR");
  app.add_flag("--json", command.json, "print the result as JSON");
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong command line. Errors are lines on standard error.\n"
      "Example:\n"
      "  hssctl init ./hss\n"
      "  hssctl -C ./hss subscriber list");

  add_init(app, command);
  cli::App* subscriber = add_group(app, "subscriber", "one subscriber: add, show, list, set, remove");
  subscriber->footer("Example:\n  hssctl -C ./hss subscriber show 001010000000001");
  subscriber::add_add(*subscriber, command);
  subscriber::add_show(*subscriber, command);
  subscriber::add_list(*subscriber, command);
  subscriber::add_set(*subscriber, command);
  subscriber::add_remove(*subscriber, command);
  cli::App* psi = add_group(app, "psi", "public service identities: add, list, set, remove");
  psi->footer("Example:\n  hssctl -C ./hss psi add sip:conference@example.org --as sip:as.example.org");
  psi::add_add(*psi, command);
  psi::add_list(*psi, command);
  psi::add_set(*psi, command);
  psi::add_remove(*psi, command);
  cli::App* profile = add_group(app, "profile", "service profiles: set, list, show, preview, template, remove");
  profile->footer("Example:\n  hssctl -C ./hss profile set sms sms.xml");
  profile::add_set(*profile, command);
  profile::add_list(*profile, command);
  profile::add_show(*profile, command);
  profile::add_preview(*profile, command);
  profile::add_template(*profile, command);
  profile::add_remove(*profile, command);
  cli::App* shared = add_group(app, "shared-ifc", "shared initial filter criteria: set, list, show, remove");
  shared->footer("Example:\n  hssctl -C ./hss shared-ifc set voicemail voicemail.xml --id 7");
  shared_ifc::add_set(*shared, command);
  shared_ifc::add_list(*shared, command);
  shared_ifc::add_show(*shared, command);
  shared_ifc::add_remove(*shared, command);
  cli::App* apn =
      add_group(app, "apn", "APNs for access over Wi-Fi and other non-3GPP networks: set, list, show, remove");
  apn->footer("Example:\n  hssctl -C ./hss apn set internet --ambr 50M:150M");
  apn::add_set(*apn, command);
  apn::add_list(*apn, command);
  apn::add_show(*apn, command);
  apn::add_remove(*apn, command);
  add_deregister(app, command);
  cli::App* push = add_group(app, "push", "requests to S-CSCFs and 3GPP AAA servers: send, list, show");
  push->footer("Example:\n  hssctl -C ./hss push list --waiting");
  push::add_send(*push, command);
  push::add_list(*push, command);
  push::add_show(*push, command);
  add_explain(app, command);
  cli::App* aka = add_group(app, "aka", "AKA offline: vector, challenge, auts; finds out which key is wrong");
  aka->footer("Example:\n  hssctl aka auts --keys-file card.keys --rand HEX --auts HEX");
  aka::add_vector(*aka, command);
  aka::add_challenge(*aka, command);
  aka::add_auts(*aka, command);
  add_import(app, command);
  add_export(app, command);
  add_backup(app, command);
  add_check(app, command);
  add_restore(app, command);
  add_reload(app, command);
  cli::App* key = add_group(app, "key", "the master key: rotate");
  key->footer("Example:\n  hssctl -C ./hss key rotate");
  key::add_rotate(*key, command);
  add_completion(app, command);
  add_man(app, command);
}

}  // namespace

int run(const std::vector<std::string>& arguments, Command command) {
  cli::App app("hssctl", "hssctl provisions the HSS: subscribers, service profiles, APNs, configuration.");
  build(app, command);
  const auto fail = [&](const std::string& message, int code) {
    const std::string path = app.reached();
    command.err << "hssctl: " << (path.empty() ? "" : path + ": ") << without_keys(one_line(message)) << '\n';
    return code;
  };
  try {
    app.run(arguments, command.out, command.err);
    command.out.flush();
    if (!command.out) return fail("standard output: cannot be written: see whether its disk is full", kExitFailure);
    return kExitSuccess;
  } catch (const cli::WrongCommandLine& error) {
    const std::string path = app.reached();
    return fail(error.what() + std::string(": see 'hssctl ") + (path.empty() ? "" : path + " ") + "--help'",
                kExitUsage);
  } catch (const UsageError& error) {
    return fail(error.what(), kExitUsage);
  } catch (const std::exception& error) {
    return fail(error.what(), kExitFailure);
  }
}

}  // namespace hss::provisioning
