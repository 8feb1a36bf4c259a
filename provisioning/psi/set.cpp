// hssctl psi set: changes what the options name; the S-CSCF is told.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "provisioning/announce.h"
#include "provisioning/command_line.h"
#include "provisioning/psi/draft.h"
#include "provisioning/push/wait.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/subscription_json.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::psi {
namespace {

struct Options {
  std::string uri;
  PsiFields fields;
  std::vector<std::string> clear;
  push::Wait wait;
};

void run_set(const Options& options, Command& command) {
  push::seconds_of(options.wait);
  Store store(command.directory);
  db::SubscriptionDraft draft;
  std::vector<PushId> pushes;
  store.database().write([&] {
    const SubscriptionId id = store.require(options.uri);
    const auto stored = store.administration().read(id, true);
    if (!stored) throw Failure(printable(options.uri) + ": has gone just now: see 'psi list'");
    draft = stored->draft;
    db::PublicIdentityDraft* psi = find_psi(draft, lookup_form(options.uri));
    if (psi == nullptr) throw Failure(printable(options.uri) + ": is no public service identity: see 'psi list'");
    const auto cleared = [&](const char* name) {
      return std::ranges::find(options.clear, name) != options.clear.end();
    };
    if (cleared("as")) psi->application_server.clear();
    if (cleared("scscf")) draft.capabilities.server_names.clear();
    FieldProblems problems;
    Checker check(problems);
    apply(options.fields, check, draft, *psi);
    if (!problems.empty()) throw subscriber::refusal(problems);
    try {
      pushes = replace_and_announce(store, id, stored->draft, draft);
    } catch (const db::UnknownProfile& error) {
      throw Failure(one_line(error.what()));
    }
  });
  Json json = Json::object();
  if (command.json) {
    json = to_json(draft, false);
  } else {
    command.out << "changed " << printable(lookup_form(options.uri)) << '\n';
  }
  push::report(store, pushes, options.wait, std::move(json), command);
}

}  // namespace

void add_set(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("set", "change a public service identity; what no option names stays as it is");
  const auto options = std::make_shared<Options>();
  app->add_option("URI", options->uri, "as 'psi list' shows it")->required()->type_name("");
  declare_options(*app, options->fields);
  app->add_option("--clear", options->clear, "empty this, may be repeated")
      ->one_value_each()
      ->one_of({"as", "scscf"})
      ->type_name("NAME");
  push::declare_wait(*app, options->wait);
  app->footer("Example:\n  hssctl -C ./hss psi set sip:conference@example.org --inactive");
  app->action([options, &command] { run_set(*options, command); });
}

}  // namespace hss::provisioning::psi
