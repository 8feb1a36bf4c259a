// hssctl profile list.
// SPDX-License-Identifier: MIT

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::profile {

void add_list(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("list", "list the names of the service profiles");
  app->footer("Example:\n  hssctl -C ./hss profile list");
  app->action([&command] {
    Store store(command.directory);
    std::vector<std::string> names;
    store.database().read([&] { names = store.administration().profiles(); });
    if (command.json) {
      command.out << compact(names) << '\n';
      return;
    }
    for (const std::string& name : names) command.out << printable(name) << '\n';
  });
}

}  // namespace hss::provisioning::profile
