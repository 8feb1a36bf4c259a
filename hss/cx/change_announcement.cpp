// What a change of a subscription asks for: TS 29.228 6.1.3 where the S-CSCF must let go, 6.2.2 where it can follow.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "hss/cx/charging.h"
#include "hss/cx/push_profile.h"

namespace hss::cx {
namespace {

using Names = std::vector<std::string>;

bool is_sip(const PublicIdentity& identity) { return !identity.impu.starts_with("tel:"); }

/// The default public identity: the first in User-Data that is not barred, sip: before tel: (write_user_data).
std::string default_identity(const Subscription& subscription, ImplicitSetId implicit_set) {
  const auto members = subscription.members(implicit_set);
  for (const bool sip : {true, false}) {
    for (const PublicIdentity* member : members) {
      if (!member->barred && is_sip(*member) == sip) return member->impu;
    }
  }
  return {};
}

bool all_barred(const Subscription& subscription, ImplicitSetId implicit_set) {
  const auto members = subscription.members(implicit_set);
  return !members.empty() && std::ranges::all_of(members, [](const PublicIdentity* each) { return each->barred; });
}

bool has_unregistered_services(const Subscription& subscription, ImplicitSetId implicit_set) {
  return std::ranges::any_of(subscription.members(implicit_set), [](const PublicIdentity* each) {
    return each->service_profile->has_unregistered_services();
  });
}

/// Services alone, and none of them active.
bool out_of_service(const Subscription& subscription, ImplicitSetId implicit_set) {
  return std::ranges::all_of(subscription.members(implicit_set),
                             [](const PublicIdentity* each) { return each->is_psi() && !each->psi_active; });
}

/// The change of one subscription while its pushes are written.
class Announcement {
 public:
  Announcement(const Subscription& before, const Registration& registration, const Subscription* after,
               const std::vector<PrivateIdentityId>& digest_changed, Repository& repository, const Context& context)
      : before_(before),
        registration_(registration),
        after_(after),
        digest_changed_(digest_changed),
        repository_(repository),
        context_(context) {}

  std::vector<PushId> run() {
    if (!registration_.server) return {};
    for (const PairState& pair : registration_.pairs) {
      if (pair.status != RegistrationStatus::kNotRegistered) {
        announce_registered(pair);
      } else if (pair.auth_pending_until && *pair.auth_pending_until > context_.now && still_there(pair) &&
                 digest_changed(pair.private_identity)) {
        write_profile_push(pair, *registration_.server, false, false);
      }
    }
    return std::move(ids_);
  }

 private:
  void announce_registered(const PairState& pair) {
    const Names known = identities_to_name(before_, pair.implicit_set);
    if (after_ == nullptr || !still_there(pair)) {
      terminate(pair, known, DeregistrationReason::kPermanentTermination, false);
      return;
    }
    Names gone;
    Names staying;
    for (const std::string& impu : known) {
      const PublicIdentity* const now = after_->find_public(impu);
      (now != nullptr && now->implicit_set == pair.implicit_set ? staying : gone).push_back(impu);
    }
    if (!gone.empty()) terminate(pair, gone, DeregistrationReason::kPermanentTermination, staying.empty());
    if (staying.empty()) return;

    if (all_barred(*after_, pair.implicit_set) && !all_barred(before_, pair.implicit_set)) {
      terminate(pair, staying, DeregistrationReason::kPermanentTermination, true);
    } else if (must_move(pair)) {
      terminate(pair, staying, DeregistrationReason::kServerChange, true);
    } else if (pair.status == RegistrationStatus::kUnregistered && loses_service(pair.implicit_set)) {
      terminate(pair, staying, DeregistrationReason::kRemoveScscf, true);
    } else {
      follow(pair);
    }
  }

  /// The pair may still register.
  [[nodiscard]] bool still_there(const PairState& pair) const {
    const PrivateIdentity* const old_one = before_.private_by_id(pair.private_identity);
    const PrivateIdentity* const now = after_ == nullptr ? nullptr : after_->private_by_id(pair.private_identity);
    return old_one != nullptr && now != nullptr && now->impi == old_one->impi &&
           after_->associated(pair.private_identity, pair.implicit_set) && !after_->members(pair.implicit_set).empty();
  }

  /// True when what changed cannot be pushed to the S-CSCF that serves.
  [[nodiscard]] bool must_move(const PairState& pair) const {
    if (before_.capabilities.mandatory != after_->capabilities.mandatory) return true;
    return pair.status == RegistrationStatus::kRegistered &&
           default_identity(before_, pair.implicit_set) != default_identity(*after_, pair.implicit_set);
  }

  /// True when nothing is left that the S-CSCF would serve without a registration.
  [[nodiscard]] bool loses_service(ImplicitSetId set) const {
    return (has_unregistered_services(before_, set) && !has_unregistered_services(*after_, set)) ||
           (!out_of_service(before_, set) && out_of_service(*after_, set));
  }

  /// One PPR for the set, and one for each private identity with another digest.
  void follow(const PairState& pair) {
    const std::string& impi = before_.private_by_id(pair.private_identity)->impi;
    bool data = false;
    bool charging = false;
    if (std::ranges::find(followed_, pair.implicit_set) == followed_.end()) {
      data = write_user_data(before_, pair.implicit_set, impi) != write_user_data(*after_, pair.implicit_set, impi);
      charging = charging_of(before_, context_.settings) != charging_of(*after_, context_.settings);
      followed_.push_back(pair.implicit_set);
    }
    const bool digest = digest_changed(pair.private_identity);
    if (data || charging || digest) write_profile_push(pair, holder(), data, charging);
  }

  /// True once for each private identity: its digest is the same in every set.
  [[nodiscard]] bool digest_changed(PrivateIdentityId identity) const {
    return std::ranges::find(digest_changed_, identity) != digest_changed_.end() &&
           std::ranges::find(digest_sent_, identity) == digest_sent_.end();
  }

  void write_profile_push(const PairState& pair, const AssignedServer& server, bool data, bool charging) {
    Push push;
    push.kind = PushKind::kPushProfile;
    push.server = server;
    push.private_identity = before_.private_by_id(pair.private_identity)->impi;
    push.private_identity_id = pair.private_identity;
    push.subscription = before_.id;
    push.implicit_set = pair.implicit_set;
    push.user_data = data;
    push.charging = charging;
    push.sip_digest = digest_changed(pair.private_identity);
    push.created = context_.now;
    push.next_attempt = context_.now;
    if (push.sip_digest) digest_sent_.push_back(pair.private_identity);
    // What it carries is written when it is sent: one that waits for the same carries this change too.
    for (const Push& each : repository_.waiting_pushes(before_.id)) {
      if (each.application == push.application && each.kind == push.kind &&
          each.private_identity_id == push.private_identity_id && each.implicit_set == push.implicit_set &&
          each.server.diameter_host == push.server.diameter_host && each.attempts == 0 &&
          each.user_data >= push.user_data && each.charging >= push.charging && each.sip_digest >= push.sip_digest) {
        ids_.push_back(each.id);
        return;
      }
    }
    ids_.push_back(repository_.add_push(push));
  }

  void terminate(const PairState& pair, const Names& names, DeregistrationReason reason, bool state_follows) {
    const TerminationOrder order{holder(), reason, {}, state_follows, after_ == nullptr};
    const auto written = write_terminations(before_, pair, names, order, repository_, context_);
    ids_.insert(ids_.end(), written.begin(), written.end());
  }

  [[nodiscard]] const AssignedServer& holder() const {
    return registration_.previous_server ? *registration_.previous_server : *registration_.server;
  }

  const Subscription& before_;
  const Registration& registration_;
  const Subscription* after_;
  const std::vector<PrivateIdentityId>& digest_changed_;
  Repository& repository_;
  const Context& context_;
  std::vector<ImplicitSetId> followed_;
  std::vector<PrivateIdentityId> digest_sent_;
  std::vector<PushId> ids_;
};

}  // namespace

std::vector<PushId> announce_change(const Subscription& before, const Registration& registration,
                                    const Subscription* after, const std::vector<PrivateIdentityId>& digest_changed,
                                    Repository& repository, const Context& context) {
  return Announcement(before, registration, after, digest_changed, repository, context).run();
}

}  // namespace hss::cx
