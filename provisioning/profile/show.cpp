// hssctl profile show.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::profile {

void add_show(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("show", "print the XML of a service profile");
  const auto name = std::make_shared<std::string>();
  app->add_option("NAME", *name, "its name")->required()->type_name("");
  app->footer("Example:\n  hssctl -C ./hss profile show sms > sms.xml");
  app->action([name, &command] {
    Store store(command.directory);
    std::optional<std::string> xml;
    store.database().read([&] { xml = store.administration().profile(*name); });
    if (!xml) throw Failure(printable(*name) + ": no such service profile: see 'hssctl profile list'");
    if (command.json) {
      command.out << compact({{"name", *name}, {"xml", *xml}}) << '\n';
    } else {
      command.out << *xml << (xml->empty() || xml->ends_with('\n') ? "" : "\n");
    }
  });
}

}  // namespace hss::provisioning::profile
