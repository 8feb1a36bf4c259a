// Every combination of mistakes is one hypothesis: a key set that the other side would have if they had been made. A
// MAC has 64 bits, so a hypothesis that verifies it is no accident.
// SPDX-License-Identifier: MIT
#include "hss/aka_diagnosis.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "hss/aka_functions.h"
#include "hss/milenage.h"
#include "hss/tuak.h"

namespace hss {
namespace {

using Key = SecretOctets<32>;
using Mistakes = std::vector<KeyMistake>;

struct Hypothesis {
  Mistakes mistakes;
  KeySet keys;
};

enum class Turn { kNone, kNibbles, kOctets };
constexpr std::array kTurns{Turn::kNone, Turn::kNibbles, Turn::kOctets};

Key turned(const Key& key, Turn turn) {
  Secret<32> octets;
  const auto out = octets.overwrite().first(key.size());
  std::ranges::copy(key.reveal(), out.begin());
  if (turn == Turn::kOctets) std::ranges::reverse(out);
  if (turn == Turn::kNibbles) {
    for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(octet << 4U | octet >> 4U);
  }
  return Key(std::span<const std::uint8_t>(out));
}

/// OPc of OP, TOPc of TOP.
Key derived(const KeySet& keys, const Key& op) {
  if (keys.algorithm == AkaAlgorithm::kTuak) {
    return tuak::derive_topc(keys.k, op.fixed<32>(), keys.parameters.tuak_iterations);
  }
  return milenage::derive_opc(keys.k.fixed<16>(), op.fixed<16>());
}

class Hypotheses {
 public:
  explicit Hypotheses(const SuspectKeys& suspect) : suspect_(suspect) {}

  /// Those with the fewest mistakes first.
  std::vector<Hypothesis> all() {
    if (suspect_.keys.algorithm == AkaAlgorithm::kXor) {
      for (const Turn turn : kTurns) {
        Hypothesis one{{}, suspect_.keys};
        one.keys.k = turned(suspect_.keys.k, turn);
        note_turn(turn, KeyMistake::kKNibblesSwapped, KeyMistake::kKOctetsReversed, one.mistakes);
        all_.push_back(std::move(one));
      }
    } else {
      for (const Turn k : kTurns) {
        for (const Turn op : kTurns) add_turned(k, op);
      }
      add_xor();
    }
    std::ranges::stable_sort(all_, {}, [](const Hypothesis& each) { return each.mistakes.size(); });
    return std::move(all_);
  }

 private:
  static void note_turn(Turn turn, KeyMistake nibbles, KeyMistake octets, Mistakes& mistakes) {
    if (turn == Turn::kNibbles) mistakes.push_back(nibbles);
    if (turn == Turn::kOctets) mistakes.push_back(octets);
  }

  void add_turned(Turn k_turn, Turn op_turn) {
    const Key k = turned(suspect_.keys.k, k_turn);
    const Key op = turned(suspect_.op ? *suspect_.op : suspect_.keys.opc, op_turn);
    Mistakes mistakes;
    note_turn(k_turn, KeyMistake::kKNibblesSwapped, KeyMistake::kKOctetsReversed, mistakes);
    note_turn(op_turn, KeyMistake::kOpcNibblesSwapped, KeyMistake::kOpcOctetsReversed, mistakes);
    add_meanings(mistakes, k, op);
    if (k.size() != op.size()) return;
    mistakes.push_back(KeyMistake::kSwapped);
    add_meanings(std::move(mistakes), op, k);
  }

  /// The second key is OP, or OPc.
  void add_meanings(Mistakes mistakes, const Key& k, const Key& op) {
    Hypothesis is_op{mistakes, suspect_.keys};
    is_op.keys.k = k;
    Hypothesis is_opc = is_op;
    is_op.keys.opc = derived(is_op.keys, op);
    is_opc.keys.opc = op;
    (suspect_.op ? is_opc : is_op).mistakes.push_back(suspect_.op ? KeyMistake::kOpIsOpc : KeyMistake::kOpcIsOp);
    add_constants(std::move(is_op));
    add_constants(std::move(is_opc));
  }

  void add_constants(Hypothesis one) {
    if (one.keys.parameters.milenage != MilenageConstants{}) {
      Hypothesis standard = one;
      standard.keys.parameters.milenage = {};
      standard.mistakes.push_back(KeyMistake::kStandardConstants);
      all_.push_back(std::move(standard));
    }
    all_.push_back(std::move(one));
  }

  void add_xor() {
    if (suspect_.keys.k.size() != 16) return;
    Hypothesis one{{KeyMistake::kAlgorithmIsXor}, suspect_.keys};
    one.keys.algorithm = AkaAlgorithm::kXor;
    one.keys.parameters.res_octets = 16;
    one.keys.test = true;
    all_.push_back(std::move(one));
  }

  const SuspectKeys& suspect_;
  std::vector<Hypothesis> all_;
};

template <std::size_t N>
bool same(const Octets<8>& mac, const Octets<N>& token) {
  return CRYPTO_memcmp(mac.data(), token.data() + (N - mac.size()), mac.size()) == 0;
}

template <std::size_t N>
Octets<6> revealed(const Octets<N>& token, const Secret<6>& anonymity_key) {
  Octets<6> sqn{};
  for (std::size_t i = 0; i < sqn.size(); ++i) {
    sqn[i] = static_cast<std::uint8_t>(token[i] ^ anonymity_key.reveal()[i]);
  }
  return sqn;
}

/// The AMFs that a card may have put into MAC-S: the right one, that of its challenges, the usual one.
std::vector<Octets<2>> amfs_of_auts(const KeySet& keys) {
  std::vector<Octets<2>> amfs{{0x00, 0x00}};
  for (const Octets<2>& amf : {keys.amf, Octets<2>{0x80, 0x00}}) {
    if (std::ranges::find(amfs, amf) == amfs.end()) amfs.push_back(amf);
  }
  return amfs;
}

}  // namespace

std::optional<KeyDiagnosis> diagnose_challenge(const SuspectKeys& suspect, const Octets<16>& rand,
                                               const Octets<16>& autn) {
  for (Hypothesis& each : Hypotheses(suspect).all()) {
    each.keys.amf = {autn[6], autn[7]};
    const AkaFunctions functions(each.keys);
    const Octets<6> sqn = revealed(autn, functions.f2345(rand).ak);
    if (same(functions.f1(rand, sqn), autn)) {
      return KeyDiagnosis{.mistakes = std::move(each.mistakes), .sqn = decode_sqn(sqn), .amf = each.keys.amf};
    }
  }
  return std::nullopt;
}

std::optional<KeyDiagnosis> diagnose_auts(const SuspectKeys& suspect, const std::vector<Octets<16>>& rands,
                                          const Octets<14>& auts) {
  std::optional<KeyDiagnosis> best;
  for (const Hypothesis& each : Hypotheses(suspect).all()) {
    const AkaFunctions functions(each.keys);
    for (std::size_t i = 0; i < rands.size(); ++i) {
      const Octets<6> sqn_ms = revealed(auts, functions.f5_star(rands[i]));
      for (const Octets<2>& amf : amfs_of_auts(suspect.keys)) {
        Mistakes mistakes = each.mistakes;
        if (amf != Octets<2>{}) mistakes.push_back(KeyMistake::kAmfInAuts);
        if (i > 0) mistakes.push_back(KeyMistake::kOlderChallenge);
        if (best && best->mistakes.size() <= mistakes.size()) continue;
        if (!same(functions.f1_star(rands[i], sqn_ms, amf), auts)) continue;
        best = KeyDiagnosis{.mistakes = std::move(mistakes), .sqn = decode_sqn(sqn_ms), .amf = amf};
      }
    }
  }
  return best;
}

std::string_view describe(KeyMistake mistake) {
  switch (mistake) {
    case KeyMistake::kOpcIsOp:
      return "what is given as OPc is OP: provision it with --op";
    case KeyMistake::kOpIsOpc:
      return "what is given as OP is OPc: provision it with --opc";
    case KeyMistake::kSwapped:
      return "K and OP or OPc stand in each other's place: exchange them";
    case KeyMistake::kKNibblesSwapped:
      return "K is written with the two digits of each octet in the wrong order";
    case KeyMistake::kKOctetsReversed:
      return "K is written last octet first";
    case KeyMistake::kOpcNibblesSwapped:
      return "OP or OPc is written with the two digits of each octet in the wrong order";
    case KeyMistake::kOpcOctetsReversed:
      return "OP or OPc is written last octet first";
    case KeyMistake::kStandardConstants:
      return "the card has the usual constants of Milenage, not the operator's own: leave --milenage-constants out";
    case KeyMistake::kAlgorithmIsXor:
      return "the card has the XOR test algorithm: provision it with --algorithm xor --test-card";
    case KeyMistake::kAmfInAuts:
      return "the card makes MAC-S with an AMF other than 0000 (TS 33.102 6.3.3): it cannot be resynchronised";
    case KeyMistake::kOlderChallenge:
      return "the AUTS belongs to an older challenge than the latest";
  }
  return "an unknown mistake";
}

}  // namespace hss
