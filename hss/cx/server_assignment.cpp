// Server-Assignment, TS 29.228 6.1.2.1, step 5: what each type does. Steps are numbered as the clause numbers them.
// SPDX-License-Identifier: MIT
#include "hss/cx/server_assignment.h"

#include <algorithm>

#include "hss/ascii.h"
#include "hss/cx/assignment_target.h"
#include "hss/cx/charging.h"
#include "hss/cx/registration_state.h"
#include "hss/cx/registration_termination.h"

namespace hss::cx {
namespace {

using Family = AssignmentFamily;
using Type = ServerAssignmentType;

constexpr std::string_view kStep5 = "TS 29.228 6.1.2.1 step 5";
constexpr std::string_view kReplaced = "TS 29.228 6.1.3";

ServerAssignmentAnswer refuse(Result result, std::string remark, std::optional<RequestField> failed = {}) {
  ServerAssignmentAnswer answer;
  answer.verdict = Verdict{result, failed, std::move(remark)};
  return answer;
}

/// One request while step 5 is carried out.
class Assignment {
 public:
  Assignment(const ServerAssignmentRequest& request, const AssignmentTarget& target, Repository& repository,
             const Context& context)
      : request_(request),
        target_(target),
        repository_(repository),
        context_(context),
        state_(*target.subscription, repository, context.now) {}

  ServerAssignmentAnswer run(Family family) {
    step([&] {
      std::string text = "type " + std::to_string(static_cast<std::int32_t>(request_.type));
      if (!target_.sets.empty()) text += ", " + std::string(name_of(state_.status(set())));
      return text + (state_.server() ? ", S-CSCF " + state_.server()->name : std::string(", no S-CSCF is stored"));
    });
    auto answer = carry_out(family);
    const Result result = answer.verdict.result;
    if (result == result::kSuccess || result == result::kInAssignmentType) {
      answer.wildcarded_public_identity = target_.wildcard_expression;
    }
    return answer;
  }

 private:
  ServerAssignmentAnswer carry_out(Family family) {
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

  // Types 1 and 2.
  ServerAssignmentAnswer register_user() {
    const PrivateIdentityId identity = target_.private_identity->id;
    if (may_not_take_over()) return refuse_as_served_elsewhere();
    if (request_.restoration_info && request_.restoration_info->size() > kLongestRestoration) {
      return refuse(result::kInvalidAvpValue,
                    "restoration information of more than " + std::to_string(kLongestRestoration) + " octets",
                    RequestField::kScscfRestorationInfo);
    }
    if (has_lost_registrations()) {
      step([] {
        return std::string("a further registration at an S-CSCF that lacks the others: it gets what is stored");
      });
      auto answer = with_profile(*target_.private_identity, true);
      answer.verdict = {result::kInAssignmentType, {}, "the stored restoration information is returned, and kept"};
      return answer;
    }
    state_.assign(request_.server_name, request_.origin);
    take_over();
    state_.set_registered(set(), identity);
    state_.clear_auth_pending(set(), identity);
    state_.save();
    if (request_.features.restoration && request_.restoration_info && !request_.restoration_info->empty()) {
      step([] { return std::string("restoration information is stored"); });
      repository_.save_restoration(set(), identity, *request_.restoration_info);
    }
    return with_profile(*target_.private_identity, false);
  }

  // Type 3. SAR-Flags (P-CSCF restoration) asks for something of the packet core that is not there; the feature is not
  // offered, and the request is served as any other.
  ServerAssignmentAnswer serve_unregistered() {
    if (may_not_take_over()) return refuse_as_served_elsewhere();
    const PrivateIdentity* const identity = private_identity_for(set());
    if (identity == nullptr) throw StoreFault("a public identity has no private identity");
    if (state_.status(set()) == RegistrationStatus::kRegistered) return refuse_as_registered(*identity);
    state_.assign(request_.server_name, request_.origin);
    take_over();
    state_.set_unregistered(set(), identity->id);
    for (const PrivateIdentity* each : target_.subscription->private_identities_of(set())) {
      state_.clear_auth_pending(set(), each->id);
    }
    state_.save();
    return with_profile(*identity, true);
  }

  /// Type 3 for a registered user: wrong, unless the S-CSCF is a new one or has lost the user. With IMS restoration it
  /// gets what it needs to go on, and is the stored one from now on.
  ServerAssignmentAnswer refuse_as_registered(const PrivateIdentity& identity) {
    if (!request_.features.restoration) return refuse(result::kInAssignmentType, "the public identity is registered");
    if (!state_.served_by(request_.server_name)) {
      state_.assign(request_.server_name, request_.origin);
      take_over();
      state_.save();
    }
    step([] { return std::string("registered: the S-CSCF gets what is stored, to restore it"); });
    auto answer = with_profile(identity, true);
    answer.verdict = {result::kInAssignmentType, {}, "the public identity is registered; its data is returned"};
    return answer;
  }

  // Types 4, 5, 8 and 11.
  ServerAssignmentAnswer deregister() {
    if (stale()) return refuse_as_stale();
    for_each_pair([this](ImplicitSetId set_id, PrivateIdentityId identity) { state_.deregister(set_id, identity); });
    state_.save();
    return plain_success();
  }

  // Types 6 and 7: the name is kept (an S-CSCF that keeps the profile is found again, and Kamailio takes the other
  // answer, DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED, for an error), unless there is no registration to keep it for.
  ServerAssignmentAnswer deregister_and_store_name() {
    if (stale()) return refuse_as_stale();
    bool kept = false;
    for_each_pair([&](ImplicitSetId set_id, PrivateIdentityId identity) {
      const auto known_by = state_.known_by(set_id);
      if (!known_by) return;
      kept = true;
      state_.deregister(set_id, identity);
      if (state_.status(set_id) == RegistrationStatus::kNotRegistered) state_.set_unregistered(set_id, *known_by);
    });
    if (!kept) return refuse(result::kSuccessServerNameNotStored, "nothing was registered");
    if (state_.served_by(request_.server_name)) state_.assign(request_.server_name, request_.origin);
    state_.save();
    return plain_success();
  }

  // Type 0.
  ServerAssignmentAnswer read() {
    if (!state_.served_by(request_.server_name) && !state_.holds_registrations(request_.server_name)) {
      return refuse(result::kUnableToComply, "asked by an S-CSCF that does not serve the user");
    }
    return with_profile(*target_.private_identity, true);
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

  /// Another S-CSCF is stored, and no I-CSCF has asked for a new one (IMS restoration).
  [[nodiscard]] bool may_not_take_over() const {
    return state_.served_elsewhere(request_.server_name) &&
           !(request_.features.restoration && state_.reassignment_pending());
  }

  /// One of several registrations of a user (Multiple-Registration-Indication) comes as a new one to an S-CSCF, while
  /// the HSS has restoration information of the set: the S-CSCF has lost it. A re-registration of a pair that is
  /// registered is no sign of a loss, or its S-CSCF could never store anything newer.
  [[nodiscard]] bool has_lost_registrations() const {
    if (!request_.features.restoration || !request_.multiple_registration) return false;
    const bool anew = request_.type == Type::kRegistration ||
                      state_.status(set(), target_.private_identity->id) != RegistrationStatus::kRegistered;
    return anew && !state_.restoration(set()).empty();
  }

  /// What the S-CSCF that served before is told when another one has the user now (TS 29.228 6.1.3). With the same
  /// Diameter host there is nobody to be told.
  void take_over() {
    const auto old_server = state_.confirm();
    if (!old_server || ascii::same_without_case(old_server->diameter_host, request_.origin.host)) return;
    context_.step(kReplaced, [&] { return "the user is taken over from " + old_server->name; });
    const std::vector<PairState> pairs = state_.pairs();
    for (const PairState& pair : pairs) {
      if (pair.status == RegistrationStatus::kNotRegistered) continue;
      const bool same_identity =
          target_.private_identity == nullptr || pair.private_identity == target_.private_identity->id;
      const bool moved =
          pair.implicit_set == set() && (same_identity || pair.status == RegistrationStatus::kUnregistered);
      // With IMS restoration the others come to the new S-CSCF with what is stored of them; without, they register
      // anew.
      if (!moved && request_.features.restoration) continue;
      const TerminationOrder order{
          *old_server,
          moved ? DeregistrationReason::kNewServerAssigned : DeregistrationReason::kServerChange,
          {},
          false};
      write_terminations(*target_.subscription, pair, identities_to_name(*target_.subscription, pair.implicit_set),
                         order, repository_, context_);
      if (!moved) state_.deregister(pair.implicit_set, pair.private_identity);
    }
  }

  /// Section 8.1.2: a request from an S-CSCF that does not serve the user leaves name and state alone. One whose user
  /// is being challenged elsewhere serves it still.
  [[nodiscard]] bool stale() const {
    return state_.served_elsewhere(request_.server_name) && !state_.holds_registrations(request_.server_name);
  }

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

  /// Success of types 0 to 3 (TS 29.228 6.1.2, table of the answer). `own_restoration`: the identity's own restoration
  /// information is returned too; the S-CSCF that has just sent it does not need it.
  [[nodiscard]] ServerAssignmentAnswer with_profile(const PrivateIdentity& identity, bool own_restoration) const {
    const Subscription& subscription = *target_.subscription;
    ServerAssignmentAnswer answer;
    answer.verdict = Verdict{result::kSuccess, {}, {}};
    answer.user_name = identity.impi;
    if (!request_.user_data_already_available) {
      UserDataOptions options;
      options.shared_ifc = request_.features.shared_ifc;
      options.alias_indication = request_.features.alias_indication;
      options.wildcard = target_.wildcard;
      options.wildcard_instance = target_.wildcard_instance;
      answer.user_data = write_user_data(subscription, set(), identity.impi, options);
      answer.charging = charging_of(subscription, context_.settings);
    }
    if (subscription.private_identities.size() > 1) {
      for (const PrivateIdentity& each : subscription.private_identities) {
        answer.associated_identities.push_back(each.impi);
      }
    }
    answer.loose_route_required = subscription.loose_route_required;
    if (request_.features.restoration) add_restoration(answer, identity, own_restoration);
    return answer;
  }

  void add_restoration(ServerAssignmentAnswer& answer, const PrivateIdentity& identity, bool own_restoration) const {
    for (const RestorationInfo& info : state_.restoration(set())) {
      if (own_restoration || info.private_identity != identity.id) answer.restoration_info.push_back(info.content);
    }
    for (const PairState& pair : state_.pairs()) {
      if (pair.implicit_set != set() || pair.status != RegistrationStatus::kRegistered) continue;
      if (const PrivateIdentity* const other = target_.subscription->private_by_id(pair.private_identity)) {
        answer.associated_registered_identities.push_back(other->impi);
      }
    }
  }

  template <typename Found>
  void step(Found&& found) const {
    context_.step(kStep5, found);
  }

  const ServerAssignmentRequest& request_;
  const AssignmentTarget& target_;
  Repository& repository_;
  const Context& context_;
  RegistrationState state_;
};

}  // namespace

ServerAssignmentAnswer server_assignment(const ServerAssignmentRequest& request, Repository& repository,
                                         const Context& context) {
  const Family family = family_of(request.type);
  if (family == Family::kUnknown) {
    return refuse(result::kInvalidAvpValue, {}, RequestField::kServerAssignmentType);
  }
  const auto found = find_target(request, family, repository, context);
  if (const auto* verdict = std::get_if<Verdict>(&found)) {
    return refuse(verdict->result, verdict->remark, verdict->failed);
  }
  return Assignment(request, std::get<AssignmentTarget>(found), repository, context).run(family);
}

}  // namespace hss::cx
