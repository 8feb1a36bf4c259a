// Server-Assignment, TS 29.228 6.1.2.1. Steps are numbered as the clause numbers them.
// SPDX-License-Identifier: MIT
#include "hss/cx/server_assignment.h"

#include <algorithm>

#include "hss/cx/identities.h"
#include "hss/cx/registration_state.h"

namespace hss::cx {
namespace {

using Type = ServerAssignmentType;

/// What a Server-Assignment-Type asks for.
enum class Family {
  kRegister,             // 1, 2
  kUnregistered,         // 3
  kDeregister,           // 4, 5, 8, 11
  kDeregisterStoreName,  // 6, 7
  kRead,                 // 0
  kAbandonChallenge,     // 9, 10
  kOfAnotherInterface,   // 12, 13, 14: SWx
  kUnknown,
};

Family family_of(Type type) {
  switch (type) {
    case Type::kRegistration:
    case Type::kReRegistration:
      return Family::kRegister;
    case Type::kUnregisteredUser:
      return Family::kUnregistered;
    case Type::kTimeoutDeregistration:
    case Type::kUserDeregistration:
    case Type::kAdministrativeDeregistration:
    case Type::kDeregistrationTooMuchData:
      return Family::kDeregister;
    case Type::kTimeoutDeregistrationStoreServerName:
    case Type::kUserDeregistrationStoreServerName:
      return Family::kDeregisterStoreName;
    case Type::kNoAssignment:
      return Family::kRead;
    case Type::kAuthenticationFailure:
    case Type::kAuthenticationTimeout:
      return Family::kAbandonChallenge;
    case Type::kAaaUserDataRequest:
    case Type::kPgwUpdate:
    case Type::kRestoration:
      return Family::kOfAnotherInterface;
  }
  return Family::kUnknown;
}

bool deregisters(Family family) { return family == Family::kDeregister || family == Family::kDeregisterStoreName; }

ServerAssignmentAnswer refuse(Result result, std::string remark, std::optional<RequestField> failed = {}) {
  ServerAssignmentAnswer answer;
  answer.verdict = Verdict{result, failed, std::move(remark)};
  return answer;
}

/// Step 1: which identities a type needs; the field that is missing.
std::optional<RequestField> missing(const ServerAssignmentRequest& request, Family family) {
  const bool no_public = request.public_identities.empty();
  if (family == Family::kUnregistered) {
    return no_public ? std::optional(RequestField::kPublicIdentity) : std::nullopt;
  }
  if (deregisters(family) || family == Family::kOfAnotherInterface) {
    return no_public && !request.user_name ? std::optional(RequestField::kUserName) : std::nullopt;
  }
  if (!request.user_name) return RequestField::kUserName;
  return no_public ? std::optional(RequestField::kPublicIdentity) : std::nullopt;
}

/// Whom the request is about.
struct Target {
  std::shared_ptr<const Subscription> subscription;
  const PrivateIdentity* private_identity = nullptr;  // null: not given
  std::vector<ImplicitSetId> sets;                    // of the public identities, each once; none given: empty
};

/// Step 2: every given identity known, and all of them belonging together.
std::variant<Target, Verdict> find_target(const ServerAssignmentRequest& request, Repository& repository) {
  Target target;
  if (request.user_name) {
    const PrivateOwner owner = find_private(*request.user_name, repository);
    if (!owner.subscription) return Verdict{result::kUserUnknown, {}, "no such private identity"};
    target.subscription = owner.subscription;
    target.private_identity = owner.private_identity;
  }
  std::optional<Verdict> mismatch;
  for (const std::string& impu : request.public_identities) {
    if (!target.subscription) target.subscription = find_public(impu, repository);
    const auto* found = target.subscription ? public_in(*target.subscription, impu) : nullptr;
    if (found == nullptr) {
      if (!find_public(impu, repository)) return Verdict{result::kUserUnknown, {}, "no such public identity"};
      mismatch = Verdict{result::kIdentitiesDontMatch, {}, "the identities belong to different subscriptions"};
      continue;
    }
    if (target.private_identity != nullptr &&
        !target.subscription->associated(target.private_identity->id, found->implicit_set)) {
      mismatch = Verdict{result::kIdentitiesDontMatch, {}, "the private identity may not use the public one"};
      continue;
    }
    if (std::find(target.sets.begin(), target.sets.end(), found->implicit_set) == target.sets.end()) {
      target.sets.push_back(found->implicit_set);
    }
  }
  if (mismatch) return *mismatch;
  return target;
}

/// One request while step 5 is carried out.
class Assignment {
 public:
  Assignment(const ServerAssignmentRequest& request, const Target& target, Repository& repository,
             const Context& context)
      : request_(request), target_(target), state_(*target.subscription, repository, context.now) {}

  ServerAssignmentAnswer run(Family family) {
    switch (family) {
      case Family::kRegister:
        return register_user();
      case Family::kUnregistered:
        return serve_unregistered();
      case Family::kDeregister:
        return deregister();
      case Family::kDeregisterStoreName:
        return deregister_and_store_name();
      case Family::kRead:
        return read();
      case Family::kAbandonChallenge:
        return abandon_challenge();
      case Family::kOfAnotherInterface:
      case Family::kUnknown:
        break;
    }
    return refuse(result::kInAssignmentType, "not a Server-Assignment-Type of Cx");
  }

 private:
  // Types 1 and 2.
  ServerAssignmentAnswer register_user() {
    if (state_.served_elsewhere(request_.server_name)) return refuse_as_served_elsewhere();
    state_.assign(request_.server_name, request_.origin);
    state_.set_registered(set(), target_.private_identity->id);
    state_.clear_auth_pending(set(), target_.private_identity->id);
    state_.save();
    return with_profile(*target_.private_identity);
  }

  // Type 3.
  ServerAssignmentAnswer serve_unregistered() {
    if (state_.served_elsewhere(request_.server_name)) return refuse_as_served_elsewhere();
    if (state_.status(set()) == RegistrationStatus::kRegistered) {
      return refuse(result::kInAssignmentType, "the public identity is registered");
    }
    const PrivateIdentity* identity = private_identity_for(set());
    if (identity == nullptr) throw StoreFault("a public identity has no private identity");
    state_.assign(request_.server_name, request_.origin);
    state_.set_unregistered(set(), identity->id);
    for (const PrivateIdentity* each : target_.subscription->private_identities_of(set())) {
      state_.clear_auth_pending(set(), each->id);
    }
    state_.save();
    return with_profile(*identity);
  }

  // Types 4, 5, 8 and 11.
  ServerAssignmentAnswer deregister() {
    if (state_.served_elsewhere(request_.server_name)) return refuse_as_stale();
    for_each_pair([this](ImplicitSetId set_id, PrivateIdentityId identity) { state_.deregister(set_id, identity); });
    state_.save();
    return plain_success();
  }

  // Types 6 and 7: the name is kept (an S-CSCF that keeps the profile is found again, and Kamailio takes the other
  // answer, DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED, for an error), unless there is no registration to keep it for.
  ServerAssignmentAnswer deregister_and_store_name() {
    if (state_.served_elsewhere(request_.server_name)) return refuse_as_stale();
    bool kept = false;
    for_each_pair([&](ImplicitSetId set_id, PrivateIdentityId identity) {
      const auto known_by = state_.known_by(set_id);
      if (!known_by) return;
      kept = true;
      state_.deregister(set_id, identity);
      if (state_.status(set_id) == RegistrationStatus::kNotRegistered) state_.set_unregistered(set_id, *known_by);
    });
    if (!kept) return refuse(result::kSuccessServerNameNotStored, "nothing was registered");
    state_.assign(request_.server_name, request_.origin);
    state_.save();
    return plain_success();
  }

  // Type 0.
  ServerAssignmentAnswer read() {
    if (!state_.served_by(request_.server_name)) {
      return refuse(result::kUnableToComply, "asked by an S-CSCF that does not serve the user");
    }
    return with_profile(*target_.private_identity);
  }

  // Types 9 and 10. A registration that stands is not touched: a wrong password must not de-register anybody.
  ServerAssignmentAnswer abandon_challenge() {
    if (state_.served_elsewhere(request_.server_name)) return refuse_as_stale();
    state_.clear_auth_pending(set(), target_.private_identity->id);
    state_.save();
    return plain_success();
  }

  [[nodiscard]] ImplicitSetId set() const { return target_.sets.front(); }

  /// The private identity given, else the one the S-CSCF knows the set by, else the first that may use it.
  [[nodiscard]] const PrivateIdentity* private_identity_for(ImplicitSetId set_id) const {
    if (target_.private_identity != nullptr) return target_.private_identity;
    if (const auto known = state_.known_by(set_id)) return target_.subscription->private_by_id(*known);
    const auto identities = target_.subscription->private_identities_of(set_id);
    return identities.empty() ? nullptr : identities.front();
  }

  /// The pairs that a de-registration names: one identity with each set given, one with all its sets, or, without a
  /// private identity, all that may use the sets given.
  template <typename Act>
  void for_each_pair(Act act) {
    for (const auto& association : target_.subscription->associations) {
      const bool identity_named =
          target_.private_identity == nullptr || target_.private_identity->id == association.private_identity;
      const bool set_named = target_.sets.empty() || std::find(target_.sets.begin(), target_.sets.end(),
                                                               association.implicit_set) != target_.sets.end();
      if (identity_named && set_named) act(association.implicit_set, association.private_identity);
    }
  }

  /// Section 8.1.2: a request from an S-CSCF that does not serve the user leaves name and state alone.
  [[nodiscard]] ServerAssignmentAnswer refuse_as_stale() const {
    return refuse(result::kUnableToComply, "the user is served by " + state_.server()->name);
  }

  [[nodiscard]] ServerAssignmentAnswer refuse_as_served_elsewhere() const {
    auto answer = refuse(result::kIdentityAlreadyRegistered, "the user is served by " + state_.server()->name);
    answer.server_name = state_.server()->name;
    return answer;
  }

  [[nodiscard]] ServerAssignmentAnswer plain_success() const {
    ServerAssignmentAnswer answer;
    answer.verdict = Verdict{result::kSuccess, {}, {}};
    if (target_.private_identity != nullptr) {
      answer.user_name = target_.private_identity->impi;
    } else if (const PrivateIdentity* identity = private_identity_for(set())) {
      answer.user_name = identity->impi;
    }
    return answer;
  }

  /// Success of types 0 to 3 (TS 29.228 6.1.2, table of the answer).
  [[nodiscard]] ServerAssignmentAnswer with_profile(const PrivateIdentity& identity) const {
    ServerAssignmentAnswer answer;
    answer.verdict = Verdict{result::kSuccess, {}, {}};
    answer.user_name = identity.impi;
    if (!request_.user_data_already_available) {
      answer.user_data = write_user_data(*target_.subscription, set(), identity.impi);
    }
    if (target_.subscription->private_identities.size() > 1) {
      for (const PrivateIdentity& each : target_.subscription->private_identities) {
        answer.associated_identities.push_back(each.impi);
      }
    }
    answer.loose_route_required = target_.subscription->loose_route_required;
    return answer;
  }

  const ServerAssignmentRequest& request_;
  const Target& target_;
  RegistrationState state_;
};

}  // namespace

ServerAssignmentAnswer server_assignment(const ServerAssignmentRequest& request, Repository& repository,
                                         const Context& context) {
  const Family family = family_of(request.type);
  if (family == Family::kUnknown) {
    return refuse(result::kInvalidAvpValue, {}, RequestField::kServerAssignmentType);
  }

  // Step 1: the identities that the type needs.
  if (const auto field = missing(request, family)) return refuse(result::kMissingAvp, {}, field);

  // Step 2: the given ones are known and belong together.
  const auto found = find_target(request, repository);
  if (const auto* verdict = std::get_if<Verdict>(&found)) return refuse(verdict->result, verdict->remark);

  // Step 3: several public identities only to de-register.
  if (request.public_identities.size() > 1 && !deregisters(family)) {
    return refuse(result::kAvpOccursTooManyTimes, "several public identities only with a de-registration",
                  RequestField::kPublicIdentity);
  }

  // Step 5: by type. (Step 4 is about PSIs.)
  return Assignment(request, std::get<Target>(found), repository, context).run(family);
}

}  // namespace hss::cx
