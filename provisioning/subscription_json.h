// A subscription as JSON, whole: what export writes and import reads again.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "db/administration.h"
#include "provisioning/checks.h"
#include "provisioning/identity_json.h"
#include "provisioning/json.h"

namespace hss::provisioning {

/// With `with_keys`, K, OPc, TOPc and HA1 are written in hexadecimal. Members at their defaults are left out where that
/// says the same.
Json to_json(const db::SubscriptionDraft& draft, bool with_keys);

/// What was read of one object.
struct JsonSubscription {
  db::SubscriptionDraft draft;
  std::vector<bool> without_keys;  // per key set: neither K nor OPc are there, the stored ones are meant
  std::vector<bool> without_ha1;   // per private identity: there is a realm and no HA1, the stored one is meant
  bool says_non_3gpp = false;      // there is a member non_3gpp, be it null
};

/// Reads what to_json writes, and `op` for `opc`, `top` for `topc`, `password` for `ha1`. Access over non-3GPP networks
/// is the object's own, without APNs when it names none. Unknown members are refused. Problems are named by their path,
/// e.g. "public_identities[1].impu", and never repeat a value.
std::variant<JsonSubscription, FieldProblems> subscription_from_json(const Json& object);

/// Implicit sets numbered from 0 in the order of their first member, the associations likewise.
void number_implicit_sets(db::SubscriptionDraft& draft);

}  // namespace hss::provisioning
