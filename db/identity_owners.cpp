// SPDX-License-Identifier: MIT
#include "db/identity_owners.h"

#include <set>

namespace hss::db {

namespace {

void check_unique(std::set<std::string_view>& seen, const std::string& kind, std::string_view identity) {
  if (seen.insert(identity).second) return;
  throw IdentityTaken(kind + " " + std::string(identity) + " is given twice; give it once");
}

constexpr const char* kImsi = "IMSI";
constexpr const char* kMsisdn = "MSISDN";
constexpr const char* kImpi = "private identity";
constexpr const char* kImpu = "public identity";

}  // namespace

void IdentityOwners::check_owner(Statement& owner, SubscriptionId id, const std::string& kind,
                                 std::string_view identity) {
  Rows rows(owner, identity);
  if (!rows.next() || rows.integer(0) == id) return;
  throw IdentityTaken(kind + " " + std::string(identity) +
                      " belongs to another subscription; remove it there, or choose another");
}

void IdentityOwners::check_taken(SubscriptionId id, const SubscriptionDraft& draft) {
  if (!draft.imsi.empty()) check_owner(imsi_, id, kImsi, draft.imsi);
  std::set<std::string_view> seen;
  for (const auto& msisdn : draft.msisdns) {
    check_unique(seen, kMsisdn, msisdn);
    check_owner(msisdn_, id, kMsisdn, msisdn);
  }
  seen.clear();
  for (const auto& identity : draft.private_identities) {
    check_unique(seen, kImpi, identity.impi);
    check_owner(impi_, id, kImpi, identity.impi);
  }
  seen.clear();
  for (const auto& identity : draft.public_identities) {
    check_unique(seen, kImpu, identity.impu);
    check_owner(impu_, id, kImpu, identity.impu);
  }
}

}  // namespace hss::db
