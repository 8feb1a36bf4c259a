// Private and public identities as JSON: parts of the subscription that export writes and import reads again.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "db/administration.h"
#include "provisioning/checks.h"
#include "provisioning/json.h"
#include "provisioning/json_object.h"

namespace hss::provisioning {

/// "DISTINCT_PSI" and the like, as JSON has it.
std::string_view name_of(IdentityType type);

/// With `with_keys`, HA1 is written.
Json private_to_json(const db::PrivateIdentityDraft& identity, bool with_keys);
Json public_to_json(const db::PublicIdentityDraft& identity);

/// Reads an element of private_identities; `key_sets` is how many there are. `without_ha1`: there is a realm and no
/// HA1.
db::PrivateIdentityDraft read_private(const Json& value, const std::string& path, Checker& check, std::size_t key_sets,
                                      bool& without_ha1);
/// Reads an element of public_identities.
db::PublicIdentityDraft read_public(const Json& value, const std::string& path, Checker& check);

/// Adds problems of fields that were read by their columns' names, named by the path of the object.
void name_by_path(const FieldProblems& found, const JsonObject& object, Checker& check);

}  // namespace hss::provisioning
