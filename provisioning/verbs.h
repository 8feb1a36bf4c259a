// The verbs of hssctl. Each adds itself, with its options, its help and its work, to the command above it; a new verb
// is one file and one line here and in cli.cpp.
// SPDX-License-Identifier: MIT
#pragma once

#include "provisioning/command.h"

namespace hss::provisioning {

void add_init(CLI::App& parent, Command& command);
void add_deregister(CLI::App& parent, Command& command);
void add_explain(CLI::App& parent, Command& command);
void add_import(CLI::App& parent, Command& command);
void add_export(CLI::App& parent, Command& command);
void add_completion(CLI::App& parent, Command& command);
void add_man(CLI::App& parent, Command& command);

namespace subscriber {
void add_add(CLI::App& parent, Command& command);
void add_show(CLI::App& parent, Command& command);
void add_list(CLI::App& parent, Command& command);
void add_set(CLI::App& parent, Command& command);
void add_remove(CLI::App& parent, Command& command);
}  // namespace subscriber

namespace psi {
void add_add(CLI::App& parent, Command& command);
void add_list(CLI::App& parent, Command& command);
void add_set(CLI::App& parent, Command& command);
void add_remove(CLI::App& parent, Command& command);
}  // namespace psi

namespace apn {
void add_set(CLI::App& parent, Command& command);
void add_list(CLI::App& parent, Command& command);
void add_show(CLI::App& parent, Command& command);
void add_remove(CLI::App& parent, Command& command);
}  // namespace apn

namespace aka {
void add_vector(CLI::App& parent, Command& command);
void add_challenge(CLI::App& parent, Command& command);
void add_auts(CLI::App& parent, Command& command);
}  // namespace aka

namespace push {
void add_send(CLI::App& parent, Command& command);
void add_list(CLI::App& parent, Command& command);
void add_show(CLI::App& parent, Command& command);
}  // namespace push

namespace profile {
void add_set(CLI::App& parent, Command& command);
void add_list(CLI::App& parent, Command& command);
void add_show(CLI::App& parent, Command& command);
void add_preview(CLI::App& parent, Command& command);
void add_template(CLI::App& parent, Command& command);
void add_remove(CLI::App& parent, Command& command);
}  // namespace profile

namespace shared_ifc {
void add_set(CLI::App& parent, Command& command);
void add_list(CLI::App& parent, Command& command);
void add_show(CLI::App& parent, Command& command);
void add_remove(CLI::App& parent, Command& command);
}  // namespace shared_ifc

}  // namespace hss::provisioning
