// hssctl subscriber list.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "hss/ascii.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/non_3gpp.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {
namespace {

constexpr std::size_t kPage = 200;

struct Options {
  std::size_t limit = 50;
  std::string after;
  std::string match;
};

bool matches(const db::SubscriptionDraft& draft, const std::string& wanted) {
  const auto has = [&](const std::string& text) { return ascii::lower(text).find(wanted) != std::string::npos; };
  return wanted.empty() || has(draft.imsi) || std::ranges::any_of(draft.msisdns, has) ||
         std::ranges::any_of(draft.private_identities, has, &db::PrivateIdentityDraft::impi) ||
         std::ranges::any_of(draft.public_identities, has, &db::PublicIdentityDraft::impu);
}

void print(const db::StoredSubscription& stored, Command& command) {
  const auto& draft = stored.draft;
  const std::string impi = draft.private_identities.front().impi;
  const std::string state = overall_state(stored);
  if (command.json) {
    Json json;
    json["imsi"] = draft.imsi;
    json["msisdns"] = draft.msisdns;
    json["impi"] = impi;
    json["state"] = state;
    json["swx_state"] = swx_state(stored);
    command.out << compact(json) << '\n';
    return;
  }
  const auto or_dash = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
  command.out << or_dash(draft.imsi) << '\t' << or_dash(join(draft.msisdns, ",")) << '\t' << printable(impi) << '\t'
              << state << '\t' << (stored.draft.non_3gpp ? swx_state(stored) : "-") << '\n';
}

void run_list(const Options& options, Command& command) {
  Store store(command.directory);
  const std::string wanted = ascii::lower(options.match);
  SubscriptionId after = 0;
  std::size_t printed = 0;
  std::string last;
  bool more = false;
  if (!options.after.empty()) store.database().read([&] { after = store.require(options.after); });
  for (bool again = true; again && !more;) {
    store.database().read([&] {
      const auto page = store.administration().list(after, kPage);
      again = !page.empty();
      for (const SubscriptionId id : page) {
        after = id;
        const auto stored = store.administration().read(id, false);
        if (!stored || !matches(stored->draft, wanted)) continue;
        if (options.limit != 0 && printed == options.limit) {
          more = true;
          return;
        }
        print(*stored, command);
        last = stored->draft.private_identities.front().impi;
        ++printed;
      }
    });
  }
  if (more) command.err << "hssctl: there are more: go on with --after " << printable(last) << '\n';
}

}  // namespace

void add_list(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("list", "list subscribers: IMSI, MSISDNs, first IMPI, state on Cx, state on SWx");
  const auto options = std::make_shared<Options>();
  app->add_option("--limit", options->limit, "print so many at the most; 0: all")->type_name("N")->show_default();
  app->add_option("--after", options->after, "go on behind this subscriber (any identity)")->type_name("ID");
  app->add_option("--match", options->match, "only those with this text in an identity")->type_name("TEXT");
  app->footer(
      "Columns are separated by tabs; with --json each line is an object.\n"
      "Example:\n  hssctl -C ./hss subscriber list --match 4915");
  app->action([options, &command] { run_list(*options, command); });
}

}  // namespace hss::provisioning::subscriber
