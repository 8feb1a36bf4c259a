// The verbs of hssctl. Each adds itself, with its options, its help and its work, to the command above it; a new verb
// is one file and one line here and in cli.cpp.
// SPDX-License-Identifier: MIT
#pragma once

#include "provisioning/command.h"

namespace hss::provisioning {

void add_init(cli::App& parent, Command& command);
void add_deregister(cli::App& parent, Command& command);
void add_explain(cli::App& parent, Command& command);
void add_import(cli::App& parent, Command& command);
void add_export(cli::App& parent, Command& command);
void add_backup(cli::App& parent, Command& command);
void add_check(cli::App& parent, Command& command);
void add_restore(cli::App& parent, Command& command);
void add_reload(cli::App& parent, Command& command);
void add_completion(cli::App& parent, Command& command);
void add_man(cli::App& parent, Command& command);

namespace key {
void add_rotate(cli::App& parent, Command& command);
}  // namespace key

namespace subscriber {
void add_add(cli::App& parent, Command& command);
void add_show(cli::App& parent, Command& command);
void add_list(cli::App& parent, Command& command);
void add_set(cli::App& parent, Command& command);
void add_remove(cli::App& parent, Command& command);
}  // namespace subscriber

namespace psi {
void add_add(cli::App& parent, Command& command);
void add_list(cli::App& parent, Command& command);
void add_set(cli::App& parent, Command& command);
void add_remove(cli::App& parent, Command& command);
}  // namespace psi

namespace apn {
void add_set(cli::App& parent, Command& command);
void add_list(cli::App& parent, Command& command);
void add_show(cli::App& parent, Command& command);
void add_remove(cli::App& parent, Command& command);
}  // namespace apn

namespace aka {
void add_vector(cli::App& parent, Command& command);
void add_challenge(cli::App& parent, Command& command);
void add_auts(cli::App& parent, Command& command);
}  // namespace aka

namespace push {
void add_send(cli::App& parent, Command& command);
void add_list(cli::App& parent, Command& command);
void add_show(cli::App& parent, Command& command);
}  // namespace push

namespace profile {
void add_set(cli::App& parent, Command& command);
void add_list(cli::App& parent, Command& command);
void add_show(cli::App& parent, Command& command);
void add_preview(cli::App& parent, Command& command);
void add_template(cli::App& parent, Command& command);
void add_remove(cli::App& parent, Command& command);
}  // namespace profile

namespace shared_ifc {
void add_set(cli::App& parent, Command& command);
void add_list(cli::App& parent, Command& command);
void add_show(cli::App& parent, Command& command);
void add_remove(cli::App& parent, Command& command);
}  // namespace shared_ifc

}  // namespace hss::provisioning
