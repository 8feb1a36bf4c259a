// Access over non-3GPP networks (TS 29.273 8.2.3.1) as a person writes it, on the command line or in a line of CSV.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/administration.h"
#include "hss/settings.h"
#include "provisioning/checks.h"

namespace hss::provisioning {

/// Texts as they were typed; empty means left out.
struct Non3gppFields {
  std::string non_3gpp;                        // allowed, barred, or none: no access at all; left out: allowed
  std::vector<std::string> apns;               // templates, the default one first; left out: those of hss.toml
  std::vector<std::string> static_addresses;   // APN=ADDRESS, the template's name and parse_static_address
  std::string non_3gpp_apns;                   // enabled or disabled; left out: enabled
  std::vector<std::string> forbidden_rats;     // as parse_rat_type reads
  std::vector<std::string> non_3gpp_networks;  // where it may roam; left out: everywhere
  std::string session_timeout;                 // seconds
  std::string ue_ambr;                         // uplink:downlink, as read_ambr reads
  std::string charging_characteristics;        // four hexadecimal digits

  /// The columns that say something.
  [[nodiscard]] std::vector<std::string_view> given() const;
};

/// The key set that the IMSI authenticates with: the one named, else that of the first private identity that has one.
std::optional<std::size_t> usim_of(const db::SubscriptionDraft& draft);

/// What a subscriber has of whom nothing is said: access to provisioning.default_apns when it can authenticate, by an
/// IMSI and an AKA key set.
std::optional<db::Non3gppDraft> default_non_3gpp(const db::SubscriptionDraft& draft, const Settings& settings);
/// Access to provisioning.default_apns, for whoever is to have it.
db::Non3gppDraft access_to_default_apns(const Settings& settings);

/// Changes `draft.non_3gpp` to what the fields say; `cleared` names options whose list or value is emptied, without
/// "--". An APN that stays keeps its addresses unless static_addresses are given. What is wrong is added to `check`'s
/// problems.
void read_non_3gpp(const Non3gppFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                   const Settings& settings, Checker& check, db::SubscriptionDraft& draft);

/// The fields of which a new subscriber gets what `draft` has; all are empty when it has what it gets by itself.
Non3gppFields non_3gpp_fields_of(const db::SubscriptionDraft& draft, const Settings& settings);

// Values that JSON has too.

/// Gives the APN a static address: an IPv4 address, or an IPv6 prefix of 64 bits (Served-Party-IP-Address). One of each
/// at the most.
void read_static_address(std::string_view field, std::string_view text, Checker& check, db::Non3gppDraft::Apn& apn);
/// "192.0.2.1", "2001:db8:1::/64".
std::vector<std::string> static_address_texts(const db::Non3gppDraft::Apn& apn);
/// A RAT-Type by name or number; `others` has those that were read before.
std::optional<std::uint32_t> read_rat_type(std::string_view field, std::string_view text,
                                           const std::vector<std::uint32_t>& others, Checker& check);
/// A Visited-Network-Identifier in canonical form, likewise.
std::optional<std::string> read_network(std::string_view field, std::string_view text,
                                        const std::vector<std::string>& others, Checker& check);

}  // namespace hss::provisioning
