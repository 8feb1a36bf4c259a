// hssctl apn show.
// SPDX-License-Identifier: MIT
#include <memory>

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
  const AllocationRetentionPriority& priority = configuration.priority;
  out << "Name       " << printable(apn.name) << "\nAPN        " << printable(configuration.name)
      << (configuration.name == "*" ? " (any)" : "") << ", Context-Identifier " << configuration.context_identifier
      << "\nPDN type   " << name_of(configuration.pdn_type) << "\nQCI        " << configuration.qci << "\nPriority   "
      << priority.level << ", " << (priority.may_pre_empt ? "may" : "may not") << " pre-empt, "
      << (priority.may_be_pre_empted ? "may" : "may not") << " be pre-empted\n";
  if (configuration.ambr) out << "AMBR       " << ambr_text(*configuration.ambr) << " bit/s (uplink:downlink)\n";
  if (!configuration.charging_characteristics.empty()) {
    out << "Charging   " << printable(configuration.charging_characteristics) << '\n';
  }
  if (configuration.vplmn_dynamic_address_allowed) {
    out << "VPLMN      dynamic addresses " << (*configuration.vplmn_dynamic_address_allowed ? "" : "not ")
        << "allowed\n";
  }
  if (!configuration.gateway.empty()) out << "Gateway    " << gateway_text(configuration.gateway) << '\n';
}

void run_show(const std::string& name, Command& command) {
  Store store(command.directory);
  std::optional<ApnConfiguration> configuration;
  store.database().read([&] { configuration = store.administration().apn(name); });
  if (!configuration) throw Failure(printable(name) + ": no such APN template: see 'hssctl apn list'");
  const db::Administration::NamedApn apn{name, *configuration};
  if (command.json) {
    command.out << pretty(apn_to_json(apn)) << '\n';
  } else {
    print(apn, command.out);
  }
}

}  // namespace

void add_show(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("show", "show an APN template");
  const auto name = std::make_shared<std::string>();
  app->add_option("NAME", *name, "as 'apn list' shows it")->required()->type_name("");
  app->footer("Example:\n  hssctl -C ./hss apn show ims");
  app->action([name, &command] { run_show(*name, command); });
}

}  // namespace hss::provisioning::apn
