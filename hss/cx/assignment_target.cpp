// SPDX-License-Identifier: MIT
#include "hss/cx/assignment_target.h"

#include <algorithm>

#include "hss/cx/identities.h"

namespace hss::cx {
namespace {

using Family = AssignmentFamily;
using Type = ServerAssignmentType;

constexpr std::string_view kStep1 = "TS 29.228 6.1.2.1 step 1";
constexpr std::string_view kStep2 = "TS 29.228 6.1.2.1 step 2";
constexpr std::string_view kStep3 = "TS 29.228 6.1.2.1 step 3";
constexpr std::string_view kStep4 = "TS 29.228 6.1.2.1 step 4";

bool deregisters(Family family) { return family == Family::kDeregister || family == Family::kDeregisterStoreName; }

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

/// Step 4: a service is not registered, so only what concerns its S-CSCF makes sense.
bool fits_service(Type type) {
  return type == Type::kNoAssignment || type == Type::kUnregisteredUser ||
         type == Type::kAdministrativeDeregistration || type == Type::kDeregistrationTooMuchData;
}

/// Steps 2 and 4 over the identities of one request.
class Search {
 public:
  Search(const ServerAssignmentRequest& request, Repository& repository) : request_(request), repository_(repository) {}

  /// Step 2: every given identity known, and all of them belonging together. One that is unknown tells more than two
  /// that do not match, whatever their order.
  std::variant<AssignmentTarget, Verdict> run() {
    if (request_.user_name) {
      const PrivateOwner owner = find_private(*request_.user_name, repository_);
      if (!owner.subscription) return Verdict{result::kUserUnknown, {}, "no such private identity"};
      target_.subscription = owner.subscription;
      target_.private_identity = owner.private_identity;
    }
    std::optional<Verdict> mismatch;
    for (const std::string& impu : request_.public_identities) {
      const PublicOwner owner = find_public(impu, request_.wildcarded_public_identity, repository_);
      if (!owner.subscription) return Verdict{result::kUserUnknown, {}, "no such public identity"};
      if (!target_.subscription) target_.subscription = owner.subscription;
      if (auto verdict = add(owner)) mismatch = verdict;
    }
    if (mismatch) return *mismatch;
    return target_;
  }

  /// Step 4, after run(): the refusal, or nothing.
  [[nodiscard]] std::optional<Verdict> refuse_service() const {
    for (const PublicIdentity* identity : found_) {
      if (identity->is_psi() && !identity->psi_active) {
        return Verdict{result::kUserUnknown, {}, "the public service identity is not active"};
      }
    }
    for (const PublicIdentity* identity : found_) {
      if (identity->is_psi() && !fits_service(request_.type)) {
        return Verdict{result::kInAssignmentType, {}, "a public service identity is not registered"};
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] bool has_service() const {
    return std::ranges::any_of(found_, [](const PublicIdentity* each) { return each->is_psi(); });
  }

 private:
  std::optional<Verdict> add(const PublicOwner& owner) {
    const PublicIdentity* const identity = owner.subscription->id == target_.subscription->id
                                               ? target_.subscription->public_by_id(owner.identity->id)
                                               : nullptr;
    if (identity == nullptr) {
      return Verdict{result::kIdentitiesDontMatch, {}, "the identities belong to different subscriptions"};
    }
    if (target_.private_identity != nullptr &&
        !target_.subscription->associated(target_.private_identity->id, identity->implicit_set)) {
      return Verdict{result::kIdentitiesDontMatch, {}, "the private identity may not use the public one"};
    }
    found_.push_back(identity);
    if (std::ranges::find(target_.sets, identity->implicit_set) == target_.sets.end()) {
      target_.sets.push_back(identity->implicit_set);
    }
    if (!target_.wildcard_expression && identity->is_wildcarded()) {
      target_.wildcard = identity->id;
      target_.wildcard_expression = identity->impu;
      target_.wildcard_instance = owner.instance;
    }
    return std::nullopt;
  }

  const ServerAssignmentRequest& request_;
  Repository& repository_;
  AssignmentTarget target_;
  std::vector<const PublicIdentity*> found_;
};

std::string describe(const AssignmentTarget& target) {
  std::string text = "known";
  if (target.private_identity != nullptr) text += ", private identity " + target.private_identity->impi;
  if (target.wildcard_expression) text += ", by the wildcard " + *target.wildcard_expression;
  return text;
}

}  // namespace

AssignmentFamily family_of(ServerAssignmentType type) {
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

std::variant<AssignmentTarget, Verdict> find_target(const ServerAssignmentRequest& request, AssignmentFamily family,
                                                    Repository& repository, const Context& context) {
  // Step 1: the identities that the type needs.
  if (const auto field = missing(request, family)) {
    context.step(kStep1, [&] {
      return std::string(*field == RequestField::kUserName ? "User-Name" : "Public-Identity") + " is missing";
    });
    return Verdict{result::kMissingAvp, field, {}};
  }
  context.step(kStep1, [] { return std::string("the identities that the type needs are there"); });

  // Step 2: the given ones are known and belong together.
  Search search(request, repository);
  auto found = search.run();
  if (const auto* verdict = std::get_if<Verdict>(&found)) {
    context.step(kStep2, [&] { return verdict->remark; });
    return found;
  }
  context.step(kStep2, [&] { return describe(std::get<AssignmentTarget>(found)); });

  // Step 3: several public identities only to de-register.
  const std::size_t count = request.public_identities.size();
  context.step(kStep3,
               [&] { return std::to_string(count) + (count == 1 ? " public identity" : " public identities"); });
  if (count > 1 && !deregisters(family)) {
    return Verdict{result::kAvpOccursTooManyTimes, RequestField::kPublicIdentity,
                   "several public identities only with a de-registration"};
  }

  // Step 4: services.
  if (auto verdict = search.refuse_service()) {
    context.step(kStep4, [&] { return verdict->remark; });
    return *verdict;
  }
  context.step(kStep4, [&] {
    return std::string(search.has_service() ? "an active service, and a type that fits it" : "no service");
  });
  return found;
}

}  // namespace hss::cx
