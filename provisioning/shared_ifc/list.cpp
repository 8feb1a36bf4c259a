// hssctl shared-ifc list.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::shared_ifc {

void add_list(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("list", "list the shared sets of initial filter criteria, by number");
  app->footer("Example:\n  hssctl -C ./hss shared-ifc list");
  app->action([&command] {
    Store store(command.directory);
    std::vector<db::Administration::SharedIfcText> sets;
    store.database().read([&] { sets = store.administration().shared_ifc_sets(); });
    std::ranges::sort(sets, {}, &db::Administration::SharedIfcText::id);
    if (command.json) {
      Json all = Json::array();
      for (const auto& set : sets) all.push_back({{"id", set.id}, {"name", set.name}});
      command.out << compact(all) << '\n';
      return;
    }
    for (const auto& set : sets) command.out << set.id << '\t' << printable(set.name) << '\n';
  });
}

}  // namespace hss::provisioning::shared_ifc
