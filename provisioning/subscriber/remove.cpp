// hssctl subscriber remove: with everything that it had; its S-CSCF is told.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/announce.h"
#include "provisioning/command_line.h"
#include "provisioning/push/wait.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {
namespace {

struct Options {
  std::string identity;
  push::Wait wait;
};

void run_remove(const Options& options, Command& command) {
  push::seconds_of(options.wait);
  Store store(command.directory);
  std::string impi;
  std::vector<PushId> pushes;
  store.database().write([&] {
    const SubscriptionId id = store.require(options.identity);
    const auto stored = store.administration().read(id, false);
    if (stored) impi = stored->draft.private_identities.front().impi;
    pushes = remove_and_announce(store, id);
  });
  if (!command.json) command.out << "removed " << printable(impi) << '\n';
  push::report(store, pushes, options.wait, {{"removed", impi}}, command);
}

}  // namespace

void add_remove(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("remove", "remove a subscriber with all identities and keys");
  const auto options = std::make_shared<Options>();
  app->add_option("ID", options->identity, "IMSI, MSISDN, IMPI or IMPU")->required()->type_name("");
  push::declare_wait(*app, options->wait);
  app->footer(
      "When it is registered, its S-CSCF is told to drop it (RTR PERMANENT_TERMINATION).\n"
      "Example:\n  hssctl -C ./hss subscriber remove 001010000000001");
  app->action([options, &command] { run_remove(*options, command); });
}

}  // namespace hss::provisioning::subscriber
