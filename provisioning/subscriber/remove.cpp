// hssctl subscriber remove.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <memory>

#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {

void add_remove(CLI::App& parent, Command& command) {
  CLI::App* app = parent.add_subcommand("remove", "remove a subscriber with all identities and keys");
  const auto identity = std::make_shared<std::string>();
  app->add_option("ID", *identity, "IMSI, MSISDN, IMPI or IMPU")->required()->type_name("");
  app->footer("Example:\n  hssctl -C ./hss subscriber remove 001010000000001");
  app->final_callback([identity, &command] {
    Store store(command.directory);
    std::string impi;
    store.database().write([&] {
      const SubscriptionId id = store.require(*identity);
      const auto stored = store.administration().read(id, false);
      if (stored) impi = stored->draft.private_identities.front().impi;
      store.administration().remove(id);
    });
    if (command.json) {
      command.out << compact({{"removed", impi}}) << '\n';
    } else {
      command.out << "removed " << printable(impi) << '\n';
    }
  });
}

}  // namespace hss::provisioning::subscriber
