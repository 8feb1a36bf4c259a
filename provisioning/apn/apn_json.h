// An APN template as JSON: what `hssctl apn --json` prints, and what files of `hssctl export` and `import` hold.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "db/administration.h"
#include "provisioning/checks.h"
#include "provisioning/json.h"
#include "provisioning/json_object.h"

namespace hss::provisioning {

/// {"name", "context_identifier", "apn", "pdn_type", "qci", "priority_level", "may_pre_empt", "may_be_pre_empted"},
/// and when they are there "vplmn_dynamic_address", "ambr", "charging_characteristics", "gateway": {"addresses",
/// "host", "realm"}.
Json apn_to_json(const db::Administration::NamedApn& apn);
/// Strict. The name and the Context-Identifier are required, "apn" left out is the name, and the rest as in
/// ApnConfiguration. Mistakes become problems named by `path`.
db::Administration::NamedApn read_apn(const Json& value, const std::string& path, Checker& check);

/// {"uplink", "downlink"} in bit/s.
Json ambr_to_json(const Ambr& ambr);
/// A member of that form, nullopt when it is absent or, with a problem, wrong.
std::optional<Ambr> read_ambr(JsonObject& object, std::string_view member, Checker& check);

}  // namespace hss::provisioning
