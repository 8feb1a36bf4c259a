// SPDX-License-Identifier: MIT
#include "tests/lab/card.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "hss/error_text.h"
#include "hss/sqn.h"
#include "provisioning/command.h"
#include "provisioning/key_check.h"
#include "provisioning/text.h"

namespace hss::lab {
namespace {

using Json = nlohmann::json;
using provisioning::printable;

constexpr unsigned kVersion = 1;
constexpr std::uint8_t kSeparationBit = 0x80;  // of AMF's first octet, TS 33.102 Annex H
constexpr std::size_t kAmfPlace = 6;           // in AUTN

constexpr std::string_view kMacFailureSeen =
    "No service: the phone refuses each challenge as one that is not of its network (in SIP with an empty response and "
    "no AUTS, over Wi-Fi with AKA-Authentication-Reject), and gives up after the second in a row. Its log says \"MAC "
    "failure\".";
constexpr std::string_view kAutsRefusedSeen =
    "Nothing, as long as card and HSS are in step. Once they are not, no service: the phone sends an AUTS, the HSS "
    "refuses it, and this comes again at each attempt.";

struct FaultInfo {
  CardFault fault;
  std::string_view name;
  std::string_view seen;
  std::string_view meaning;
};

constexpr std::array kFaults{
    FaultInfo{CardFault::kNone, "none", "The phone registers.", "Card and HSS have the same keys."},
    FaultInfo{
        CardFault::kOpForOpc, "op-for-opc", kMacFailureSeen,
        "The card computes with OP where OPc belongs. Have it written with OPc, or, if it cannot be, give the HSS "
        "its OP as --opc."},
    FaultInfo{
        CardFault::kOtherK, "other-k", kMacFailureSeen,
        "K of the card is not the K that the HSS has for this IMSI. Compare the card's ICCID with the line of the "
        "key list that was imported."},
    FaultInfo{CardFault::kKAndOpcSwapped, "k-and-opc-swapped", kMacFailureSeen,
              "K and OPc stand in each other's place, on the card or in the HSS. Look at the order of the columns in "
              "the key list."},
    FaultInfo{CardFault::kAmfInAuts, "amf-in-auts", kAutsRefusedSeen,
              "The card makes MAC-S with the AMF of the challenge, where TS 33.102 6.3.3 wants 0000. It resynchronises "
              "only with an HSS whose AMF is 0000: set that AMF for this card, or replace it."},
    FaultInfo{CardFault::kForgedMacS, "forged-mac-s", kAutsRefusedSeen,
              "MAC-S of the AUTS is wrong while the challenges verify: the AUTS was damaged or forged on its way, or "
              "the card's f1* or f5* is faulty. An HSS that takes it would let anybody move SQN."},
    FaultInfo{CardFault::kReplayedAuts, "replayed-auts", kAutsRefusedSeen,
              "The AUTS belongs to an earlier challenge: the phone or somebody between sends it again, or the S-CSCF "
              "puts another RAND in front of it. MAC-S verifies with the RAND of that challenge only."},
    FaultInfo{CardFault::kSeparationBitWanted, "separation-bit-wanted",
              "No service: the phone refuses the challenge because of its AMF; its log says \"separation bit\" or "
              "\"non-EPS authentication unacceptable\".",
              "The first bit of AMF is 0, and this card or phone wants it to be 1, as EPS and EAP-AKA' do (TS 33.102 "
              "Annex H). Give the key set the AMF 8000."},
    FaultInfo{CardFault::kXorAlgorithm, "xor-algorithm", kMacFailureSeen,
              "The card computes with the XOR algorithm of TS 34.108, as test cards do out of the box. Have it set to "
              "the algorithm of the HSS; only a test card may be provisioned with XOR."},
};

const FaultInfo& info_of(CardFault fault) { return kFaults.at(static_cast<std::size_t>(fault)); }

[[noreturn]] void cannot(CardFault fault, const char* why) {
  throw provisioning::UsageError("card fault " + std::string(name_of(fault)) + ": " + why);
}

/// The keys that the card of `spec` computes with.
KeySet keys_of_card(const CardSpec& spec) {
  KeySet keys = spec.keys;
  switch (spec.fault) {
    case CardFault::kOpForOpc:
      if (!spec.op) cannot(spec.fault, "OP is not known: give --op in the place of --opc (--top of --topc)");
      keys.opc = *spec.op;
      break;
    case CardFault::kOtherK: {
      Secret<32> other;
      std::ranges::transform(keys.k.reveal(), other.overwrite().begin(),
                             [](std::uint8_t octet) { return static_cast<std::uint8_t>(~octet); });
      keys.k = SecretOctets<32>(other.reveal().first(keys.k.size()));
      break;
    }
    case CardFault::kKAndOpcSwapped:
      if (keys.k.size() != keys.opc.size()) cannot(spec.fault, "K and OPc are not of the same length");
      std::swap(keys.k, keys.opc);
      break;
    case CardFault::kXorAlgorithm:
      if (keys.algorithm == AkaAlgorithm::kXor) cannot(spec.fault, "XOR is what the keys are for already");
      if (keys.k.size() != 16) cannot(spec.fault, "XOR has a K of 32 digits only");
      keys.algorithm = AkaAlgorithm::kXor;
      keys.test = true;
      keys.opc = {};
      break;
    case CardFault::kNone:
    case CardFault::kAmfInAuts:
    case CardFault::kForgedMacS:
    case CardFault::kReplayedAuts:
    case CardFault::kSeparationBitWanted:
      break;
  }
  return keys;
}

/// A challenge that nobody made, for an AUTS that is of another one.
Octets<16> another(Octets<16> rand) {
  for (std::uint8_t& octet : rand) octet = static_cast<std::uint8_t>(~octet);
  return rand;
}

/// What tells the cards apart: check values of K and, where there is one, OPc.
std::string check_of(const KeySet& keys) {
  std::string check = provisioning::key_check_value(keys.k);
  if (!keys.opc.empty()) check += "-" + provisioning::key_check_value(keys.opc);
  return check;
}

std::optional<std::uint64_t> number(const Json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::uint64_t>();
}

/// [[IND, SEQ], ...] without the slots that nothing was accepted in; nullopt when it is not that.
std::optional<std::vector<std::uint64_t>> read_seqs(const Json& value, unsigned ind_bits) {
  std::vector<std::uint64_t> seqs(std::size_t{1} << ind_bits);
  if (!value.is_array()) return std::nullopt;
  for (const Json& pair : value) {
    if (!pair.is_array() || pair.size() != 2) return std::nullopt;
    const auto ind = number(pair[0]);
    const auto seq = number(pair[1]);
    if (!ind || !seq || *ind >= seqs.size() || *seq > max_seq(ind_bits)) return std::nullopt;
    seqs[*ind] = *seq;
  }
  return seqs;
}

/// The file as it stands on disk until it has its name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& beside) : name_(beside.string() + ".XXXXXX") {
    descriptor_ = ::mkostemp(name_.data(), O_CLOEXEC);  // mode 0600
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (exists_ && descriptor_ >= 0) ::unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// False with errno set.
  [[nodiscard]] bool fill(std::string_view text) const {
    if (descriptor_ < 0) return false;
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor_) == 0;
  }
  [[nodiscard]] bool rename(const std::filesystem::path& to) {
    exists_ = ::rename(name_.c_str(), to.c_str()) != 0;
    return !exists_;
  }

 private:
  std::string name_;
  int descriptor_ = -1;
  bool exists_ = true;
};

}  // namespace

std::optional<CardFault> parse_card_fault(std::string_view word) {
  const auto found = std::ranges::find(kFaults, word, &FaultInfo::name);
  if (found == kFaults.end()) return std::nullopt;
  return found->fault;
}

std::string_view name_of(CardFault fault) { return info_of(fault).name; }
std::string_view seen_on_the_phone(CardFault fault) { return info_of(fault).seen; }
std::string_view meaning_of(CardFault fault) { return info_of(fault).meaning; }

const std::vector<CardFault>& all_card_faults() {
  static const std::vector<CardFault> all = [] {
    std::vector<CardFault> out;
    for (const FaultInfo& info : kFaults) out.push_back(info.fault);
    return out;
  }();
  return all;
}

bool shows_in_auts(CardFault fault) {
  return fault == CardFault::kAmfInAuts || fault == CardFault::kForgedMacS || fault == CardFault::kReplayedAuts;
}

Card::Card(CardSpec spec) : spec_(std::move(spec)), keys_(keys_of_card(spec_)), usim_(keys_, spec_.age_limit) {}

Card::Card(CardSpec spec, std::filesystem::path file) : Card(std::move(spec)) {
  file_ = std::move(file);
  std::error_code error;
  if (std::filesystem::exists(*file_, error) || error) {
    load();
  } else {
    save();  // so that a place where nothing can be written is told before anything is asked of the HSS
  }
}

void Card::load() {
  const std::string name = "card file " + printable(file_->string());
  std::error_code error;
  std::ifstream in(*file_, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(*file_, error)) {
    throw std::runtime_error(name + ": cannot be read: check its name, owner and mode");
  }
  const Json json = Json::parse(in, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json.contains("check") || !json.contains("ind_bits") ||
      !json.contains("seqs")) {
    throw std::runtime_error(name + ": is no card of hsslab: name another file, or remove it and have a new card");
  }
  if (number(json["version"]) != kVersion) {
    throw std::runtime_error(name + ": was written by another version of hsslab: remove it and have a new card");
  }
  if (json["check"] != check_of(spec_.keys)) {
    throw std::runtime_error(name + ": is a card with other keys: give the keys that it was made with, or name " +
                             "another file for a new card");
  }
  if (number(json["ind_bits"]) != keys_.ind_bits) {
    const auto ind_bits = number(json["ind_bits"]);
    throw std::runtime_error(name + ": is a card of " + (ind_bits ? std::to_string(*ind_bits) : "unknown") +
                             " IND bits, and " + std::to_string(keys_.ind_bits) +
                             " are asked for: give --ind-bits as it was, or name another file for a new card");
  }
  std::optional<std::vector<std::uint64_t>> seqs = read_seqs(json["seqs"], keys_.ind_bits);
  if (!seqs) {
    throw std::runtime_error(name + ": its sequence numbers are no [IND, SEQ] pairs that fit into the card: " +
                             "remove it and have a new card");
  }
  usim_ = Usim(keys_, spec_.age_limit, std::move(*seqs));
}

void Card::save() const {
  if (!file_) return;
  Json seqs = Json::array();
  for (std::size_t ind = 0; ind < usim_.seqs().size(); ++ind) {
    if (usim_.seqs()[ind] != 0) seqs.push_back({ind, usim_.seqs()[ind]});
  }
  const Json json{{"version", kVersion}, {"check", check_of(spec_.keys)}, {"ind_bits", keys_.ind_bits}, {"seqs", seqs}};

  TemporaryFile temporary(*file_);
  if (!temporary.fill(json.dump() + "\n") || !temporary.rename(*file_)) {
    const std::string why = error_text(errno);
    throw std::runtime_error("card file " + printable(file_->string()) + ": cannot be written (" + why +
                             "): name a file in a directory that exists and is writable");
  }
}

void Card::put(std::vector<std::uint64_t> seqs) {
  usim_ = Usim(keys_, spec_.age_limit, std::move(seqs));
  save();
}

UsimAnswer Card::authenticate(const Octets<16>& rand, const Octets<16>& autn) {
  if (spec_.fault == CardFault::kSeparationBitWanted && (autn[kAmfPlace] & kSeparationBit) == 0) {
    return UsimMacFailure{};
  }
  UsimAnswer answer = usim_.authenticate(rand, autn);
  if (std::holds_alternative<UsimResponse>(answer)) {
    if (!earlier_auts_) earlier_auts_ = usim_.make_auts(rand);
    save();
  }
  if (auto* const failure = std::get_if<UsimSynchronisationFailure>(&answer)) {
    if (spec_.fault == CardFault::kAmfInAuts) {
      failure->auts = usim_.make_auts(rand, {autn[kAmfPlace], autn[kAmfPlace + 1]});
    } else if (spec_.fault == CardFault::kForgedMacS) {
      failure->auts.back() ^= 1U;
    } else if (spec_.fault == CardFault::kReplayedAuts) {
      if (!earlier_auts_) earlier_auts_ = usim_.make_auts(another(rand));
      failure->auts = *earlier_auts_;
    }
  }
  return answer;
}

void Card::advance_to(std::uint64_t seq) { put(std::vector<std::uint64_t>(usim_.seqs().size(), seq)); }

void Card::advance_slot(unsigned ind, std::uint64_t seq) {
  std::vector<std::uint64_t> seqs = usim_.seqs();
  if (ind >= seqs.size()) throw std::invalid_argument("the card has no such IND");
  seqs[ind] = seq;
  put(std::move(seqs));
}

Sqn Card::sqn_ms() const { return usim_.sqn_ms(); }
const CardSpec& Card::spec() const { return spec_; }

}  // namespace hss::lab
