// SPDX-License-Identifier: MIT
#include "provisioning/psi/draft.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "hss/identity.h"
#include "provisioning/command_line.h"

namespace hss::provisioning::psi {
namespace {

/// The text with its expression, between two '!', written as a name.
std::string without_expression(const std::string& text) {
  const auto first = text.find('!');
  const auto last = text.rfind('!');
  if (first == std::string::npos || last == first) return text;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return text.substr(0, first) + "wildcard-" + to_hex(BytesView(digest.data(), 4)) + text.substr(last + 1);
}

}  // namespace

void declare_options(cli::App& app, PsiFields& fields) {
  app.add_option("--as", fields.application_server,
                 "application server that I-CSCFs send requests to directly; without one, an S-CSCF serves the PSI")
      ->type_name("SIPURI");
  app.add_option("--profile", fields.profile, "service profile; left out: default")->type_name("NAME");
  app.add_option("--scscf", fields.scscfs, "S-CSCF to prefer, may be repeated, best first")
      ->type_name("SIPURI")
      ->one_value_each();
  cli::Option* inactive = app.add_flag("--inactive", fields.inactive, "the PSI is not active: it is unknown to CSCFs");
  app.add_flag("--active", fields.active, "the PSI is active")->excludes(inactive);
}

std::optional<std::string> derived_private_identity(const PublicName& name, const Settings& settings) {
  const std::string text = name.impu.substr(name.impu.find(':') + 1);
  const auto at = text.rfind('@');
  const bool host_is_expression = at != std::string::npos && text.find('!', at) != std::string::npos;
  std::string user = without_expression(at == std::string::npos || host_is_expression ? text : text.substr(0, at));
  std::string host = at == std::string::npos || host_is_expression ? settings.home_domain : text.substr(at + 1);
  if (host_is_expression) std::ranges::replace(user, '@', '-');
  // sip:example.com has no user; and what a URI may hold and an NAI may not is written otherwise.
  if (at == std::string::npos && name.impu.starts_with("sip") && !name.wildcarded) {
    host = text;
    user = "service";
  }
  std::ranges::replace(user, ';', '-');
  if (host.empty()) return std::nullopt;
  return canonical_private_identity(user + '@' + host);
}

void apply(const PsiFields& fields, Checker& check, db::SubscriptionDraft& draft, db::PublicIdentityDraft& psi) {
  if (fields.inactive) psi.psi_active = false;
  if (fields.active) psi.psi_active = true;
  if (!fields.application_server.empty()) {
    psi.application_server = check.server_name("--as", fields.application_server).value_or("");
  }
  if (!trim(fields.profile).empty()) psi.service_profile = trim(fields.profile);
  if (fields.scscfs.empty()) return;
  draft.capabilities.server_names.clear();
  for (const std::string& text : fields.scscfs) {
    if (const auto uri = check.server_name("--scscf", text)) draft.capabilities.server_names.push_back(*uri);
  }
}

bool is_psi(const db::PublicIdentityDraft& identity) {
  return identity.type == IdentityType::kDistinctPsi || identity.type == IdentityType::kWildcardedPsi;
}

db::PublicIdentityDraft* find_psi(db::SubscriptionDraft& draft, std::string_view impu) {
  const auto found = std::ranges::find(draft.public_identities, impu, &db::PublicIdentityDraft::impu);
  return found == draft.public_identities.end() || !is_psi(*found) ? nullptr : &*found;
}

}  // namespace hss::provisioning::psi
