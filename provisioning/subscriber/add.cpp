// hssctl subscriber add.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <memory>

#include "provisioning/store.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/subscription_json.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {
namespace {

struct Options {
  SubscriberFields fields;
  std::string keys_file;
};

void run_add(Options& options, Command& command) {
  Store store(command.directory);
  read_keys_file(options.keys_file, command.in, options.fields);
  const auto made = make_draft(options.fields, store.settings(), FieldNames::kOptions);
  if (const auto* problems = std::get_if<FieldProblems>(&made)) throw refusal(*problems);
  const auto& draft = std::get<db::SubscriptionDraft>(made);
  try {
    store.database().write([&] { store.administration().add(draft); });
  } catch (const db::UnknownProfile& error) {
    throw Failure(one_line(error.what()));
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

void add_add(CLI::App& parent, Command& command) {
  CLI::App* app = parent.add_subcommand("add", "add a subscriber");
  const auto options = std::make_shared<Options>();
  declare_options(*app, options->fields, options->keys_file);
  app->footer(
      "Example:\n"
      "  printf 'k=%s\\nopc=%s\\n' $K $OPC |\n"
      "    hssctl -C ./hss subscriber add --imsi 001010000000001 --msisdn 491510000001 --keys-file -");
  app->final_callback([options, &command] { run_add(*options, command); });
}

}  // namespace hss::provisioning::subscriber
