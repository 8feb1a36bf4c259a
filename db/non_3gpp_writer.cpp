// SPDX-License-Identifier: MIT
#include "db/non_3gpp_writer.h"

#include <map>
#include <stdexcept>

#include "db/columns.h"

namespace hss::db {

namespace {

std::string numbers_text(const std::vector<std::uint32_t>& numbers) {
  std::string text;
  for (const std::uint32_t number : numbers) text += (text.empty() ? "" : " ") + std::to_string(number);
  return text;
}

}  // namespace

std::vector<std::int64_t> Non3gppWriter::templates_of(const Non3gppDraft& draft) {
  std::vector<std::int64_t> ids;
  std::map<std::string, std::string> by_network;
  for (const Non3gppDraft::Apn& apn : draft.apns) {
    Rows rows(template_, apn.name);
    if (!rows.next()) throw UnknownApn("there is no APN " + in_quotes(apn.name) + "; add it first");
    ids.push_back(rows.integer(0));
    const auto [other, added] = by_network.emplace(rows.text(1), apn.name);
    if (added) continue;
    throw std::invalid_argument("the APNs " + in_quotes(other->second) + " and " + in_quotes(apn.name) +
                                " are both the network " + other->first + "; give the subscriber one of them");
  }
  return ids;
}

void Non3gppWriter::save(SubscriptionId id, const Non3gppDraft& draft, const std::vector<std::int64_t>& templates) {
  run(save_, id, templates.front(), !draft.access_allowed, !draft.apns_enabled, draft.session_timeout,
      uplink_of(draft.ambr), downlink_of(draft.ambr), unless_empty(draft.charging_characteristics),
      unless_empty(numbers_text(draft.forbidden_rat_types)), unless_empty(to_lines(draft.visited_networks)));
}

void Non3gppWriter::add_apns(SubscriptionId id, const Non3gppDraft& draft, const std::vector<std::int64_t>& templates) {
  for (std::size_t i = 0; i < templates.size(); ++i) {
    const Non3gppDraft::Apn& apn = draft.apns[i];
    // The default APN stands in the row of the subscription: most users have nothing else.
    if (i == 0 && !apn.ipv4 && !apn.ipv6) continue;
    run(insert_apn_, id, i, templates[i], view_of(apn.ipv4), view_of(apn.ipv6));
  }
}

void Non3gppWriter::add(SubscriptionId id, const Non3gppDraft& draft) {
  const std::vector<std::int64_t> templates = templates_of(draft);
  save(id, draft, templates);
  add_apns(id, draft, templates);
}

void Non3gppWriter::write(SubscriptionId id, const std::optional<Non3gppDraft>& draft) {
  if (!draft) {
    run(remove_, id);
    return;
  }
  const std::vector<std::int64_t> templates = templates_of(*draft);
  save(id, *draft, templates);
  run(clear_apns_, id);
  add_apns(id, *draft, templates);
  run(forget_connections_, id);
}

void Non3gppWriter::forget_user(SubscriptionId id) {
  run(forget_registration_, id);
  run(release_pushes_, id, Application::kSwx);
}

}  // namespace hss::db
