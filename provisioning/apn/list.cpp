// hssctl apn list.
// SPDX-License-Identifier: MIT

#include "provisioning/apn/apn_fields.h"
#include "provisioning/apn/apn_json.h"
#include "provisioning/command_line.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::apn {
namespace {

void print(const db::Administration::NamedApn& apn, std::ostream& out) {
  const ApnConfiguration& configuration = apn.configuration;
  out << printable(apn.name) << '\t' << configuration.context_identifier << '\t' << printable(configuration.name)
      << '\t' << name_of(configuration.pdn_type) << '\t' << configuration.qci << '\t' << configuration.priority.level
      << '\t' << (configuration.ambr ? ambr_text(*configuration.ambr) : "-") << '\t'
      << (configuration.gateway.empty() ? "-" : gateway_text(configuration.gateway)) << '\n';
}

void run_list(Command& command) {
  Store store(command.directory);
  std::vector<db::Administration::NamedApn> apns;
  store.database().read([&] { apns = store.administration().apns(); });
  for (const auto& apn : apns) {
    if (command.json) {
      command.out << compact(apn_to_json(apn)) << '\n';
    } else {
      print(apn, command.out);
    }
  }
}

}  // namespace

void add_list(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("list", "list the APN templates");
  app->footer(
      "Columns, separated by tabs: name, Context-Identifier, APN, PDN type, QCI, priority, AMBR, PDN gateway; with\n"
      "--json each line is an object.\n"
      "Example:\n  hssctl -C ./hss apn list");
  app->action([&command] { run_list(command); });
}

}  // namespace hss::provisioning::apn
