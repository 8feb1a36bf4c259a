// hssctl psi list.
// SPDX-License-Identifier: MIT

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/psi/draft.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/subscription_json.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::psi {
namespace {

void print(const db::StoredSubscription& stored, const db::PublicIdentityDraft& psi, Command& command) {
  const std::string& impi = stored.draft.private_identities.front().impi;
  const std::string_view state = subscriber::name_of(subscriber::state_of(stored, impi, psi.implicit_set).status);
  if (command.json) {
    Json json{{"impu", psi.impu}, {"type", name_of(psi.type)}, {"active", psi.psi_active}, {"impi", impi}};
    if (!psi.application_server.empty()) json["application_server"] = psi.application_server;
    json["service_profile"] = psi.service_profile;
    json["state"] = state;
    command.out << compact(json) << '\n';
    return;
  }
  command.out << printable(psi.impu) << '\t' << (psi.psi_active ? "active" : "inactive") << '\t'
              << (psi.application_server.empty() ? "-" : printable(psi.application_server)) << '\t'
              << printable(psi.service_profile) << '\t' << printable(impi) << '\t' << state << '\n';
}

void run_list(Command& command) {
  Store store(command.directory);
  store.database().read([&] {
    for (const SubscriptionId id : store.administration().list_with_services()) {
      const auto stored = store.administration().read(id, false);
      if (!stored) continue;
      for (const auto& identity : stored->draft.public_identities) {
        if (is_psi(identity)) print(*stored, identity, command);
      }
    }
  });
}

}  // namespace

void add_list(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb(
      "list", "list public service identities: URI, activation, application server, profile, IMPI, state");
  app->footer(
      "Columns are separated by tabs; with --json each line is an object.\nExample:\n  hssctl -C ./hss psi list");
  app->action([&command] { run_list(command); });
}

}  // namespace hss::provisioning::psi
