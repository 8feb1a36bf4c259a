// hssctl psi remove.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/announce.h"
#include "provisioning/command_line.h"
#include "provisioning/psi/draft.h"
#include "provisioning/push/wait.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::psi {
namespace {

struct Options {
  std::string uri;
  push::Wait wait;
};

void run_remove(const Options& options, Command& command) {
  push::seconds_of(options.wait);
  Store store(command.directory);
  const std::string impu = lookup_form(options.uri);
  std::vector<PushId> pushes;
  store.database().write([&] {
    const SubscriptionId id = store.require(options.uri);
    auto stored = store.administration().read(id, true);
    if (!stored || find_psi(stored->draft, impu) == nullptr) {
      throw Failure(printable(impu) + ": is no public service identity: see 'psi list'");
    }
    db::SubscriptionDraft draft = stored->draft;
    std::erase_if(draft.public_identities, [&](const auto& identity) { return identity.impu == impu; });
    if (draft.public_identities.empty()) {
      pushes = remove_and_announce(store, id);
      return;
    }
    std::erase_if(draft.associations, [&](const auto& pair) {  // of a set that is gone
      return std::ranges::find(draft.public_identities, pair.implicit_set, &db::PublicIdentityDraft::implicit_set) ==
             draft.public_identities.end();
    });
    pushes = replace_and_announce(store, id, stored->draft, draft);
  });
  if (!command.json) command.out << "removed " << printable(impu) << '\n';
  push::report(store, pushes, options.wait, {{"removed", impu}}, command);
}

}  // namespace

void add_remove(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("remove", "remove a public service identity");
  const auto options = std::make_shared<Options>();
  app->add_option("URI", options->uri, "as 'psi list' shows it")->required()->type_name("");
  push::declare_wait(*app, options->wait);
  app->footer("Example:\n  hssctl -C ./hss psi remove sip:conference@example.org");
  app->action([options, &command] { run_remove(*options, command); });
}

}  // namespace hss::provisioning::psi
