// Server-Assignment on SWx, TS 29.273 8.1.2.2.2: what each type does. Steps are numbered in the order in which the
// clause asks for them.
// SPDX-License-Identifier: MIT
#include "hss/swx/server_assignment.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "hss/swx/access.h"
#include "hss/swx/connections.h"
#include "hss/swx/registration_state.h"

namespace hss::swx {
namespace {

using Type = ServerAssignmentType;

constexpr std::string_view kStep1 = "TS 29.273 8.1.2.2.2 step 1";
constexpr std::string_view kStep2 = "TS 29.273 8.1.2.2.2 step 2";
constexpr std::string_view kStep3 = "TS 29.273 8.1.2.2.2 step 3";
constexpr std::string_view kStep4 = "TS 29.273 8.1.2.2.2 step 4";

/// The types that do alike.
enum class Family : std::uint8_t { kRegister, kDeregister, kAbandonChallenge, kRead, kUpdateGateway, kRestore, kOther };

Family family_of(Type type) {
  switch (type) {
    case Type::kRegistration:
    case Type::kReRegistration:
      return Family::kRegister;
    case Type::kTimeoutDeregistration:
    case Type::kUserDeregistration:
    case Type::kAdministrativeDeregistration:
      return Family::kDeregister;
    case Type::kAuthenticationFailure:
    case Type::kAuthenticationTimeout:
      return Family::kAbandonChallenge;
    case Type::kAaaUserDataRequest:
      return Family::kRead;
    case Type::kPgwUpdate:
      return Family::kUpdateGateway;
    case Type::kRestoration:
      return Family::kRestore;
    case Type::kNoAssignment:
    case Type::kUnregisteredUser:
    case Type::kTimeoutDeregistrationStoreServerName:
    case Type::kUserDeregistrationStoreServerName:
    case Type::kDeregistrationTooMuchData:
      break;
  }
  return Family::kOther;
}

/// These end something, which must always be possible.
bool lets_go(Family family) { return family == Family::kDeregister || family == Family::kAbandonChallenge; }

/// A refusal at a step, told to whoever watches in the words of its remark.
ServerAssignmentAnswer refuse(const Context& context, std::string_view step, Result result, std::string remark,
                              std::optional<RequestField> failed = {}) {
  context.step(step, [&] { return remark; });
  return {Verdict{result, failed, std::move(remark)}};
}

/// One request while step 4 is carried out.
class Assignment {
 public:
  Assignment(const ServerAssignmentRequest& request, const Non3gppSubscription* subscription, RegistrationState& state,
             const Context& context)
      : request_(request), subscription_(subscription), state_(state), context_(context) {}

  ServerAssignmentAnswer run(Family family) {
    switch (family) {
      case Family::kRegister:
        return register_user();
      case Family::kDeregister:
        return deregister();
      case Family::kAbandonChallenge:
        return abandon_challenge();
      case Family::kRead:
        return read();
      case Family::kUpdateGateway:
        return update_gateway();
      case Family::kRestore:
        return restore();
      case Family::kOther:
        break;
    }
    return refuse_here(result::kInAssignmentType, "not a Server-Assignment-Type of SWx");
  }

 private:
  // Types 1 and 2; RE_REGISTRATION is not in the clause's list, and does as REGISTRATION does.
  ServerAssignmentAnswer register_user() {
    if (roams_where_it_may_not()) return refuse_roaming();
    return with_user_data(take_user());
  }

  // Type 14, after the HSS has asked for it by a Reset-Indication.
  ServerAssignmentAnswer restore() {
    if (roams_where_it_may_not()) return refuse_roaming();
    Restored restored;
    if (subscription_ != nullptr) restored = connections_of(request_.active_apns, *subscription_);
    state_.set_active_apns(std::move(restored.connections));
    return with_user_data(joined(take_user(), restored.remark));
  }

  // Types 4, 5 and 8.
  ServerAssignmentAnswer deregister() {
    if (!state_.now().server) return refuse_as_not_registered();
    state_.forget();
    state_.save();
    return success("the user is with nobody any more");
  }

  // Types 9 and 10. A registration that stands is not touched: a wrong answer must not de-register anybody.
  ServerAssignmentAnswer abandon_challenge() {
    if (!state_.now().server) return refuse_as_not_registered();
    if (state_.registered()) return success("the user stays registered");
    state_.forget();
    state_.save();
    return success("authentication is not pending any more");
  }

  // Type 12.
  ServerAssignmentAnswer read() {
    if (!state_.registered()) return refuse_as_not_registered();
    return with_user_data({});
  }

  // Type 13.
  ServerAssignmentAnswer update_gateway() {
    if (!state_.registered()) return refuse_as_not_registered();
    if (!request_.apn.service_selection) {
      return refuse_here(result::kMissingAvp, "PGW_UPDATE is of an APN, which is missing",
                         RequestField::kServiceSelection);
    }
    const auto name = canonical_apn(*request_.apn.service_selection);
    if (!name) {
      return refuse_here(result::kInvalidAvpValue, "Service-Selection is no APN", RequestField::kServiceSelection);
    }
    const SubscribedApn* const apn = subscription_ == nullptr ? nullptr : subscribed_apn(*subscription_, *name);
    if (apn == nullptr) return refuse_here(result::kUserNoApnSubscription, "APN " + *name + " is not subscribed");

    std::vector<ActiveApn> connections = state_.now().active_apns;
    std::string remark = store_connection(connections, connection_of(request_.apn, *name, *apn));
    state_.set_active_apns(std::move(connections));
    state_.save();
    return success(std::move(remark));
  }

  [[nodiscard]] bool roams_where_it_may_not() const {
    return !request_.emergency && subscription_ != nullptr && !may_roam(*subscription_, request_.apn.visited_network);
  }

  ServerAssignmentAnswer refuse_roaming() const {
    return refuse_here(result::kRoamingNotAllowed, "the visited network is not in the subscription's list");
  }

  /// DEVIATION: TS 29.273 8.1.2.2.2: an AAA server that nobody has stored takes the user with REGISTRATION,
  /// RE_REGISTRATION or RESTORATION alone. Strictly a MAR must come first (DIAMETER_UNABLE_TO_COMPLY); its claim may
  /// have lapsed, and after a loss of the store this is how the users come back.
  std::string take_user() {
    std::string remark = state_.now().server ? "" : "no MAR came before";
    state_.register_with(request_.origin);
    state_.save();
    return remark;
  }

  /// In an emergency there may be no user data.
  [[nodiscard]] ServerAssignmentAnswer with_user_data(std::string remark) const {
    auto answer = success(std::move(remark),
                          describe(state_) + (subscription_ ? ", the user data is returned" : ", no user data"));
    if (subscription_ != nullptr) answer.user_data = user_data(*subscription_, state_.now());
    return answer;
  }

  [[nodiscard]] ServerAssignmentAnswer success(std::string remark, std::string done = {}) const {
    step([&] { return joined(std::move(done), remark); });
    return {Verdict{result::kSuccess, {}, std::move(remark)}};
  }

  [[nodiscard]] ServerAssignmentAnswer refuse_as_not_registered() const {
    return refuse_here(result::kIdentityNotRegistered, describe(state_));
  }

  [[nodiscard]] ServerAssignmentAnswer refuse_here(Result result, std::string remark,
                                                   std::optional<RequestField> failed = {}) const {
    return refuse(context_, kStep4, result, std::move(remark), failed);
  }

  template <typename Found>
  void step(Found&& found) const {
    context_.step(kStep4, found);
  }

  const ServerAssignmentRequest& request_;
  const Non3gppSubscription* subscription_;  // null in an emergency, and where somebody is let go, when there is none
  RegistrationState& state_;
  const Context& context_;
};

}  // namespace

ServerAssignmentAnswer server_assignment(const ServerAssignmentRequest& request, Repository& repository,
                                         const Context& context) {
  // Step 1: the IMSI known.
  auto user = find_user(request.user_name, repository);
  if (!user.subscription) return refuse(context, kStep1, result::kUserUnknown, std::move(user.why_not));
  context.step(kStep1, [&] { return "the user is IMSI " + user.subscription->imsi; });

  // Step 2: another AAA server has the user.
  RegistrationState state(user.subscription->id, repository, context.now);
  if (state.held_elsewhere(request.origin.host)) {
    auto held = refuse_as_held_elsewhere(state, context.settings);
    context.step(kStep2, [&] { return held.verdict.remark; });
    return {std::move(held.verdict), {}, std::move(held.aaa_server)};
  }
  context.step(kStep2, [&] { return describe(state); });

  // Step 3: non-3GPP access allowed; where it is not, nobody has the user from now on.
  const Family family = family_of(request.type);
  const auto subscription = repository.non_3gpp(user.subscription->id);
  const auto why_not = why_no_access(subscription.get());
  if (why_not && !lets_go(family) && !request.emergency) {
    state.forget();
    state.save();
    return refuse(context, kStep3, result::kUserNoNon3gppSubscription, *why_not);
  }
  context.step(kStep3, [&] {
    if (!why_not) return std::string("non-3GPP access is allowed");
    return *why_not + (lets_go(family) ? ", which does not keep the user from leaving" : ", but it is an emergency");
  });

  // Step 4: by type.
  return Assignment(request, subscription.get(), state, context).run(family);
}

}  // namespace hss::swx
