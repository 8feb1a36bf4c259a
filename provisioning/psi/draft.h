// A public service identity as a subscription of its own (TS 23.003 13.5, TS 23.008 3.1): one private service identity,
// one PSI, distinct or wildcarded.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/command.h"
#include "provisioning/store.h"
#include "provisioning/subscriber_fields.h"

namespace hss::provisioning::psi {

/// What is typed of a PSI beside its URI; empty means left out.
struct PsiFields {
  std::string impi;
  std::string application_server;
  std::string profile;
  std::vector<std::string> scscfs;
  bool active = false;
  bool inactive = false;
};

void declare_options(cli::App& app, PsiFields& fields);

/// user@host of the URI; of a wildcarded one, its expression is "wildcard-" and eight hexadecimal digits that follow
/// from the whole of it. The host of a tel: URI, or of one whose host is an expression, is provisioning.home_domain;
/// nullopt when that is not set.
std::optional<std::string> derived_private_identity(const PublicName& name, const Settings& settings);

/// Changes what the fields name of a PSI.
void apply(const PsiFields& fields, Checker& check, db::SubscriptionDraft& draft, db::PublicIdentityDraft& psi);

/// The PSI of a draft that has this canonical name; null when it has none, or the identity is none.
db::PublicIdentityDraft* find_psi(db::SubscriptionDraft& draft, std::string_view impu);
bool is_psi(const db::PublicIdentityDraft& identity);

}  // namespace hss::provisioning::psi
