// Why a card and its AuC do not understand each other: the usual mistakes of provisioning (OP for OPc, keys swapped,
// octets or nibbles turned round, AMF in AUTS, another algorithm), each tried against what was seen on the wire.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "hss/aka.h"
#include "hss/bytes.h"
#include "hss/subscriber.h"

namespace hss {

/// The keys under suspicion.
struct SuspectKeys {
  KeySet keys;  // as they are provisioned
  /// The OP (or TOP, 32 octets) that `keys.opc` was made of, when it is known.
  std::optional<SecretOctets<32>> op{};
};

/// A mistake that explains the evidence, alone or together with others. Each names the field that is wrong.
enum class KeyMistake : std::uint8_t {
  kOpcIsOp,            // what was given as OPc is OP
  kOpIsOpc,            // what was given as OP is OPc
  kSwapped,            // K and OP or OPc stand in each other's place
  kKNibblesSwapped,    // the two digits of each octet of K stand in the wrong order
  kKOctetsReversed,    // K stands last octet first
  kOpcNibblesSwapped,  // likewise OP or OPc
  kOpcOctetsReversed,
  kStandardConstants,  // the card has the usual r and c of Milenage, not the operator's own
  kAlgorithmIsXor,     // the card has the XOR algorithm of TS 34.108, another one is provisioned
  kAmfInAuts,          // the card made MAC-S with an AMF other than 0000, TS 33.102 6.3.3
  kOlderChallenge,     // the AUTS is of another RAND than the latest
};
/// What is wrong and what to do, one sentence, no key in it.
std::string_view describe(KeyMistake mistake);

/// The explanation that needs the fewest mistakes.
struct KeyDiagnosis {
  std::vector<KeyMistake> mistakes;  // none: the keys are right
  Sqn sqn = 0;                       // in AUTN, or SQN_MS in AUTS
  Octets<2> amf{};                   // in AUTN; of AUTS, the AMF that its MAC-S was made with
};

/// Of a challenge that somebody's AuC made: does `suspect` explain its MAC-A? nullopt: no usual mistake does.
std::optional<KeyDiagnosis> diagnose_challenge(const SuspectKeys& suspect, const Octets<16>& rand,
                                               const Octets<16>& autn);

/// Of an AUTS that a card made: `rands` are the challenges that it can belong to, the latest first, at least one.
std::optional<KeyDiagnosis> diagnose_auts(const SuspectKeys& suspect, const std::vector<Octets<16>>& rands,
                                          const Octets<14>& auts);

}  // namespace hss
