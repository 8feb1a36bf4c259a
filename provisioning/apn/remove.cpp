// hssctl apn remove.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::apn {
namespace {

void run_remove(const std::string& name, Command& command) {
  Store store(command.directory);
  // Without it, a subscriber could not be added any more unless its APNs are given.
  if (std::ranges::find(store.settings().default_apns, name) != store.settings().default_apns.end()) {
    throw Failure(printable(name) + ": new subscribers get it: take it out of provisioning.default_apns in hss.toml");
  }
  bool removed = false;
  store.database().write([&] { removed = store.administration().remove_apn(name); });
  if (!removed) throw Failure(printable(name) + ": no such APN template: see 'hssctl apn list'");
  if (command.json) {
    command.out << compact({{"removed", name}}) << '\n';
  } else {
    command.out << "removed " << printable(name) << '\n';
  }
}

}  // namespace

void add_remove(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("remove", "remove an APN template that no subscriber has");
  const auto name = std::make_shared<std::string>();
  app->add_option("NAME", *name, "as 'apn list' shows it")->required()->type_name("");
  app->footer("Example:\n  hssctl -C ./hss apn remove internet");
  app->action([name, &command] { run_remove(*name, command); });
}

}  // namespace hss::provisioning::apn
