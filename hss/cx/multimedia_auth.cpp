// Multimedia-Auth, TS 29.228 6.3.1. Steps are numbered as the clause numbers them.
// SPDX-License-Identifier: MIT
#include "hss/cx/multimedia_auth.h"

#include <algorithm>
#include <iterator>

#include "hss/auc.h"
#include "hss/cx/identities.h"
#include "hss/cx/registration_state.h"

namespace hss::cx {
namespace {

constexpr std::size_t kResynchronisationOctets = 30;  // RAND (16) || AUTS (14), TS 29.229 6.3.11

MultimediaAuthAnswer refuse(Result result, std::string remark, std::optional<RequestField> failed = {}) {
  return {Verdict{result, failed, std::move(remark)}, {}};
}

bool same_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// The scheme to answer with, or none when the identity cannot be authenticated as asked.
/// DEVIATION: TS 29.228 6.3.1 step 3: "Unknown" from an S-CSCF for an AKA identity is
/// DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED by the letter (cx.unknown_scheme = "strict"); S-CSCFs in use send it to
/// mean "the HSS selects", and get AKA by default.
std::optional<AuthScheme> select_scheme(std::string_view asked, const PrivateIdentity& identity, UnknownScheme mode) {
  if (!identity.key_set) return std::nullopt;
  if (same_without_case(asked, "Unknown")) {
    return mode == UnknownScheme::kOwn ? std::optional(identity.scheme) : std::nullopt;
  }
  return same_without_case(asked, name_of(identity.scheme)) ? std::optional(identity.scheme) : std::nullopt;
}

std::string describe(const ResynchronisationRecord& record) {
  const char* const action = record.action == ResynchronisationRecord::Action::kKept ? "kept, the USIM accepts the next"
                             : record.action == ResynchronisationRecord::Action::kRaised
                                 ? "raised to the USIM's"
                                 : "lowered to the USIM's, it was more than delta ahead";
  return "resynchronised: SEQ_HE " + std::to_string(record.seq_he) + ", SEQ_MS " + std::to_string(record.seq_ms) +
         ": " + action;
}

}  // namespace

MultimediaAuthAnswer multimedia_auth(const MultimediaAuthRequest& request, Repository& repository,
                                     const Context& context) {
  // Steps 1 and 2: both identities known, and one may use the other.
  auto found = find_pair(request.user_name, request.public_identity, repository);
  if (auto* verdict = std::get_if<Verdict>(&found)) return {std::move(*verdict), {}};
  const IdentityPair& pair = std::get<IdentityPair>(found);

  // Step 3: the scheme.
  const auto scheme = select_scheme(request.scheme, *pair.private_identity, context.settings.cx.unknown_scheme);
  if (!scheme) return refuse(result::kAuthSchemeNotSupported, "not a scheme of this private identity");
  const auto key_set = repository.key_set(*pair.private_identity->key_set);
  if (!key_set) throw StoreFault("the key set of a private identity is missing");

  RegistrationState state(*pair.subscription, repository, context.now);
  const VectorRequester requester{Application::kCx, request.origin.host};
  std::string remark;
  unsigned count = std::clamp<std::uint32_t>(request.number_of_items, 1, context.settings.cx.max_vectors);

  // Step 4: resynchronisation. The S-CSCF that challenged is the one that is stored; none is when the flag has lapsed.
  if (request.sip_authorization) {
    const Bytes& token = *request.sip_authorization;
    if (token.size() != kResynchronisationOctets) {
      return refuse(result::kInvalidAvpValue, "a resynchronisation is RAND and AUTS, 30 octets",
                    RequestField::kSipAuthorization);
    }
    if (state.served_elsewhere(request.server_name)) {
      return refuse(result::kUnableToComply, "resynchronisation by another S-CSCF than " + state.server()->name);
    }
    Octets<16> rand{};
    Octets<14> auts{};
    std::copy_n(token.begin(), rand.size(), rand.begin());
    std::copy_n(std::next(token.begin(), rand.size()), auts.size(), auts.begin());
    const auto outcome = resynchronise(*key_set, rand, auts, requester, repository, context);
    if (const auto* refusal = std::get_if<ResynchronisationRefusal>(&outcome)) {
      return refuse(result::kUnableToComply,
                    *refusal == ResynchronisationRefusal::kWrongMac
                        ? "resynchronisation refused: MAC-S is wrong (K, OPc or the RAND differ); SEQ is untouched"
                        : "resynchronisation refused: it would lower SEQ, and its RAND was not lately sent");
    }
    remark = describe(std::get<ResynchronisationRecord>(outcome));
    count = 1;  // the S-CSCF throws stored vectors away, more would be stale (TS 33.102 6.3.5)
  }

  // Step 6, before the state is touched: without a vector nothing changes.
  MultimediaAuthAnswer answer;
  for (auto& vector : issue_vectors(*key_set, count, requester, repository, context)) {
    answer.items.push_back({static_cast<std::uint32_t>(answer.items.size() + 1), *scheme, std::move(vector)});
  }
  if (answer.items.empty()) {
    return refuse(result::kUnableToComply, "SEQ of the key set is at its end: the USIM must be replaced");
  }

  // Step 5: a registered user at its own S-CSCF is just re-authenticated; anybody else is now expected by this S-CSCF.
  const ImplicitSetId set = pair.public_identity->implicit_set;
  if (state.status(set) != RegistrationStatus::kRegistered || !state.served_by(request.server_name)) {
    state.assign(request.server_name, request.origin);
    state.set_auth_pending(set, pair.private_identity->id,
                           context.now + static_cast<UnixTime>(context.settings.cx.auth_pending_seconds));
    state.save();
  }
  answer.verdict = Verdict{result::kSuccess, {}, std::move(remark)};
  return answer;
}

}  // namespace hss::cx
