// SPDX-License-Identifier: MIT
#include "tests/lab/verbs/wifi_access.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "hss/eap_aka_prime.h"
#include "hss/identity.h"
#include "hss/server_assignment_type.h"
#include "tests/lab/dictionary.h"
#include "tests/lab/output/reading.h"
#include "tests/lab/verbs/jump.h"
#include "tests/lab/verbs/words.h"

namespace hss::lab {
namespace {

constexpr unsigned kMostResynchronisations = 2;
constexpr std::uint8_t kSeparationBit = 0x80;  // of AMF's first octet, TS 33.102 Annex H

// TS 29.273 8.2.3
constexpr AvpId kNon3gppIpAccess{1501, kVendor3gpp};
constexpr std::uint32_t kBarred = 1;
constexpr std::uint32_t kWlan = 0;  // RAT-Type, TS 29.212 5.3.31

struct Advice {
  ResultOf result;
  std::string_view text;
};
/// Where SWx has other words than Cx.
constexpr Advice kAdvice[] = {
    {{kVendor3gpp, 5001}, "the HSS has no user of this IMSI: see which one it was given"},
    {{kVendor3gpp, 5003}, "the user is with no AAA server, by what the HSS knows"},
    {{kVendor3gpp, 5004}, "the user may not come in from this network"},
    {{kVendor3gpp, 5005}, "another AAA server has the user: de-register there, or play that one with --aaa-host"},
    {{kVendor3gpp, 5006}, "the HSS has no keys for EAP of this user, or does not know the scheme"},
};

std::string refusal(std::string_view answer, const ResultOf& result) {
  const auto* const found = std::ranges::find(kAdvice, result, &Advice::result);
  if (found == std::end(kAdvice)) return refusal_words(answer, result);
  return std::string(answer) + ": " + result_text(result) + ": " + std::string(found->text);
}

constexpr std::uint32_t number_of(ServerAssignmentType type) { return static_cast<std::uint32_t>(type); }

bool same(const EapKeys& a, const EapKeys& b) {
  return a.k_encr.equals(b.k_encr) && a.k_aut.equals(b.k_aut) && a.k_re.equals(b.k_re) && a.msk.equals(b.msk) &&
         a.emsk.equals(b.emsk);
}

/// TS 23.003 19.2, 19.3.2; the digit says the method.
std::string root_nai(const std::string& imsi, const std::string& realm, bool prime) {
  const std::string home = home_domain_of(imsi, mnc_digits(imsi, realm));  // ims.mncNNN ...
  return (prime ? "6" : "0") + imsi + "@nai.epc." + home.substr(home.find('.') + 1);
}

}  // namespace

WifiAccess::WifiAccess(Run& run, Phone& phone, WifiOptions options)
    : run_(run),
      phone_(phone),
      options_(std::move(options)),
      scheme_(options_.prime ? "EAP-AKA'" : "EAP-AKA"),
      identity_(root_nai(phone.imsi, run.realm_of(phone), options_.prime)),
      show_(run.options().show_secrets),
      watch_(run, phone) {}

std::string WifiAccess::message(const std::string& code) const { return code + (options_.prime ? "/AKA'-" : "/AKA-"); }

EapKeys WifiAccess::keys_of(const Secret<16>& ck, const Secret<16>& ik) const {
  return options_.prime ? eap_aka_prime_keys(identity_, ck, ik) : eap_aka_keys(identity_, ck, ik);
}

Details WifiAccess::words_of(const EapKeys& keys) const {
  Details out{{"K_encr", secret_words(keys.k_encr.reveal(), show_)},
              {"K_aut", secret_words(keys.k_aut.reveal(), show_)}};
  if (options_.prime) out.emplace_back("K_re", secret_words(keys.k_re.reveal(), show_));
  out.emplace_back("MSK", secret_words(keys.msk.reveal(), show_));
  out.emplace_back("EMSK", secret_words(keys.emsk.reveal(), show_));
  return out;
}

std::vector<Vector> WifiAccess::ask_vectors() {
  Connection& aaa = run_.aaa(phone_);  // one that is not let in is told before anything else
  run_.says(Party::kUe, Party::kAaa, "EAP-Response/Identity", {{"identity", identity_}});
  const MultimediaAuth answer =
      ask_swx_mar(aaa, phone_.imsi, scheme_, options_.items, options_.anid, std::nullopt, run_.patience());
  if (answer.result != kSuccess) {
    Details details;
    if (!answer.aaa_server.empty()) details.emplace_back("AAA server of the user", answer.aaa_server);
    run_.problem(Party::kAaa, "there is nothing to challenge the phone with", details);
    run_.says(Party::kAaa, Party::kUe, "EAP-Failure");
    throw LabFailure(refusal("SWx-MAA", answer.result));
  }
  check_vectors(answer.vectors, "SWx-MAA");
  if (answer.vectors.size() > options_.items) {
    end(Party::kAaa, "SWx-MAA: holds " + std::to_string(answer.vectors.size()) + " vectors where " +
                         std::to_string(options_.items) + " were asked for");
  }
  if (options_.items > 1) {
    run_.note(Party::kAaa, "has vectors for " + std::to_string(answer.vectors.size()) + " authentications; asked for " +
                               std::to_string(options_.items) + ", and an HSS may give fewer");
  }
  watch_.issued(answer.vectors);
  return answer.vectors;
}

void WifiAccess::check_vectors(const std::vector<Vector>& vectors, const std::string& answer) {
  if (vectors.empty()) end(Party::kAaa, answer + ": holds no vector");
  for (const Vector& vector : vectors) {
    if (vector.scheme == scheme_) continue;
    end(Party::kAaa, answer + ": a vector of " + (vector.scheme.empty() ? "no scheme" : vector.scheme) + " where " +
                         scheme_ + " was asked for");
  }
}

bool WifiAccess::authenticate(Vector challenge) {
  for (unsigned failures = 0;; ++failures) {
    const EapKeys aaa = send_challenge(challenge);
    move_card(challenge);
    if (options_.prime) check_separation_bit(challenge);
    const Sqn before = phone_.card.sqn_ms();
    const UsimAnswer answer = phone_.card.authenticate(challenge.rand, challenge.autn);
    if (const auto* response = std::get_if<UsimResponse>(&answer)) {
      respond(challenge, *response, before, aaa);
      return failures != 0;
    }
    const auto* failure = std::get_if<UsimSynchronisationFailure>(&answer);
    if (failure == nullptr) end_with_mac_failure(challenge);
    if (failures == kMostResynchronisations) {
      run_.problem(Party::kUe, "synchronisation failure again: " + why_words(*failure, phone_.card.spec()));
      authentication_failed();
      throw LabFailure(
          "the card refuses the challenge after two resynchronisations: the HSS does not move to SEQ_MS, or somebody "
          "else moves the card");
    }
    challenge = resynchronise(challenge, *failure);
  }
}

EapKeys WifiAccess::send_challenge(const Vector& challenge) {
  EapKeys keys = keys_of(challenge.ck, challenge.ik);
  run_.note(Party::kAaa,
            options_.prime ? "derives its keys from CK' and IK' of the vector" : "derives its keys from the vector",
            words_of(keys));
  Details attributes{{"AT_RAND", to_hex(challenge.rand)}, {"AT_AUTN", to_hex(challenge.autn)}};
  if (options_.prime) {
    attributes.emplace_back("AT_KDF", "1");
    attributes.emplace_back("AT_KDF_INPUT", options_.anid);
  }
  attributes.emplace_back("AT_MAC", "made with K_aut");
  run_.says(Party::kAaa, Party::kUe, message("EAP-Request") + "Challenge", attributes);
  return keys;
}

/// Once, when the HSS's SEQ is known by its first challenge, and only when that is asked for or the fault needs it.
void WifiAccess::move_card(const Vector& challenge) {
  if (std::exchange(moved_, true)) return;
  const CardSpec& card = phone_.card.spec();
  const std::optional<Sqn> sqn = sqn_of(challenge, card);
  if (!sqn) return;  // the card will say MAC failure
  std::uint64_t jump = jump_of(options_.ahead, card.keys.delta);
  if (jump == 0 && shows_in_auts(card.fault)) jump = 1;
  if (jump == 0) return;
  move_card_ahead(run_, phone_, *sqn, jump);
}

/// RFC 9048 3.1: as if AUTN were wrong, before the card is asked.
void WifiAccess::check_separation_bit(const Vector& challenge) {
  if ((challenge.autn[6] & kSeparationBit) != 0) return;
  run_.problem(Party::kUe, "the separation bit of AMF is 0: such a challenge is not for EAP-AKA'",
               {{"AMF", amf_words(challenge.autn)}});
  run_.says(Party::kUe, Party::kAaa, message("EAP-Response") + "Authentication-Reject");
  end_for_a_person(CardFault::kSeparationBitWanted, "the separation bit is 0",
                   "the HSS must set the first bit of AMF in each vector of EAP-AKA', whatever AMF the user has "
                   "(TS 33.402 6.2)");
}

void WifiAccess::respond(const Vector& challenge, const UsimResponse& response, Sqn before, const EapKeys& aaa) {
  const unsigned ind_bits = phone_.card.spec().keys.ind_bits;
  run_.note(Party::kUe, "the card accepts: MAC-A is right, SQN is fresh in its slot",
            {{"AMF", amf_words(challenge.autn)},
             {"SQN", sqn_words(response.sqn, ind_bits)},
             {"SQN_MS before", sqn_words(before, ind_bits)},
             {"SQN_MS now", sqn_words(phone_.card.sqn_ms(), ind_bits)},
             {"RES", secret_words(response.res.reveal(), show_)},
             {"CK", secret_words(response.ck.reveal(), show_)},
             {"IK", secret_words(response.ik.reveal(), show_)}});

  Secret<16> ck = response.ck;
  Secret<16> ik = response.ik;
  if (options_.prime) {
    const auto bound = eap_aka_prime::derive_keys(ck, ik, options_.anid, challenge.autn);
    ck = bound.ck_prime;
    ik = bound.ik_prime;
    run_.note(Party::kUe, "binds CK and IK to the access network, " + options_.anid,
              {{"CK'", secret_words(ck.reveal(), show_)}, {"IK'", secret_words(ik.reveal(), show_)}});
  }
  const EapKeys own = keys_of(ck, ik);
  run_.note(Party::kUe, "derives its keys from those of the card", words_of(own));
  if (!same(own, aaa)) {
    run_.says(Party::kUe, Party::kAaa, message("EAP-Response") + "Client-Error", {{"because", "AT_MAC is wrong"}});
    end(Party::kUe, why_keys_differ(challenge, response));
  }
  run_.note(Party::kUe, "AT_MAC is right: K_aut is the same on both sides");
  run_.says(Party::kUe, Party::kAaa, message("EAP-Response") + "Challenge",
            {{"AT_RES", secret_words(response.res.reveal(), show_)}, {"AT_MAC", "made with K_aut"}});
  if (!response.res.equals(challenge.xres)) {
    end(Party::kAaa, "RES is not XRES although MAC-A is right: f2 of the HSS differs, or its XRES has another length");
  }
  run_.note(Party::kAaa, "RES is XRES, and the MSK is the same on both sides: the user is authenticated");
}

std::string WifiAccess::why_keys_differ(const Vector& challenge, const UsimResponse& response) const {
  if (!options_.prime) return "CK or IK of the HSS is not the card's although MAC-A is right: f3 or f4 differs";
  if (challenge.ck.equals(response.ck) && challenge.ik.equals(response.ik)) {
    return "the HSS answered CK and IK where EAP-AKA' has CK' and IK' (TS 33.402 A.2)";
  }
  const auto bound = eap_aka_prime::derive_keys(response.ck, response.ik, options_.anid, challenge.autn);
  if (challenge.ck.equals(bound.ik_prime) && challenge.ik.equals(bound.ck_prime)) {
    return "the HSS answered CK' and IK' in each other's place: CK' is the first half (TS 33.402 A.2)";
  }
  return "CK' or IK' of the HSS is not what the phone derives: the HSS took another ANID than " + options_.anid +
         ", not SQN xor AK of this AUTN, or its f3 or f4 differs";
}

Vector WifiAccess::resynchronise(const Vector& challenge, const UsimSynchronisationFailure& failure) {
  watch_.refused(failure);
  run_.says(Party::kUe, Party::kAaa, message("EAP-Response") + "Synchronization-Failure",
            {{"AT_AUTS", to_hex(failure.auts)}});
  const MultimediaAuth answer = ask_swx_mar(run_.aaa(phone_), phone_.imsi, scheme_, 1, options_.anid,
                                            resynchronisation_token(challenge.rand, failure.auts), run_.patience());
  if (answer.result != kSuccess) {
    const CardSpec& card = phone_.card.spec();
    const std::string result = result_text(answer.result);
    run_.problem(Party::kAaa, "the HSS refuses the resynchronisation: " + result);
    const bool own_fault = shows_in_auts(card.fault);
    end_for_a_person(own_fault ? card.fault : CardFault::kForgedMacS, "the HSS refuses the AUTS, " + result,
                     own_fault ? std::string(meaning_of(card.fault)) : suspect_words(challenge, failure.auts, card));
  }
  check_vectors(answer.vectors, "SWx-MAA of the resynchronisation");
  watch_.resynchronised(failure, answer.vectors.front());
  return answer.vectors.front();
}

void WifiAccess::assign() {
  const SwxServerAssignment answer =
      ask_swx_sar(run_.aaa(phone_), phone_.imsi, number_of(ServerAssignmentType::kRegistration), {}, run_.patience());
  if (answer.result != kSuccess) {
    run_.problem(Party::kAaa, "the HSS does not take the registration");
    run_.says(Party::kAaa, Party::kUe, "EAP-Failure");
    throw LabFailure(refusal("SWx-SAA", answer.result));
  }
  check_profile(answer.user_data);
  run_.says(Party::kAaa, Party::kUe, "EAP-Success");
}

void WifiAccess::check_profile(const std::optional<Avp>& user_data) {
  if (!user_data) end_without_access("there is no Non-3GPP-User-Data");
  const auto members = user_data->members();
  if (!members || members->empty()) end_without_access("Non-3GPP-User-Data is empty or broken");
  const Avp* access = find(*members, kNon3gppIpAccess);
  if (access != nullptr && access->number() == kBarred) end_without_access("access over non-3GPP networks is barred");
  for (const Avp& member : *members) {
    if (member.id == avp::kRatType && member.number() == kWlan) {
      end_without_access("RAT-Type names WLAN, and it names what is not allowed (TS 29.273 8.2.3.1)");
    }
  }
  std::string apns;
  for (const auto& [name, value] : non_3gpp_summary(*user_data)) {
    if (name == "APN") apns += (apns.empty() ? "" : "; ") + value;
  }
  run_.note(Party::kAaa, "the user may come in over Wi-Fi, " + (apns.empty() ? "to no APN" : "to the APN " + apns));
}

void WifiAccess::deregister() {
  const SwxServerAssignment answer = ask_swx_sar(
      run_.aaa(phone_), phone_.imsi, number_of(ServerAssignmentType::kUserDeregistration), {}, run_.patience());
  if (answer.result != kSuccess) {
    run_.problem(Party::kAaa, "the HSS does not take the de-registration");
    throw LabFailure(refusal("SWx-SAA of the de-registration", answer.result));
  }
  run_.note(Party::kAaa, "the user is de-registered");
}

/// TS 29.273 8.1.2.2.2: the HSS need not keep this server's claim any longer. What it answers changes nothing.
void WifiAccess::authentication_failed() {
  run_.says(Party::kAaa, Party::kUe, "EAP-Failure");
  try {
    ask_swx_sar(run_.aaa(phone_), phone_.imsi, number_of(ServerAssignmentType::kAuthenticationFailure), {},
                run_.patience());
  } catch (const NetworkError& error) {
    run_.problem(Party::kAaa, error.what());
  }
}

void WifiAccess::end(Party party, const std::string& why) {
  run_.problem(party, why);
  authentication_failed();
  throw LabFailure("not authenticated: " + why);
}

void WifiAccess::end_with_mac_failure(const Vector& challenge) {
  const CardSpec& card = phone_.card.spec();
  run_.problem(Party::kUe, "MAC failure: the card does not take the challenge for one of its own network",
               {{"AMF", amf_words(challenge.autn)}});
  run_.says(Party::kUe, Party::kAaa, message("EAP-Response") + "Authentication-Reject");
  const bool own_fault = card.fault != CardFault::kNone && !shows_in_auts(card.fault);
  // A card that is right and refuses all the same has other keys than the HSS: as the one with another K.
  end_for_a_person(own_fault ? card.fault : CardFault::kOtherK, "MAC failure",
                   own_fault ? std::string(meaning_of(card.fault)) : suspect_words(challenge, card));
}

void WifiAccess::end_for_a_person(CardFault seen_as, const std::string& what, const std::string& meaning) {
  authentication_failed();
  run_.problem(Party::kUe, "what a person sees",
               {{"on the phone", std::string(seen_on_the_phone(seen_as))}, {"it means", meaning}});
  throw LabFailure("not authenticated: " + what + ": " + meaning);
}

void WifiAccess::end_without_access(const std::string& why) {
  run_.problem(Party::kAaa, "the user gets no access: " + why);
  run_.says(Party::kAaa, Party::kUe, "EAP-Failure");
  throw LabFailure("SWx-SAA: " + why);
}

}  // namespace hss::lab
