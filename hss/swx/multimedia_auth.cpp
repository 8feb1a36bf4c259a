// Multimedia-Auth on SWx, TS 29.273 8.1.2.1. Steps are numbered in the order in which the clause asks for them.
// SPDX-License-Identifier: MIT
#include "hss/swx/multimedia_auth.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "hss/ascii.h"
#include "hss/auc.h"
#include "hss/eap_aka_prime.h"
#include "hss/resynchronisation_token.h"
#include "hss/swx/access.h"
#include "hss/swx/registration_state.h"
#include "hss/swx/registration_termination.h"

namespace hss::swx {

std::string_view name_of(EapScheme scheme) { return scheme == EapScheme::kEapAkaPrime ? "EAP-AKA'" : "EAP-AKA"; }

namespace {

constexpr std::string_view kStep1 = "TS 29.273 8.1.2.1 step 1";
constexpr std::string_view kStep2 = "TS 29.273 8.1.2.1 step 2";
constexpr std::string_view kStep3 = "TS 29.273 8.1.2.1 step 3";
constexpr std::string_view kStep4 = "TS 29.273 8.1.2.1 step 4";
constexpr std::string_view kStep5 = "TS 29.273 8.1.2.1 step 5";
constexpr std::string_view kStep6 = "TS 29.273 8.1.2.1 step 6";
constexpr std::string_view kStep7 = "TS 29.273 8.1.2.1 step 7";
constexpr std::string_view kStep8 = "TS 29.273 8.1.2.1 step 8";

/// A refusal at a step, told to whoever watches in the words of its remark.
MultimediaAuthAnswer refuse(const Context& context, std::string_view step, Result result, std::string remark,
                            std::optional<RequestField> failed = {}) {
  context.step(step, [&] { return remark; });
  return {Verdict{result, failed, std::move(remark)}};
}

// ---- Steps 2 to 4 ---------------------------------------------------------------------------------------------------

/// Why the subscription does not let the user in as it comes; nullopt: it does.
std::optional<MultimediaAuthAnswer> not_allowed(const MultimediaAuthRequest& request,
                                                const Non3gppSubscription* subscription, const Context& context) {
  // DEVIATION: TS 29.273 8.1.2.1: an emergency attach is let in without a non-3GPP subscription; its RAT-Type and its
  // visited network are not looked at either, for none of them should keep anybody from an emergency call.
  if (request.emergency) {
    context.step(kStep2, [] { return std::string("an emergency: subscription, RAT-Type and roaming do not matter"); });
    return std::nullopt;
  }
  if (auto why_not = why_no_access(subscription)) {
    return refuse(context, kStep2, result::kUserNoNon3gppSubscription, *std::move(why_not));
  }
  context.step(kStep2, [] { return std::string("non-3GPP access is allowed"); });

  const auto& forbidden = subscription->forbidden_rat_types;
  if (request.rat_type && std::ranges::find(forbidden, *request.rat_type) != forbidden.end()) {
    return refuse(context, kStep3, result::kRatTypeNotAllowed,
                  "RAT-Type " + rat_type_text(*request.rat_type) + " is not allowed");
  }
  context.step(kStep3, [&] {
    std::string found =
        request.rat_type ? "RAT-Type " + rat_type_text(*request.rat_type) + " is allowed" : "no RAT-Type";
    if (request.trusted) found += *request.trusted ? ", the access network is trusted" : ", it is untrusted";
    return found;
  });

  if (!may_roam(*subscription, request.visited_network)) {
    return refuse(context, kStep4, result::kRoamingNotAllowed, "the visited network is not in the subscription's list");
  }
  context.step(kStep4, [&] {
    return std::string(request.visited_network ? "it may roam in the visited network" : "no visited network");
  });
  return std::nullopt;
}

// ---- Step 5 ---------------------------------------------------------------------------------------------------------

/// What a MAR that is answered with vectors makes of the state.
std::string describe_move(const RegistrationState& state, const DiameterNode& origin) {
  if (state.held_elsewhere(origin.host)) {
    return describe(state) + ", which has failed: the one that asks takes its place";
  }
  if (state.registered()) return describe(state) + ", which asks: nothing changes";
  return describe(state) + ": the one that asks is stored, authentication is pending";
}

// ---- Step 6 ---------------------------------------------------------------------------------------------------------

std::optional<EapScheme> scheme_called(std::string_view name, const SwxSettings& settings) {
  for (const EapScheme scheme : {EapScheme::kEapAka, EapScheme::kEapAkaPrime}) {
    if (ascii::same_without_case(name, name_of(scheme))) return scheme;
  }
  // DEVIATION: TS 29.273 8.1.2.1: a simulator of AAA servers in wide use writes the scheme of Cx and means EAP-AKA;
  // swx.accept_digest_scheme serves it.
  if (settings.accept_digest_scheme && ascii::same_without_case(name, "Digest-AKAv1-MD5")) return EapScheme::kEapAka;
  return std::nullopt;
}

struct Authentication {
  EapScheme scheme = EapScheme::kEapAka;
  std::shared_ptr<const KeySet> key_set;
};

/// The scheme, and everything that it needs to issue a vector.
std::variant<Authentication, MultimediaAuthAnswer> select_authentication(const MultimediaAuthRequest& request,
                                                                         const Subscription& subscription,
                                                                         Repository& repository,
                                                                         const Context& context) {
  const auto scheme = scheme_called(request.scheme, context.settings.swx);
  if (!scheme) {
    return refuse(context, kStep6, result::kAuthSchemeNotSupported, "the scheme is neither EAP-AKA nor EAP-AKA'");
  }
  if (!subscription.usim) {
    return refuse(context, kStep6, result::kAuthSchemeNotSupported, "the subscription has no AKA key set");
  }
  auto key_set = repository.key_set(*subscription.usim);
  if (!key_set) throw StoreFault("the key set of a subscription is missing");
  if (!may_be_used(*key_set)) {
    return refuse(context, kStep6, result::kUnableToComply, "the key set has the XOR algorithm, and is not for tests");
  }
  if (scheme == EapScheme::kEapAkaPrime) {
    if (!request.anid) {
      return refuse(context, kStep6, result::kMissingAvp, "EAP-AKA' binds its keys to ANID, which is missing",
                    RequestField::kAnid);
    }
    if (request.anid->empty() || request.anid->size() > eap_aka_prime::kLongestAccessNetwork) {
      return refuse(context, kStep6, result::kInvalidAvpValue, "ANID is empty, or longer than EAP-AKA' can bind",
                    RequestField::kAnid);
    }
  }
  context.step(kStep6, [&] {
    return "the scheme is " + std::string(name_of(*scheme)) +
           (scheme == EapScheme::kEapAkaPrime ? ", its keys are bound to ANID" : "");
  });
  return Authentication{*scheme, std::move(key_set)};
}

// ---- Step 7 ---------------------------------------------------------------------------------------------------------

/// What the AUTS did, or a refusal. SEQ belongs to the key set: Cx goes on with it too.
std::variant<std::string, MultimediaAuthAnswer> take_auts(BytesView sip_authorization, const KeySet& key_set,
                                                          VectorRequester requester, Repository& repository,
                                                          const Context& context) {
  const auto token = ResynchronisationToken::parse(sip_authorization);
  if (!token) {
    return refuse(context, kStep7, result::kInvalidAvpValue, "a resynchronisation is RAND and AUTS, 30 octets",
                  RequestField::kSipAuthorization);
  }
  const auto outcome = resynchronise(key_set, token->rand, token->auts, requester, repository, context);
  if (const auto* refusal = std::get_if<ResynchronisationRefusal>(&outcome)) {
    return refuse(context, kStep7, result::kUnableToComply, describe(*refusal));
  }
  std::string done = describe(std::get<ResynchronisationRecord>(outcome));
  context.step(kStep7, [&] { return done; });
  return done;
}

// ---- Step 8 ---------------------------------------------------------------------------------------------------------

/// "AMF separation bit", TS 33.102 Annex H: the first of the 16 bits.
constexpr std::uint8_t kSeparationBit = 0x80;

/// As many as were asked for, up to the setting; one after a resynchronisation, for the AAA server throws stored
/// vectors away (TS 33.102 6.3.5). None when SEQ is at its end.
std::vector<AuthItem> vector_items(const MultimediaAuthRequest& request, const Authentication& with,
                                   VectorRequester requester, Repository& repository, const Context& context) {
  const unsigned most = std::max(context.settings.swx.max_vectors, 1U);
  const unsigned count = request.sip_authorization ? 1 : std::clamp<std::uint32_t>(request.number_of_items, 1, most);

  KeySet key_set = *with.key_set;
  // TS 33.402 6.2: the UE rejects EAP-AKA' without it, however the key set was provisioned; MAC-A is made with it.
  if (with.scheme == EapScheme::kEapAkaPrime) key_set.amf[0] |= kSeparationBit;

  std::vector<AuthItem> items;
  for (AkaVector& vector : issue_vectors(key_set, count, requester, repository, context)) {
    if (with.scheme == EapScheme::kEapAkaPrime) {
      const auto keys = eap_aka_prime::derive_keys(vector.ck, vector.ik, request.anid.value(), vector.autn);
      vector.ck = keys.ck_prime;
      vector.ik = keys.ik_prime;
    }
    items.push_back({static_cast<std::uint32_t>(items.size() + 1), with.scheme, std::move(vector)});
  }
  return items;
}

/// The AAA server that asks is the one from now on; one that had the user registered and was said to have failed is
/// told, should it be there still.
std::string take_user(RegistrationState& state, const Subscription& subscription, const DiameterNode& origin,
                      Repository& repository, const Context& context) {
  std::string remark;
  if (state.held_elsewhere(origin.host)) {
    const AaaServer old = state.now().server.value();
    remark = "AAA-Failure-Indication: " + old.host + " is replaced";
    if (state.registered()) request_release(subscription.imsi, old, repository, context);
  }
  state.expect(origin, context.now + static_cast<UnixTime>(context.settings.swx.auth_pending_seconds));
  state.save();
  return remark;
}

}  // namespace

MultimediaAuthAnswer multimedia_auth(const MultimediaAuthRequest& request, Repository& repository,
                                     const Context& context) {
  // Step 1: the IMSI known.
  auto user = find_user(request.user_name, repository);
  if (!user.subscription) return refuse(context, kStep1, result::kUserUnknown, std::move(user.why_not));
  const Subscription& subscription = *user.subscription;
  context.step(kStep1, [&] { return "the user is IMSI " + subscription.imsi; });

  // Steps 2 to 4: non-3GPP access, the RAT type, and roaming allowed.
  if (auto refusal = not_allowed(request, repository.non_3gpp(subscription.id).get(), context)) {
    return *std::move(refusal);
  }

  // Step 5: the AAA server. What follows from it is done when a vector is issued, at the end.
  RegistrationState state(subscription.id, repository, context.now);
  if (state.held_elsewhere(request.origin.host) && !request.aaa_failure) {
    auto held = refuse_as_held_elsewhere(state, context.settings);
    context.step(kStep5, [&] { return held.verdict.remark; });
    return {std::move(held.verdict), {}, std::move(held.aaa_server)};
  }
  context.step(kStep5, [&] { return describe_move(state, request.origin); });

  // Step 6: the scheme, and what it needs.
  auto selected = select_authentication(request, subscription, repository, context);
  if (auto* refusal = std::get_if<MultimediaAuthAnswer>(&selected)) return std::move(*refusal);
  const Authentication& with = std::get<Authentication>(selected);

  // Step 7: resynchronisation.
  const VectorRequester requester{Application::kSwx, request.origin.host};
  std::string remark;
  if (request.sip_authorization) {
    auto outcome = take_auts(*request.sip_authorization, *with.key_set, requester, repository, context);
    if (auto* refusal = std::get_if<MultimediaAuthAnswer>(&outcome)) return std::move(*refusal);
    remark = std::get<std::string>(std::move(outcome));
  } else {
    context.step(kStep7, [] { return std::string("no resynchronisation"); });
  }

  // Step 8: vectors; without one nothing changes.
  MultimediaAuthAnswer answer;
  answer.items = vector_items(request, with, requester, repository, context);
  if (answer.items.empty()) {
    return refuse(context, kStep8, result::kUnableToComply,
                  "SEQ of the key set is at its end: the USIM must be replaced");
  }
  context.step(kStep8, [&] { return "items in the answer: " + std::to_string(answer.items.size()); });

  remark = joined(std::move(remark), take_user(state, subscription, request.origin, repository, context));
  answer.verdict = Verdict{result::kSuccess, {}, std::move(remark)};
  return answer;
}

}  // namespace hss::swx
