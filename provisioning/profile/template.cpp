// hssctl profile template: the ready profiles, as XML to start from.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/profile/templates.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::profile {
namespace {

struct Options {
  std::vector<std::string> names;
  std::vector<std::string> servers;
};

void list_templates(Command& command) {
  if (command.json) {
    Json all = Json::array();
    for (const Template& each : templates()) all.push_back({{"name", each.name}, {"description", each.what}});
    command.out << compact(all) << '\n';
    return;
  }
  for (const Template& each : templates()) command.out << each.name << '\t' << each.what << '\n';
}

void run_template(const Options& options, Command& command) {
  if (options.names.empty() && options.servers.empty()) {
    list_templates(command);
    return;
  }
  const std::string xml = from_templates(options.names, options.servers);
  if (command.json) {
    command.out << compact({{"templates", options.names}, {"xml", xml}}) << '\n';
  } else {
    command.out << xml;
  }
}

}  // namespace

void add_template(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("template", "print a ready service profile; without a name, list them");
  const auto options = std::make_shared<Options>();
  app->add_option("NAME", options->names, "volte, sms-over-ip; several become one profile")->type_name("");
  app->add_option("--as", options->servers, "SIP URI of its application server; once for each name, in their order")
      ->type_name("URI")
      ->one_value_each();
  app->footer("Example:\n  hssctl profile template volte --as sip:tas.example.org:5060 > volte.xml");
  app->action([options, &command] { run_template(*options, command); });
}

}  // namespace hss::provisioning::profile
