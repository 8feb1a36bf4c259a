// hssctl push list: requests to S-CSCFs and 3GPP AAA servers, newest first.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/push/text.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::push {
namespace {

constexpr std::size_t kAll = 1000000;

struct Options {
  std::string identity;
  bool waiting = false;
  std::size_t limit = 50;
};

bool names(const Push& push, const std::string& identity) {
  return push.private_identity == identity ||
         std::ranges::find(push.public_identities, identity) != push.public_identities.end();
}

/// Pushes of a subscriber; of one that was removed, those that name the identity.
std::vector<Push> find_pushes(Store& store, const Options& options) {
  db::Administration& administration = store.administration();
  const std::size_t limit = options.limit == 0 ? kAll : options.limit;
  if (options.identity.empty()) return administration.pushes(std::nullopt, options.waiting, limit);
  if (const auto id = store.find(options.identity)) return administration.pushes(*id, options.waiting, limit);
  std::vector<Push> pushes = administration.pushes(std::nullopt, options.waiting, kAll);
  const std::string wanted = lookup_form(options.identity);
  std::erase_if(pushes, [&](const Push& push) { return !names(push, wanted); });
  if (pushes.empty()) store.require(options.identity);
  if (pushes.size() > limit) pushes.resize(limit);
  return pushes;
}

void print(const Push& push, std::ostream& out) {
  const std::string next = push.status == PushStatus::kWaiting ? subscriber::utc(push.next_attempt) : "-";
  out << push.id << '\t' << subscriber::utc(push.created) << '\t' << what_of(push) << '\t'
      << printable(push.server.diameter_host) << '\t' << printable(push.private_identity) << '\t'
      << (push.public_identities.empty() ? "-" : printable(join(push.public_identities, ","))) << '\t' << push.attempts
      << '\t' << next << '\t' << name_of(push.status) << '\t' << result_of(push) << '\t'
      << (push.outcome.empty() ? "-" : one_line(push.outcome)) << '\n';
}

void run_list(const Options& options, Command& command) {
  Store store(command.directory);
  std::vector<Push> pushes;
  store.database().read([&] { pushes = find_pushes(store, options); });
  for (const Push& push : pushes) {
    if (command.json) {
      command.out << compact(to_json(push)) << '\n';
    } else {
      print(push, command.out);
    }
  }
}

}  // namespace

void add_list(cli::App& parent, Command& command) {
  cli::App* app =
      parent.add_verb("list", "list requests to S-CSCFs and 3GPP AAA servers and what came of them, newest first");
  const auto options = std::make_shared<Options>();
  app->add_option("ID", options->identity, "only those of this subscriber: IMSI, MSISDN, IMPI or IMPU")->type_name("");
  app->add_flag("--waiting", options->waiting, "only those that wait for an answer");
  app->add_option("--limit", options->limit, "print so many at the most; 0: all")->type_name("N")->show_default();
  app->footer(
      "Columns, separated by tabs: number, written at, what, Diameter host, IMPI (SWx: IMSI), IMPUs, attempts, next\n"
      "attempt, status, result, outcome (of SWx with what the 3GPP AAA server reported); with --json each line is an\n"
      "object. An outcome is kept for push.keep_days of hss.toml.\n"
      "Example:\n  hssctl -C ./hss push list --waiting");
  app->action([options, &command] { run_list(*options, command); });
}

}  // namespace hss::provisioning::push
