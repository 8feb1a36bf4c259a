// Ready service profiles for the services that every network wants; only the application server is the user's own.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hss::provisioning::profile {

struct Template {
  std::string_view name;
  std::string_view what;      // one line
  std::string_view criteria;  // InitialFilterCriteria elements with @AS@ for the URI of the application server
};

/// By ascending priorities; no two have a priority in common, so that they combine.
std::span<const Template> templates();

/// A ServiceProfile of some templates, with comments; servers[i] is the SIP URI of the application server of names[i].
/// Throws UsageError, one line, for an unknown name, one that is given twice, a URI that is none, and as many as do not
/// fit.
std::string from_templates(const std::vector<std::string>& names, const std::vector<std::string>& servers);

}  // namespace hss::provisioning::profile
