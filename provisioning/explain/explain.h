// The procedures that hssctl explain runs: four of Cx, two of SWx.
// SPDX-License-Identifier: MIT
#pragma once

#include "provisioning/command.h"
#include "provisioning/explain/rehearsal.h"

namespace hss::provisioning::explain {

void add_uar(cli::App& parent, Command& command);
void add_mar(cli::App& parent, Command& command);
void add_sar(cli::App& parent, Command& command);
void add_lir(cli::App& parent, Command& command);
void add_swx_mar(cli::App& parent, Command& command);
void add_swx_sar(cli::App& parent, Command& command);

/// What they have in common: IMPU; --impi; --server-name; --origin-host and --origin-realm.
void declare_public_identity(cli::App& app, std::string& impu);
void declare_private_identity(cli::App& app, Defaults& given);
void declare_server(cli::App& app, Defaults& given);
void declare_origin(cli::App& app, Defaults& given);

}  // namespace hss::provisioning::explain
