// Multimedia-Auth, TS 29.228 6.3.1. Steps are numbered as the clause numbers them.
// SPDX-License-Identifier: MIT
#include "hss/cx/multimedia_auth.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "hss/ascii.h"
#include "hss/auc.h"
#include "hss/cx/identities.h"
#include "hss/cx/registration_state.h"
#include "hss/resynchronisation_token.h"

namespace hss::cx {
namespace {

constexpr std::string_view kSteps1And2 = "TS 29.228 6.3.1 steps 1 and 2";
constexpr std::string_view kStep3 = "TS 29.228 6.3.1 step 3";
constexpr std::string_view kStep4 = "TS 29.228 6.3.1 step 4";
constexpr std::string_view kStep5 = "TS 29.228 6.3.1 step 5";
constexpr std::string_view kStep6 = "TS 29.228 6.3.1 step 6";

/// A refusal at a step, told to whoever watches in the words of its remark.
MultimediaAuthAnswer refuse(const Context& context, std::string_view step, Result result, std::string remark,
                            std::optional<RequestField> failed = {}) {
  context.step(step, [&] { return remark; });
  return {Verdict{result, failed, std::move(remark)}, {}};
}

// ---- Step 3 ---------------------------------------------------------------------------------------------------------

constexpr std::string_view kUnknownScheme = "Unknown";

struct SchemeName {
  std::string_view name;
  AuthScheme scheme;
};

/// What S-CSCFs write, and what it means: the names of TS 29.229 6.3.9 and those in use beside them. The versions of
/// Digest-AKA differ between S-CSCF and UE only (RFC 4169): their vector is the same.
constexpr SchemeName kSchemeNames[] = {
    {"Digest-AKAv1-MD5", AuthScheme::kDigestAkaV1Md5},
    {"Digest-AKAv2-MD5", AuthScheme::kDigestAkaV1Md5},
    {"Digest-AKAv2-SHA-256", AuthScheme::kDigestAkaV1Md5},
    {"SIP Digest", AuthScheme::kSipDigest},
    {"Digest-MD5", AuthScheme::kSipDigest},
    {"Digest", AuthScheme::kSipDigest},
    {"HTTP_DIGEST_MD5", AuthScheme::kSipDigest},
    {"Early-IMS-Security", AuthScheme::kEarlyImsSecurity},
    {"NASS-Bundled", AuthScheme::kNassBundled},
};

/// The scheme to answer with, or why the identity cannot be authenticated as asked.
/// DEVIATION: TS 29.228 6.3.1 step 3: "Unknown" from an S-CSCF for an AKA identity is
/// DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED by the letter (cx.unknown_scheme = "strict"); S-CSCFs in use send it to
/// mean "the HSS selects", and get AKA by default.
std::variant<AuthScheme, std::string> select_scheme(std::string_view asked, const PrivateIdentity& identity,
                                                    UnknownScheme mode) {
  const std::string own(name_of(identity.scheme));
  if (ascii::same_without_case(asked, kUnknownScheme)) {
    if (mode == UnknownScheme::kStrict && identity.scheme == AuthScheme::kDigestAkaV1Md5) {
      return "the scheme is left open, which strictly is not for " + own;
    }
    if (!identity.supports(identity.scheme))
      return "the private identity has no credentials for its own scheme, " + own;
    return identity.scheme;
  }
  const auto* const named = std::ranges::find_if(
      kSchemeNames, [&](const SchemeName& each) { return ascii::same_without_case(asked, each.name); });
  if (named == std::end(kSchemeNames)) return "there is no such scheme; the private identity's own is " + own;
  if (!identity.supports(named->scheme)) {
    return "the private identity has no credentials for " + std::string(name_of(named->scheme)) +
           "; its own scheme is " + own;
  }
  return named->scheme;
}

// ---- Step 4 ---------------------------------------------------------------------------------------------------------

/// What the AUTS did, or a refusal. `key_set` is null when the scheme is not AKA. The S-CSCF that challenged is the one
/// that is stored; none is when the flag has lapsed.
std::variant<std::string, MultimediaAuthAnswer> take_auts(const MultimediaAuthRequest& request, const KeySet* key_set,
                                                          const RegistrationState& state, VectorRequester requester,
                                                          Repository& repository, const Context& context) {
  if (key_set == nullptr) {
    return refuse(context, kStep4, result::kInvalidAvpValue, "a resynchronisation is of AKA, which this scheme is not",
                  RequestField::kSipAuthorization);
  }
  const auto token = ResynchronisationToken::parse(*request.sip_authorization);
  if (!token) {
    return refuse(context, kStep4, result::kInvalidAvpValue, "a resynchronisation is RAND and AUTS, 30 octets",
                  RequestField::kSipAuthorization);
  }
  if (state.served_elsewhere(request.server_name)) {
    return refuse(context, kStep4, result::kUnableToComply,
                  "resynchronisation by another S-CSCF than " + state.server()->name);
  }
  const auto outcome = resynchronise(*key_set, token->rand, token->auts, requester, repository, context);
  if (const auto* refusal = std::get_if<ResynchronisationRefusal>(&outcome)) {
    return refuse(context, kStep4, result::kUnableToComply, describe(*refusal));
  }
  std::string done = describe(std::get<ResynchronisationRecord>(outcome));
  context.step(kStep4, [&] { return done; });
  return done;
}

// ---- Step 5 ---------------------------------------------------------------------------------------------------------

/// These are decided by one look at the address or the line: there is no challenge whose answer could be awaited.
bool challenges(AuthScheme scheme) { return scheme == AuthScheme::kDigestAkaV1Md5 || scheme == AuthScheme::kSipDigest; }

std::string describe_move(const RegistrationState& state, RegistrationStatus status, bool stays, AuthScheme scheme) {
  std::string found(name_of(status));
  found += state.server() ? ", S-CSCF " + state.server()->name : ", no S-CSCF is stored";
  if (stays) return found + ": its own S-CSCF asks, nothing changes";
  return found + (challenges(scheme) ? ": the S-CSCF that asks is stored, authentication is pending"
                                     : ": the S-CSCF that asks takes the user, no authentication is pending");
}

// ---- Step 6 ---------------------------------------------------------------------------------------------------------

/// The one item of a scheme other than AKA.
AuthItem stored_item(const PrivateIdentity& identity, AuthScheme scheme, Repository& repository) {
  AuthItem item{1, scheme, {}};
  if (scheme == AuthScheme::kSipDigest) {
    auto digest = repository.sip_digest(identity.id);
    if (!digest) throw StoreFault("the SIP Digest credentials of a private identity are missing");
    item.data = *std::move(digest);
  } else if (scheme == AuthScheme::kEarlyImsSecurity) {
    item.data = identity.framed_address.value();
  } else {
    item.data = LineIdentifiers{identity.line_identifiers};
  }
  return item;
}

/// As many as were asked for, up to the setting; one after a resynchronisation, for the S-CSCF throws stored vectors
/// away and more would be stale (TS 33.102 6.3.5). None when SEQ is at its end.
std::vector<AuthItem> vector_items(const MultimediaAuthRequest& request, const KeySet& key_set,
                                   VectorRequester requester, Repository& repository, const Context& context) {
  const unsigned count =
      request.sip_authorization
          ? 1
          : std::clamp<std::uint32_t>(request.number_of_items, 1, std::max(context.settings.cx.max_vectors, 1U));
  std::vector<AuthItem> items;
  for (auto& vector : issue_vectors(key_set, count, requester, repository, context)) {
    items.push_back({static_cast<std::uint32_t>(items.size() + 1), AuthScheme::kDigestAkaV1Md5, std::move(vector)});
  }
  return items;
}

}  // namespace

MultimediaAuthAnswer multimedia_auth(const MultimediaAuthRequest& request, Repository& repository,
                                     const Context& context) {
  // Steps 1 and 2: both identities known, and one may use the other.
  auto found = find_pair(request.user_name, request.public_identity, repository);
  if (auto* verdict = std::get_if<Verdict>(&found)) {
    context.step(kSteps1And2, [&] { return verdict->remark; });
    return {std::move(*verdict), {}};
  }
  const IdentityPair& pair = std::get<IdentityPair>(found);
  const PrivateIdentity& identity = *pair.private_identity;
  context.step(kSteps1And2, [&] { return identity.impi + " may use " + pair.public_identity->impu; });

  // Step 3: the scheme, and what it needs.
  const auto selected = select_scheme(request.scheme, identity, context.settings.cx.unknown_scheme);
  if (const auto* why_not = std::get_if<std::string>(&selected)) {
    return refuse(context, kStep3, result::kAuthSchemeNotSupported, *why_not);
  }
  const AuthScheme scheme = std::get<AuthScheme>(selected);
  std::shared_ptr<const KeySet> key_set;
  if (scheme == AuthScheme::kDigestAkaV1Md5) {
    key_set = repository.key_set(identity.key_set.value());
    if (!key_set) throw StoreFault("the key set of a private identity is missing");
    if (!may_be_used(*key_set)) {
      return refuse(context, kStep3, result::kUnableToComply,
                    "the key set has the XOR algorithm, and is not for tests");
    }
  }
  context.step(kStep3, [&] { return "the scheme is " + std::string(name_of(scheme)); });

  // Step 4: resynchronisation.
  RegistrationState state(*pair.subscription, repository, context.now);
  const VectorRequester requester{Application::kCx, request.origin.host};
  std::string remark;
  if (request.sip_authorization) {
    auto outcome = take_auts(request, key_set.get(), state, requester, repository, context);
    if (auto* refusal = std::get_if<MultimediaAuthAnswer>(&outcome)) return std::move(*refusal);
    remark = std::get<std::string>(std::move(outcome));
  } else {
    context.step(kStep4, [] { return std::string("no resynchronisation"); });
  }

  // Step 5: a registered user at its own S-CSCF is just re-authenticated; anybody else is now expected by this S-CSCF.
  const ImplicitSetId set = pair.public_identity->implicit_set;
  const RegistrationStatus status = state.status(set);
  const bool stays = status == RegistrationStatus::kRegistered && state.served_by(request.server_name) &&
                     state.holds_registrations(request.server_name);
  context.step(kStep5, [&] { return describe_move(state, status, stays, scheme); });

  // Step 6, before the state is touched: without an item nothing changes.
  MultimediaAuthAnswer answer;
  if (key_set) {
    answer.items = vector_items(request, *key_set, requester, repository, context);
    if (answer.items.empty()) {
      return refuse(context, kStep6, result::kUnableToComply,
                    "SEQ of the key set is at its end: the USIM must be replaced");
    }
  } else {
    answer.items.push_back(stored_item(identity, scheme, repository));
  }
  context.step(kStep6, [&] { return "items in the answer: " + std::to_string(answer.items.size()); });

  if (!stays) {
    state.assign(request.server_name, request.origin);
    // DEVIATION: TS 29.228 6.3.1 step 5: where no authentication is pending, the name is stored only while the
    // subscription has a registration that holds it. A name that nothing holds would pin the user to this S-CSCF
    // without an end; the SAR that follows at once stores it.
    if (challenges(scheme)) {
      // Somebody who asks again and again moves it on now and then, not with every vector.
      const auto lifetime = static_cast<UnixTime>(context.settings.cx.auth_pending_seconds);
      state.set_auth_pending(set, identity.id, context.now + lifetime, lifetime / 2);
    }
    state.save();
  }
  answer.verdict = Verdict{result::kSuccess, {}, std::move(remark)};
  return answer;
}

}  // namespace hss::cx
