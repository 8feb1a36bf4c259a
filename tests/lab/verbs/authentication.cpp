// The challenge of a registration: HTTP Digest AKA between phone and S-CSCF (RFC 3310), AUTS included.
// SPDX-License-Identifier: MIT
#include <array>

#include "hss/server_assignment_type.h"
#include "provisioning/text.h"
#include "tests/lab/dictionary.h"
#include "tests/lab/digest.h"
#include "tests/lab/verbs/registration.h"
#include "tests/lab/verbs/words.h"

namespace hss::lab {
namespace {

constexpr unsigned kMostResynchronisations = 2;

/// "32 slots, Delta 268435456, no age limit".
std::string window_words(const CardSpec& card) {
  return provisioning::count_of(std::size_t{1} << card.keys.ind_bits, "slot") + ", Delta " +
         std::to_string(card.keys.delta) +
         (card.age_limit ? ", age limit " + std::to_string(*card.age_limit) : ", no age limit");
}

std::string with_keys(const AkaChallenge& challenge, const Vector& vector, bool show) {
  if (show) return www_authenticate(challenge, vector.ck, vector.ik);
  return www_authenticate(challenge) + ", ck=\"(hidden)\", ik=\"(hidden)\"";
}

}  // namespace

std::vector<Vector> Registration::ask_vectors() {
  const MultimediaAuth answer = ask_mar(run_.scscf(phone_), phone_.impi, phone_.impu, server_name_, options_.scheme,
                                        options_.items, std::nullopt, run_.patience());
  if (answer.result != kSuccess) {
    run_.problem(Party::kScscf, "there is nothing to challenge the phone with");
    run_.says(Party::kScscf, Party::kUe, "403 Forbidden");
    throw LabFailure(refusal_words("MAA", answer.result));
  }
  watch_.issued(answer.vectors);
  return answer.vectors;
}

void Registration::send_challenge(const Vector& vector) {
  const bool show = run_.options().show_secrets;
  const AkaChallenge challenge = make_challenge(realm_, vector.rand, vector.autn);
  run_.says(Party::kScscf, Party::kPcscf, "401 Unauthorized",
            {{"WWW-Authenticate", with_keys(challenge, vector, show)}});
  std::vector<std::pair<std::string, std::string>> keys;
  for (const IpsecKey& key : ipsec_keys(vector.ck, vector.ik)) {
    keys.emplace_back(key.algorithm, secret_words(key.key.reveal(), show));
  }
  run_.note(Party::kPcscf, "takes ck and ik out: the keys of its IPsec security associations are made of them", keys);
  run_.says(Party::kPcscf, Party::kUe, "401 Unauthorized", {{"WWW-Authenticate", www_authenticate(challenge)}});
}

void Registration::authenticate(Vector challenge, const BeforeCard& before_card) {
  for (unsigned failures = 0;; ++failures) {
    send_challenge(challenge);
    if (before_card) before_card(challenge);
    const Sqn before = phone_.card.sqn_ms();
    const UsimAnswer answer = phone_.card.authenticate(challenge.rand, challenge.autn);
    if (const auto* response = std::get_if<UsimResponse>(&answer)) {
      respond(challenge, *response, before);
      return;
    }
    const auto* failure = std::get_if<UsimSynchronisationFailure>(&answer);
    if (failure == nullptr) end_with_mac_failure(challenge);
    if (failures == kMostResynchronisations) {
      run_.problem(Party::kUe, "synchronisation failure again: " + why_words(*failure, phone_.card.spec()));
      authentication_failed();
      throw LabFailure("the card refuses the challenge after two resynchronisations: see that the HSS has IND of " +
                       std::to_string(phone_.card.spec().keys.ind_bits) +
                       " bits for it, as the card has, and goes on above SEQ_MS");
    }
    challenge = resynchronise(challenge, *failure);
  }
}

void Registration::respond(const Vector& challenge, const UsimResponse& response, Sqn before) {
  const bool show = run_.options().show_secrets;
  const unsigned ind_bits = phone_.card.spec().keys.ind_bits;
  run_.note(Party::kUe, "the card accepts: MAC-A is right, SQN is fresh in its slot",
            {{"AMF", amf_words(challenge.autn)},
             {"SQN", sqn_words(response.sqn, ind_bits)},
             {"window", window_words(phone_.card.spec())},
             {"SQN_MS before", sqn_words(before, ind_bits)},
             {"SQN_MS now", sqn_words(phone_.card.sqn_ms(), ind_bits)},
             {"RES", secret_words(response.res.reveal(), show)},
             {"CK", secret_words(response.ck.reveal(), show)},
             {"IK", secret_words(response.ik.reveal(), show)}});
  Octets<8> cnonce{};
  run_.random(cnonce);
  const DigestInput input{.username = phone_.impi,
                          .realm = realm_,
                          .nonce = make_challenge(realm_, challenge.rand, challenge.autn).nonce,
                          .uri = request_uri(),
                          .cnonce = to_hex(cnonce)};
  const std::string digest = digest_response(input, response.res.reveal());
  run_.says(Party::kUe, Party::kScscf, "REGISTER " + request_uri(), {{"Authorization", authorization(input, digest)}});

  const bool same_keys = challenge.ck.equals(response.ck) && challenge.ik.equals(response.ik);
  if (digest != digest_response(input, challenge.xres.reveal()) || !same_keys) {
    run_.problem(Party::kScscf, same_keys ? "the response is not the one that XRES gives"
                                          : "CK or IK of the HSS is not the card's: the phone's IPsec would fail");
    authentication_failed();
    throw LabFailure("the vector's XRES, CK or IK is not the card's although MAC-A is right: f2, f3 or f4 differs");
  }
  run_.note(Party::kScscf, "the response is the one that XRES gives: the user is authenticated");
}

Vector Registration::resynchronise(const Vector& challenge, const UsimSynchronisationFailure& failure) {
  watch_.refused(failure);
  const DigestInput input{.username = phone_.impi,
                          .realm = realm_,
                          .nonce = make_challenge(realm_, challenge.rand, challenge.autn).nonce,
                          .uri = request_uri()};
  // RFC 3310 3.4: the response is computed with an empty password.
  run_.says(Party::kUe, Party::kScscf, "REGISTER " + request_uri(),
            {{"Authorization", authorization(input, digest_response(input, {}), to_base64(failure.auts))}});
  const MultimediaAuth answer = ask_mar(run_.scscf(phone_), phone_.impi, phone_.impu, server_name_, options_.scheme, 1,
                                        resynchronisation_token(challenge.rand, failure.auts), run_.patience());
  if (answer.result != kSuccess) end_with_refused_auts(challenge, failure.auts, answer.result);

  watch_.resynchronised(failure, answer.vectors.front());
  return answer.vectors.front();
}

void Registration::end_with_mac_failure(const Vector& challenge) {
  const CardSpec& card = phone_.card.spec();
  run_.problem(Party::kUe, "MAC failure: the card does not take the challenge for one of its own network",
               {{"AMF", amf_words(challenge.autn)}});
  // TS 24.229 5.1.1.5.3: an empty response, and no AUTS.
  const DigestInput input{.username = phone_.impi,
                          .realm = realm_,
                          .nonce = make_challenge(realm_, challenge.rand, challenge.autn).nonce,
                          .uri = request_uri()};
  run_.says(Party::kUe, Party::kScscf, "REGISTER " + request_uri(), {{"Authorization", authorization(input, "")}});
  authentication_failed();
  // A card that is right and refuses all the same has other keys than the HSS: as the one with another K.
  const bool own_fault = card.fault != CardFault::kNone;
  const std::string meaning = own_fault ? std::string(meaning_of(card.fault)) : suspect_words(challenge, card);
  run_.problem(Party::kUe, "what a person sees",
               {{"on the phone", std::string(seen_on_the_phone(own_fault ? card.fault : CardFault::kOtherK))},
                {"it means", meaning}});
  throw LabFailure("not registered: MAC failure: " + meaning);
}

void Registration::end_with_refused_auts(const Vector& challenge, const Octets<14>& auts, const ResultOf& result) {
  const CardSpec& card = phone_.card.spec();
  run_.problem(Party::kScscf, "the HSS refuses the resynchronisation: " + result_text(result));
  authentication_failed();
  const bool own_fault = card.fault != CardFault::kNone;
  const std::string meaning = own_fault ? std::string(meaning_of(card.fault)) : suspect_words(challenge, auts, card);
  run_.problem(Party::kUe, "what a person sees",
               {{"on the phone", std::string(seen_on_the_phone(own_fault ? card.fault : CardFault::kForgedMacS))},
                {"it means", meaning}});
  throw LabFailure("not registered: the HSS refuses the AUTS, " + result_text(result) + ": " + meaning);
}

/// TS 29.228 6.1.2: the HSS need not expect this registration any longer.
void Registration::authentication_failed() {
  run_.says(Party::kScscf, Party::kUe, "403 Forbidden");
  ask_sar(run_.scscf(phone_), phone_.impi, phone_.impu, server_name_,
          static_cast<std::uint32_t>(ServerAssignmentType::kAuthenticationFailure), run_.patience());
}

}  // namespace hss::lab
