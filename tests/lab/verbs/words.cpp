// SPDX-License-Identifier: MIT
#include "tests/lab/verbs/words.h"

#include <algorithm>
#include <iterator>

#include "hss/aka_diagnosis.h"
#include "hss/sqn.h"
#include "provisioning/aka/card.h"
#include "provisioning/text.h"
#include "tests/lab/dictionary.h"

namespace hss::lab {
namespace {

struct Advice {
  ResultOf result;
  std::string_view text;
};

constexpr Advice kAdvice[] = {
    {{0, 3004}, "the HSS is too busy: try again"},
    {{0, 3007}, "this peer may not use the application there: see which peers the HSS lets in"},
    {{0, 5012}, "the HSS cannot do it: its log says why"},
    {{kVendor3gpp, 5001},
     "the HSS has no such user: see which IMPI and IMPU it was given, and name them with --impi "
     "and --impu"},
    {{kVendor3gpp, 5002}, "this IMPI may not use this IMPU: name those that belong together with --impi and --impu"},
    {{kVendor3gpp, 5003}, "the identity is registered nowhere"},
    {{kVendor3gpp, 5004},
     "the user may not register here: roaming is not allowed in this network (--visited-network), "
     "or the identity is barred"},
    {{kVendor3gpp, 5005}, "another server has the user: de-register it there first, or name that server"},
    {{kVendor3gpp, 5006}, "the HSS has no credentials of this scheme for the user"},
    {{kVendor3gpp, 5450}, "the user has no subscription for access over Wi-Fi"},
    {{kVendor3gpp, 5451}, "the user has not subscribed to this APN"},
    {{kVendor3gpp, 5452}, "the user may not use this kind of access network"},
};

std::string mistakes_of(const KeyDiagnosis& diagnosis) {
  std::vector<std::string> all;
  for (const KeyMistake mistake : diagnosis.mistakes) all.emplace_back(describe(mistake));
  return provisioning::join(all, "; ");
}

constexpr std::string_view kNoUsualMistake =
    "none of the usual mistakes explains it: K, OPc or the algorithm's constants differ between the card and the HSS";

}  // namespace

std::string sqn_words(Sqn sqn, unsigned ind_bits) { return provisioning::aka::sqn_words(sqn, ind_bits); }

std::string amf_words(const Octets<16>& autn) {
  const Octets<2> amf{autn[6], autn[7]};
  return to_hex(amf) + ((amf[0] & 0x80U) != 0 ? " (separation bit 1)" : " (separation bit 0)");
}

std::string secret_words(BytesView secret, bool show) {
  return show ? to_hex(secret) : "(" + std::to_string(secret.size()) + " octets, hidden)";
}

std::string why_words(const UsimSynchronisationFailure& failure, const CardSpec& card) {
  const unsigned ind_bits = card.keys.ind_bits;
  const std::string seq = "SEQ " + std::to_string(seq_of(failure.sqn, ind_bits));
  const std::uint64_t ind = failure.sqn & ((std::uint64_t{1} << ind_bits) - 1);
  switch (failure.why) {
    case UsimSynchronisationFailure::Why::kNotFresh:
      return seq + " is not above the one that slot " + std::to_string(ind) + " took last";
    case UsimSynchronisationFailure::Why::kTooFar:
      return seq + " is more than Delta (" + std::to_string(card.keys.delta) + ") above the highest of the card";
    case UsimSynchronisationFailure::Why::kTooOld:
      return seq + " is the age limit (" + std::to_string(card.age_limit.value_or(0)) +
             ") or more below the highest of the card";
  }
  return seq + " is refused";
}

std::string_view advice_for(const ResultOf& result) {
  const auto* const found = std::ranges::find(kAdvice, result, &Advice::result);
  return found == std::end(kAdvice) ? std::string_view() : found->text;
}

std::string refusal_words(std::string_view answer, const ResultOf& result) {
  const std::string_view advice = advice_for(result);
  return std::string(answer) + ": " + result_text(result) + (advice.empty() ? "" : ": ") + std::string(advice);
}

std::optional<Sqn> sqn_of(const Vector& challenge, const CardSpec& card) {
  const auto diagnosis = diagnose_challenge({card.keys, card.op}, challenge.rand, challenge.autn);
  if (!diagnosis || !diagnosis->mistakes.empty()) return std::nullopt;
  return diagnosis->sqn;
}

std::string suspect_words(const Vector& challenge, const CardSpec& card) {
  const auto diagnosis = diagnose_challenge({card.keys, card.op}, challenge.rand, challenge.autn);
  if (!diagnosis) return std::string(kNoUsualMistake);
  if (diagnosis->mistakes.empty()) return "the challenge is of these keys: the card computes with others";
  return "the challenge is explained when " + mistakes_of(*diagnosis);
}

std::string suspect_words(const Vector& challenge, const Octets<14>& auts, const CardSpec& card) {
  const auto diagnosis = diagnose_auts({card.keys, card.op}, {challenge.rand}, auts);
  if (!diagnosis) return std::string(kNoUsualMistake);
  if (diagnosis->mistakes.empty()) {
    return "the AUTS is right by these keys: the HSS verifies it in another way, or did not take it for another reason";
  }
  return "the AUTS is explained when " + mistakes_of(*diagnosis);
}

}  // namespace hss::lab
