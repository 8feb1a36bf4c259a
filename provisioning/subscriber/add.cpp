// hssctl subscriber add.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/subscription_json.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {
namespace {

void run_add(Typed& typed, Command& command) {
  Store store(command.directory);
  read_files(typed, command.in);
  const auto made = make_draft(typed.fields, store.settings(), FieldNames::kOptions);
  if (const auto* problems = std::get_if<FieldProblems>(&made)) throw refusal(*problems);
  const auto& draft = std::get<db::SubscriptionDraft>(made);
  try {
    store.database().write([&] { store.administration().add(draft); });
  } catch (const db::UnknownProfile& error) {
    throw Failure(one_line(error.what()));
  } catch (const db::UnknownApn& error) {
    throw unknown_apn(error);
  }
  if (command.json) {
    command.out << compact(to_json(draft, false)) << '\n';
    return;
  }
  command.out << "added " << draft.private_identities.front().impi << '\n';
  for (const auto& identity : draft.public_identities) {
    command.out << "  " << identity.impu << (identity.barred ? " (barred)" : "") << '\n';
  }
}

}  // namespace

void add_add(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("add", "add a subscriber");
  const auto typed = std::make_shared<Typed>();
  declare_options(*app, *typed);
  app->footer(
      "Example:\n"
      "  printf 'k=%s\\nopc=%s\\n' $K $OPC |\n"
      "    hssctl -C ./hss subscriber add --imsi 001010000000001 --msisdn 491510000001 --keys-file -\n"
      "  hssctl -C ./hss subscriber add --impi alice@example.org --impu sip:alice@example.org --sip-password-file pw");
  app->action([typed, &command] { run_add(*typed, command); });
}

}  // namespace hss::provisioning::subscriber
