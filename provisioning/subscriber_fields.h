// A subscriber as a person writes it, on the command line or in a line of CSV, and what follows from it: identities
// that are left out are derived (TS 23.003 clause 13), OP becomes OPc.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "db/administration.h"
#include "hss/settings.h"
#include "provisioning/checks.h"
#include "provisioning/text.h"

namespace hss::provisioning {

/// Texts as they were typed; empty means left out.
struct SubscriberFields {
  std::string imsi;
  std::vector<std::string> msisdns;
  std::string impi;                // left out: IMSI@home domain of the IMSI
  std::vector<std::string> impus;  // left out: sip: and tel: of each MSISDN
  std::vector<std::string> barred_impus;
  KeyText k;
  KeyText opc;
  KeyText op;
  std::string amf;       // left out: provisioning.default_amf of hss.toml
  std::string sqn;       // left out: 0
  std::string ind_bits;  // left out: 5
  std::string profile;   // left out: default
  std::string display_name;
  std::vector<std::string> scscfs;
  std::vector<std::string> capabilities;
  std::vector<std::string> optional_capabilities;
  std::vector<std::string> visited_networks;
};

/// How problems call a field: "imsi" in a file, "--imsi" on the command line.
enum class FieldNames { kColumns, kOptions };

/// The subscription that the fields describe: one private identity with one key set, and one implicit set of the public
/// identities. The barred IMPU sip:IMPI of TS 23.003 13.4B is added, after the others, when the IMPI follows from the
/// IMSI; an IMPU of that name is always barred. Everything that is wrong is returned, not only the first.
std::variant<db::SubscriptionDraft, FieldProblems> make_draft(const SubscriberFields& fields, const Settings& settings,
                                                              FieldNames names = FieldNames::kColumns);

/// Parts of make_draft that a change of a stored subscriber needs too.
std::string derived_impi(std::string_view imsi, const Settings& settings);
/// sip:+MSISDN@domain and tel:+MSISDN of each; the domain is provisioning.home_domain, else the IMSI's, else the
/// IMPI's.
std::vector<std::string> derived_impus(const std::vector<std::string>& msisdns, std::string_view imsi,
                                       std::string_view impi, const Settings& settings);
/// OPc from what was typed, K known; false and a problem when both are there and disagree, or one is malformed.
bool read_opc(Checker& check, const Secret<16>& k, const KeyText& opc, const KeyText& op, FieldNames names,
              Secret<16>& out);

/// The elements of a list of IMPUs in one field: separated by white space, or by a ';' behind which no URI parameter
/// (name=value) follows.
std::vector<std::string> split_impus(std::string_view text);

}  // namespace hss::provisioning
