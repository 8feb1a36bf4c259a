// PDN connections of a user as a 3GPP AAA server reports them (SAR PGW_UPDATE, RESTORATION), brought to the APNs that
// are subscribed.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hss/non_3gpp.h"
#include "hss/swx/server_assignment.h"

namespace hss::swx {

/// Connections that are kept of one user: as many as a UE can have bearers (EPS bearer identity, TS 24.007
/// 11.2.3.1.5). A wildcard APN lets an AAA server name any number of APNs.
inline constexpr std::size_t kMostConnections = 15;

/// The APN that a name (canonical_apn) belongs to: its own, else the wildcard's; null when there is neither.
const SubscribedApn* subscribed_apn(const Non3gppSubscription& subscription, std::string_view name);

ActiveApn connection_of(const ReportedApn& reported, std::string name, const SubscribedApn& apn);

/// Stores a connection in place of the one to the same APN; without a gateway, that one is forgotten. When there are
/// too many, another one is forgotten. They are kept sorted by name. What was done, in words.
std::string store_connection(std::vector<ActiveApn>& connections, ActiveApn connection);

/// The connections that Active-APNs tell of. One without Service-Selection is of the APN that Context-Identifier says.
struct Restored {
  std::vector<ActiveApn> connections;
  std::string remark;  // which were left out, and why; empty: none
};
Restored connections_of(const std::vector<ReportedApn>& reported, const Non3gppSubscription& subscription);

}  // namespace hss::swx
