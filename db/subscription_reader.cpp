// SPDX-License-Identifier: MIT
#include "db/subscription_reader.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace hss::db {

namespace {

std::optional<FramedAddress> framed_address(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  const auto address = parse_framed_address(rows.text(column));
  if (!address) throw StoreFault("the database holds a framed address that cannot be read: " + rows.text(column));
  return address;
}

/// Brings what comes in any order into that of its positions; mostly it is in order already.
template <typename Value>
class InOrder {
 public:
  Value& add(std::int64_t position, Value value) {
    positions_.push_back(position);
    return values_.emplace_back(std::move(value));
  }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  Value& back() { return values_.back(); }

  std::vector<Value> take() && {
    if (std::ranges::is_sorted(positions_)) return std::move(values_);
    std::vector<std::size_t> order(values_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, {}, [this](std::size_t at) { return positions_[at]; });
    std::vector<Value> sorted;
    for (const std::size_t at : order) sorted.push_back(std::move(values_[at]));
    return sorted;
  }

 private:
  std::vector<Value> values_;
  std::vector<std::int64_t> positions_;
};

}  // namespace

bool SubscriptionReader::read_own(Subscription& subscription) {
  Rows rows(own_, subscription.id);
  if (!rows.next()) return false;
  if (const auto required = rows.optional_integer(0)) subscription.loose_route_required = *required != 0;
  subscription.imsi = rows.text(1);
  subscription.usim = rows.optional_integer(2);
  if (rows.integer(3) != 0) read_charging(subscription);
  if (rows.integer(4) != 0) subscription.capabilities = capabilities(subscription.id);
  if (rows.integer(5) != 0) read_networks(subscription);
  return true;
}

void SubscriptionReader::read_charging(Subscription& subscription) {
  Rows rows(charging_, subscription.id);
  if (rows.next()) subscription.charging = {rows.text(0), rows.text(1), rows.text(2), rows.text(3)};
}

void SubscriptionReader::read_networks(Subscription& subscription) {
  for (Rows rows(networks_, subscription.id); rows.next();) subscription.visited_networks.push_back(rows.text(0));
}

std::vector<PrivateIdentity> SubscriptionReader::private_identities(SubscriptionId id) {
  InOrder<PrivateIdentity> identities;
  Rows rows(private_identities_, id);
  while (rows.next()) {
    if (identities.empty() || identities.back().id != rows.integer(0)) {
      identities.add(rows.integer(7),
                     {.id = rows.integer(0),
                      .impi = rows.text(1),
                      .scheme = to_enum(rows.integer(2), AuthScheme::kNassBundled, "authentication scheme"),
                      .key_set = rows.optional_integer(3),
                      .sip_digest = !rows.is_null(5),
                      .framed_address = framed_address(rows, 4)});
    }
    const BytesView line = rows.blob(6);
    if (!line.empty()) identities.back().line_identifiers.emplace_back(line.begin(), line.end());
  }
  return std::move(identities).take();
}

std::vector<PublicIdentity> SubscriptionReader::public_identities(SubscriptionId id) {
  InOrder<PublicIdentity> identities;
  Rows rows(public_identities_, id);
  while (rows.next()) {
    PublicIdentity& identity = identities.add(rows.integer(13), {});
    identity.id = rows.integer(0);
    identity.impu = rows.text(1);
    identity.barred = rows.integer(2) != 0;
    identity.registration_allowed = rows.integer(3) != 0;
    identity.implicit_set = rows.integer(4);
    identity.display_name = rows.text(5);
    identity.type = to_enum(rows.integer(6), IdentityType::kWildcardedPublicUserIdentity, "type of a public identity");
    identity.psi_active = rows.integer(7) != 0;
    identity.application_server = rows.text(8);
    identity.alias_group = rows.text(9);
    if (const auto level = rows.optional_integer(10)) {
      identity.service_priority_level = static_cast<std::uint32_t>(*level);
    }
    identity.service_profile = profiles_.read(rows.integer(11), rows.integer(12));
  }
  return std::move(identities).take();
}

ServerCapabilities SubscriptionReader::capabilities(SubscriptionId id) {
  ServerCapabilities loaded;
  Rows rows(capabilities_, id);
  while (rows.next()) {
    const std::int64_t kind = rows.integer(0);
    if (kind == 2) {
      loaded.server_names.push_back(rows.text(2));
    } else {
      (kind == 0 ? loaded.mandatory : loaded.optional).push_back(static_cast<std::uint32_t>(rows.integer(1)));
    }
  }
  return loaded;
}

std::shared_ptr<const Subscription> SubscriptionReader::read(SubscriptionId id) {
  auto loaded = std::make_shared<Subscription>();
  loaded->id = id;
  if (!read_own(*loaded)) return nullptr;
  loaded->private_identities = private_identities(id);
  for (const PrivateIdentity& identity : loaded->private_identities) {
    if (!loaded->usim) loaded->usim = identity.key_set;
  }
  loaded->public_identities = public_identities(id);
  loaded->private_identities.shrink_to_fit();
  loaded->public_identities.shrink_to_fit();  // it is kept, and read many times
  for (Rows rows(associations_, id); rows.next();) {
    loaded->associations.push_back({rows.integer(0), rows.integer(1)});
  }
  std::ranges::sort(loaded->associations, {}, [](const Subscription::Association& one) {
    return std::pair(one.implicit_set, one.private_identity);
  });
  return loaded;
}

}  // namespace hss::db
