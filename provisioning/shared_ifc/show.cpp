// hssctl shared-ifc show.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::shared_ifc {

void add_show(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("show", "print the XML of a shared set");
  const auto name = std::make_shared<std::string>();
  app->add_option("NAME", *name, "its name")->required()->type_name("");
  app->footer("Example:\n  hssctl -C ./hss shared-ifc show voicemail > voicemail.xml");
  app->action([name, &command] {
    Store store(command.directory);
    std::optional<db::Administration::SharedIfcText> set;
    store.database().read([&] { set = store.administration().shared_ifc_set(*name); });
    if (!set) throw Failure(printable(*name) + ": no such shared set: see 'hssctl shared-ifc list'");
    if (command.json) {
      command.out << compact({{"id", set->id}, {"name", set->name}, {"xml", set->xml}}) << '\n';
    } else {
      command.out << set->xml << (set->xml.empty() || set->xml.ends_with('\n') ? "" : "\n");
    }
  });
}

}  // namespace hss::provisioning::shared_ifc
