// A subscriber as a person writes it, on the command line or in a line of CSV, and what follows from it: identities
// that are left out are derived (TS 23.003 clause 13).
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "db/administration.h"
#include "hss/settings.h"
#include "provisioning/checks.h"
#include "provisioning/credential_fields.h"
#include "provisioning/key_fields.h"
#include "provisioning/non_3gpp_fields.h"
#include "provisioning/text.h"

namespace hss::provisioning {

/// Texts as they were typed; empty means left out.
struct SubscriberFields : KeyFields, CredentialFields, Non3gppFields {
  std::string imsi;
  std::vector<std::string> msisdns;
  std::string impi;                // left out: IMSI@home domain of the IMSI
  std::vector<std::string> impus;  // left out: sip: and tel: of each MSISDN; one with '!' is a wildcarded one
  std::vector<std::string> barred_impus;
  std::string profile;  // left out: default
  std::string display_name;
  std::string alias_group;       // of the public identities that are not barred
  std::string service_priority;  // 0 to 4, likewise
  std::vector<std::string> scscfs;
  std::vector<std::string> capabilities;
  std::vector<std::string> optional_capabilities;
  std::vector<std::string> visited_networks;
  // DiameterURIs; left out: those of hss.toml
  std::string primary_event_charging;
  std::string secondary_event_charging;
  std::string primary_collection_charging;
  std::string secondary_collection_charging;
};

/// The subscription that the fields describe: one private identity with one key set, or without one when it has other
/// credentials, and one implicit set of the public identities. The barred IMPU sip:IMPI of TS 23.003 13.4B is added,
/// after the others, when the IMPI follows from the IMSI; an IMPU of that name is always barred. Access over non-3GPP
/// networks is default_non_3gpp() where the fields say nothing of it. Everything that is wrong is returned, not only
/// the first.
std::variant<db::SubscriptionDraft, FieldProblems> make_draft(const SubscriberFields& fields, const Settings& settings,
                                                              FieldNames names = FieldNames::kColumns);

/// Parts of make_draft that a change of a stored subscriber needs too.
std::string derived_impi(std::string_view imsi, const Settings& settings);
/// sip:+MSISDN@domain and tel:+MSISDN of each; the domain is provisioning.home_domain, else the IMSI's, else the
/// IMPI's.
std::vector<std::string> derived_impus(const std::vector<std::string>& msisdns, std::string_view imsi,
                                       std::string_view impi, const Settings& settings);
/// S-CSCFs, capabilities, networks and charging functions: each that is given, or in `cleared` by its option's name,
/// replaces what `draft` has.
void read_network(const SubscriberFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                  Checker& check, db::SubscriptionDraft& draft);
/// Access over non-3GPP networks, likewise; it needs an IMSI.
void read_access(const SubscriberFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                 const Settings& settings, Checker& check, db::SubscriptionDraft& draft);
/// The type of an identity that a subscriber (not a PSI) has.
IdentityType user_type(const PublicName& name);
/// Alias group and service priority of the public identities that are not barred, likewise.
void read_public_details(const SubscriberFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                         Checker& check, db::SubscriptionDraft& draft);

/// The elements of a list of IMPUs in one field: separated by white space, or by a ';' behind which no URI parameter
/// (name=value) follows.
std::vector<std::string> split_impus(std::string_view text);

}  // namespace hss::provisioning
