// hssctl subscriber list.
// SPDX-License-Identifier: MIT
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
constexpr std::size_t kLookedThrough = 5000;  // subscribers in whose identities a text is looked for, on one snapshot

struct Options {
  std::size_t limit = 50;
  std::string after;
  std::string match;
};

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
      auto page = store.administration().list(after, wanted.empty() ? kPage : kLookedThrough);
      again = !page.empty();
      if (!again) return;
      const SubscriptionId end = page.back();
      if (!wanted.empty()) page = store.administration().list_with_text(after, end, wanted);
      after = end;
      for (const SubscriptionId id : page) {
        const auto stored = store.administration().read(id, false);
        if (!stored) continue;
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
