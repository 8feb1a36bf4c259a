// hssctl subscriber set: changes what the options name and leaves the rest as it is; the S-CSCF is told.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/announce.h"
#include "provisioning/command_line.h"
#include "provisioning/push/wait.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/change.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/subscription_json.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {
namespace {

struct Options {
  std::string identity;
  Typed typed;
  std::vector<std::string> clear;
  push::Wait wait;
};

void run_set(Options& options, Command& command) {
  push::seconds_of(options.wait);
  Store store(command.directory);
  read_files(options.typed, command.in);
  db::SubscriptionDraft draft;
  std::vector<PushId> pushes;
  const auto write = [&] {
    const SubscriptionId id = store.require(options.identity);
    const auto stored = store.administration().read(id, true);
    if (!stored) throw Failure(printable(options.identity) + ": has gone just now: see 'subscriber list'");
    draft = stored->draft;
    if (const auto problems = change(draft, options.typed.fields, options.clear, store.settings()); !problems.empty()) {
      throw refusal(problems);
    }
    pushes = replace_and_announce(store, id, stored->draft, draft);
  };
  try {
    store.database().write(write);
  } catch (const db::UnknownApn& error) {
    throw unknown_apn(error);
  }
  Json json = Json::object();
  if (command.json) {
    json = to_json(draft, false);
  } else {
    command.out << "changed " << printable(draft.private_identities.front().impi) << '\n';
  }
  push::report(store, pushes, options.wait, std::move(json), command);
}

}  // namespace

void add_set(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("set", "change a subscriber; what no option names stays as it is");
  const auto options = std::make_shared<Options>();
  app->add_option("ID", options->identity, "IMSI, MSISDN, IMPI or IMPU")->required()->type_name("");
  declare_options(*app, options->typed);
  app->add_option("--clear", options->clear, "empty this list or text, may be repeated")
      ->one_value_each()
      ->one_of(std::vector<std::string>(kClearable.begin(), kClearable.end()))
      ->type_name("NAME");
  push::declare_wait(*app, options->wait);
  app->footer(
      "A list that is given replaces the whole list. Identities derived from the MSISDN or the IMSI follow it.\n"
      "When the subscriber is registered and the S-CSCF or the 3GPP AAA server must know, it is told: by a PPR, or by\n"
      "an RTR where a PPR cannot say it.\n"
      "Example:\n"
      "  hssctl -C ./hss subscriber set 001010000000001 --msisdn 491510000002");
  app->action([options, &command] { run_set(*options, command); });
}

}  // namespace hss::provisioning::subscriber
