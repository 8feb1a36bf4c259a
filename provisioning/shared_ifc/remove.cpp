// hssctl shared-ifc remove.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::shared_ifc {

void add_remove(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("remove", "remove a shared set that no service profile uses");
  const auto name = std::make_shared<std::string>();
  app->add_option("NAME", *name, "its name")->required()->type_name("");
  app->footer("Example:\n  hssctl -C ./hss shared-ifc remove voicemail");
  app->action([name, &command] {
    Store store(command.directory);
    bool removed = false;
    store.database().write([&] { removed = store.administration().remove_shared_ifc_set(*name); });
    if (!removed) throw Failure(printable(*name) + ": no such shared set: see 'hssctl shared-ifc list'");
    if (command.json) {
      command.out << compact({{"removed", *name}}) << '\n';
    } else {
      command.out << "removed " << printable(*name) << '\n';
    }
  });
}

}  // namespace hss::provisioning::shared_ifc
