// How lists, addresses and values that may be absent stand in the columns of several tables.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/sqlite.h"
#include "hss/non_3gpp.h"

namespace hss::db {

/// A name in a message.
inline std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

/// An empty text stands as NULL.
std::optional<std::string> unless_empty(const std::string& text);

/// One a line; StoreFault for a text that holds a line feed, which no canonical form does.
std::string to_lines(const std::vector<std::string>& texts);
std::vector<std::string> from_lines(std::string_view lines);

/// NULL is absent. StoreFault for another length.
template <std::size_t N>
std::optional<Octets<N>> octets_at(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  const BytesView stored = rows.blob(column);
  if (stored.size() != N) throw StoreFault("the database holds an address that is not of " + std::to_string(N));
  Octets<N> octets{};
  std::ranges::copy(stored, octets.begin());
  return octets;
}
template <std::size_t N>
std::optional<BytesView> view_of(const std::optional<Octets<N>>& octets) {
  return octets ? std::optional<BytesView>(*octets) : std::nullopt;
}

/// Two columns, uplink and downlink.
std::optional<Ambr> ambr_at(const Rows& rows, int column);
std::optional<std::uint32_t> uplink_of(const std::optional<Ambr>& ambr);
std::optional<std::uint32_t> downlink_of(const std::optional<Ambr>& ambr);

/// Four columns: gateway_ipv4, gateway_ipv6, gateway_host, gateway_realm.
PdnGateway gateway_at(const Rows& rows, int column);

/// The columns of an APN template `a` that make an ApnConfiguration, and how many they are.
inline constexpr std::string_view kApnColumns =
    "a.context_identifier, a.network_identifier, a.pdn_type, a.qci, a.priority_level, a.may_pre_empt,"
    " a.may_be_pre_empted, a.vplmn_dynamic_address, a.ambr_uplink, a.ambr_downlink, a.charging_characteristics,"
    " a.gateway_ipv4, a.gateway_ipv6, a.gateway_host, a.gateway_realm";
inline constexpr int kApnColumnCount = 15;
ApnConfiguration apn_at(const Rows& rows, int column);

}  // namespace hss::db
