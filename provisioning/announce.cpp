// SPDX-License-Identifier: MIT
#include "provisioning/announce.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "hss/cx/push_profile.h"
#include "hss/random.h"
#include "hss/swx/push_profile.h"

namespace hss::provisioning {
namespace {

/// True when the S-CSCF would have to be told of a new HA1.
bool same_digest(const std::optional<SipDigest>& a, const std::optional<SipDigest>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  const bool same_sha256 = a->alternate_sha256.has_value() == b->alternate_sha256.has_value() &&
                           (!a->alternate_sha256 || a->alternate_sha256->equals(*b->alternate_sha256));
  return a->realm == b->realm && a->ha1.equals(b->ha1) && same_sha256;
}

std::vector<PrivateIdentityId> digest_changes(const Subscription& before, const db::SubscriptionDraft& stored,
                                              const db::SubscriptionDraft& draft) {
  std::vector<PrivateIdentityId> ids;
  for (const auto& identity : stored.private_identities) {
    const auto now = std::ranges::find(draft.private_identities, identity.impi, &db::PrivateIdentityDraft::impi);
    if (now == draft.private_identities.end() || same_digest(identity.sip_digest, now->sip_digest)) continue;
    if (const auto* known = before.find_private(identity.impi)) ids.push_back(known->id);
  }
  return ids;
}

/// Runs `work`, and writes the pushes that follow from what it did.
std::vector<PushId> announced(Store& store, SubscriptionId id, const std::function<void()>& work,
                              const std::function<std::vector<PrivateIdentityId>(const Subscription&)>& digests) {
  Repository& repository = store.administration().repository();
  const Registration registration = repository.registration(id);
  const Non3gppRegistration non_3gpp = repository.non_3gpp_registration(id);
  if (registration.pairs.empty() && !non_3gpp.registered) {  // no S-CSCF and no 3GPP AAA server knows it
    work();
    return {};
  }
  const auto before = repository.subscription(id);
  const auto record = [&](const std::shared_ptr<const Subscription>& subscription) {
    return swx::UserRecord{.imsi = subscription->imsi, .subscription = repository.non_3gpp(id)};
  };
  const auto record_before = before ? std::optional(record(before)) : std::nullopt;
  work();
  if (!before) return {};
  const auto after = repository.subscription(id);
  SystemRandom random;
  const Context context{.settings = store.settings(), .now = now(), .random = random, .observer = nullptr};
  std::vector<PushId> pushes;
  if (!registration.pairs.empty()) {
    pushes = cx::announce_change(*before, registration, after.get(), digests(*before), repository, context);
  }
  const auto on_swx = swx::announce_change(id, *record_before, non_3gpp,
                                           after ? std::optional(record(after)) : std::nullopt, repository, context);
  pushes.insert(pushes.end(), on_swx.begin(), on_swx.end());
  return pushes;
}

}  // namespace

std::vector<PushId> replace_and_announce(Store& store, SubscriptionId id, const db::SubscriptionDraft& stored,
                                         const db::SubscriptionDraft& draft) {
  return announced(
      store, id, [&] { store.administration().replace(id, draft); },
      [&](const Subscription& before) { return digest_changes(before, stored, draft); });
}

std::vector<PushId> remove_and_announce(Store& store, SubscriptionId id) {
  return announced(
      store, id, [&] { store.administration().remove(id); },
      [](const Subscription&) { return std::vector<PrivateIdentityId>(); });
}

UnixTime now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace hss::provisioning
