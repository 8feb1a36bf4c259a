// The card of the phone that hsslab plays: a USIM (hss/usim.h), what can be wrong with it, and a file that keeps it
// between two runs.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/usim.h"

namespace hss::lab {

/// How a card differs from what its AuC believes; each is one that real cards show.
enum class CardFault : std::uint8_t {
  kNone,
  kOpForOpc,  // the card computes with OP where OPc belongs
  kOtherK,    // K of another card
  kKAndOpcSwapped,
  kAmfInAuts,            // MAC-S made with the AMF of the challenge
  kForgedMacS,           // a wrong MAC-S
  kReplayedAuts,         // the AUTS of an earlier challenge, again
  kSeparationBitWanted,  // refuses AMF with separation bit 0 (as EAP-AKA' demands)
  kXorAlgorithm,         // XOR of TS 34.108 instead of the provisioned algorithm
};
/// "none", "op-for-opc", "other-k", "k-and-opc-swapped", "amf-in-auts", "forged-mac-s", "replayed-auts",
/// "separation-bit-wanted", "xor-algorithm"; nullopt for another word.
std::optional<CardFault> parse_card_fault(std::string_view word);
std::string_view name_of(CardFault fault);
/// In the order above, kNone first: for help and errors.
const std::vector<CardFault>& all_card_faults();
/// What a person sees on the phone, and what it means: two sentences.
std::string_view seen_on_the_phone(CardFault fault);
std::string_view meaning_of(CardFault fault);

/// It shows in an AUTS only: the card must be ahead of the HSS.
bool shows_in_auts(CardFault fault);

struct CardSpec {
  KeySet keys;                           // as provisioned in the HSS
  std::optional<SecretOctets<32>> op{};  // known when keys were given with OP
  std::optional<std::uint64_t> age_limit{};
  CardFault fault = CardFault::kNone;
};

class Card {
 public:
  /// Throws std::runtime_error, one line, for a fault that a card of these keys cannot have.
  explicit Card(CardSpec spec);
  /// The card of a file, which must be of these keys (a check value tells, no key is stored); a file that is not there
  /// yet is a new card. Throws std::runtime_error, one line.
  Card(CardSpec spec, std::filesystem::path file);

  /// AUTHENTICATE; the fault does its work. The state is written to the file, when there is one, before this returns:
  /// throws std::runtime_error, one line, when it cannot be. A card that wants the separation bit and does not find it
  /// answers UsimMacFailure, without a look at SQN.
  UsimAnswer authenticate(const Octets<16>& rand, const Octets<16>& autn);

  /// Moves the card: every slot as if it had accepted this SEQ. As a phone that was elsewhere. Throws
  /// std::invalid_argument for a SEQ that does not fit into SQN, or an IND beyond the card's slots.
  void advance_to(std::uint64_t seq);
  void advance_slot(unsigned ind, std::uint64_t seq);
  [[nodiscard]] Sqn sqn_ms() const;
  [[nodiscard]] const CardSpec& spec() const;

 private:
  void load();
  void save() const;
  void put(std::vector<std::uint64_t> seqs);

  CardSpec spec_;
  std::optional<std::filesystem::path> file_{};
  KeySet keys_;  // what the card computes with: the fault is in it
  Usim usim_;
  std::optional<Octets<14>> earlier_auts_{};
};

}  // namespace hss::lab
