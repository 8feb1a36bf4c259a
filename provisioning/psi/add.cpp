// hssctl psi add.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/psi/draft.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/subscription_json.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::psi {
namespace {

struct Options {
  std::string uri;
  PsiFields fields;
};

db::SubscriptionDraft make(const Options& options, const Settings& settings) {
  FieldProblems problems;
  Checker check(problems);
  db::SubscriptionDraft draft;
  const auto name = check.public_name("URI", options.uri);
  if (!name) throw subscriber::refusal(problems);
  const auto impi = options.fields.impi.empty() ? derived_private_identity(*name, settings)
                                                : check.impi("--impi", options.fields.impi);
  if (!impi && problems.empty()) check.refuse("--impi", "does not follow from the URI: give it as name@domain");
  db::PublicIdentityDraft psi{.impu = name->impu,
                              .display_name = {},
                              .type = name->wildcarded ? IdentityType::kWildcardedPsi : IdentityType::kDistinctPsi};
  apply(options.fields, check, draft, psi);
  if (!problems.empty()) throw subscriber::refusal(problems);
  draft.private_identities.push_back({.impi = *impi, .key_set = {}});
  draft.public_identities.push_back(std::move(psi));
  return draft;
}

void run_add(const Options& options, Command& command) {
  Store store(command.directory);
  const db::SubscriptionDraft draft = make(options, store.settings());
  try {
    store.database().write([&] { store.administration().add(draft); });
  } catch (const db::IdentityTaken& error) {
    throw Failure(one_line(error.what()));
  } catch (const db::UnknownProfile& error) {
    throw Failure(one_line(error.what()));
  }
  if (command.json) {
    command.out << compact(to_json(draft, false)) << '\n';
  } else {
    command.out << "added " << printable(draft.public_identities.front().impu) << ", "
                << name_of(draft.public_identities.front().type) << ", private identity "
                << printable(draft.private_identities.front().impi) << '\n';
  }
}

}  // namespace

void add_add(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("add", "add a public service identity, distinct or wildcarded");
  const auto options = std::make_shared<Options>();
  app->add_option("URI", options->uri,
                  "sip: or tel: URI; with one extended regular expression between two '!' a wildcarded PSI")
      ->required()
      ->type_name("");
  app->add_option("--impi", options->fields.impi, "private service identity; left out: user@host of the URI")
      ->type_name("IMPI");
  declare_options(*app, options->fields);
  app->footer(
      "Example:\n"
      "  hssctl -C ./hss psi add sip:conference@example.org --as sip:as.example.org\n"
      "  hssctl -C ./hss psi add 'sip:chat-!.*!@example.org' --profile chat");
  app->action([options, &command] { run_add(*options, command); });
}

}  // namespace hss::provisioning::psi
