// One key set with the authentication centre and the card that share it.
// SPDX-License-Identifier: MIT
#pragma once

#include <random>

#include "hss/auc.h"
#include "tests/support/memory_repository.h"
#include "tests/support/usim_model.h"

namespace hss::test {

/// Randomness that a seed repeats, so that a failure can be looked at again.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

/// One key set, the AuC and the card that share it.
class AucBench {
 public:
  /// What kind of card.
  struct Keys {
    AkaAlgorithm algorithm = AkaAlgorithm::kMilenage;
    std::size_t k_octets = 16;
    std::size_t opc_octets = 16;
    AkaParameters parameters{};
  };

  AucBench(std::uint64_t seed, unsigned ind_bits, std::uint64_t delta, std::uint64_t seq_he, const Keys& keys)
      : random_(seed), key_set_(make_key_set(random_, ind_bits, delta, keys)), usim_(key_set_) {
    repository_.add(key_set_, {.seq = seq_he, .issued = {}});
  }

  /// A Milenage card.
  AucBench(std::uint64_t seed, unsigned ind_bits, std::uint64_t delta, std::uint64_t seq_he)
      : AucBench(seed, ind_bits, delta, seq_he, Keys{}) {}

  std::vector<AkaVector> issue(unsigned count = 1, VectorRequester requester = {Application::kCx, "scscf"}) {
    return issue_vectors(key_set_, count, requester, repository_, context());
  }
  std::variant<ResynchronisationRecord, ResynchronisationRefusal> resynchronise(const Octets<16>& rand,
                                                                                const Octets<14>& auts) {
    return hss::resynchronise(key_set_, rand, auts, {Application::kCx, "scscf"}, repository_, context());
  }
  UsimModel& usim() { return usim_; }
  UsimModel::Answer present(const AkaVector& vector) { return usim_.authenticate(vector.rand, vector.autn); }
  /// Whether the card takes it with the response that the network expects.
  bool accepts(const AkaVector& vector) {
    const auto answer = present(vector);
    const auto* accepted = std::get_if<UsimModel::Accepted>(&answer);
    return accepted != nullptr && accepted->res.equals(vector.xres) && accepted->ck.equals(vector.ck) &&
           accepted->ik.equals(vector.ik);
  }
  /// The SQN in AUTN, read by a card that takes everything.
  [[nodiscard]] Sqn sqn_of(const AkaVector& vector) const {
    KeySet lenient = key_set_;
    lenient.ind_bits = 0;
    lenient.delta = kMaxSqn;
    UsimModel reader(lenient);
    const auto answer = reader.authenticate(vector.rand, vector.autn);
    return std::get<UsimModel::Accepted>(answer).seq;
  }
  std::uint64_t seq_he() { return repository_.sequence(key_set_.id).seq; }

 private:
  static KeySet make_key_set(RandomSource& random, unsigned ind_bits, std::uint64_t delta, const Keys& keys) {
    KeySet key_set;
    key_set.id = 1;
    key_set.algorithm = keys.algorithm;
    key_set.k = random_secret(random, keys.k_octets);
    key_set.opc = random_secret(random, keys.opc_octets);
    key_set.parameters = keys.parameters;
    key_set.test = keys.algorithm == AkaAlgorithm::kXor;
    key_set.ind_bits = ind_bits;
    key_set.delta = delta;
    return key_set;
  }
  static SecretOctets<32> random_secret(RandomSource& random, std::size_t octets) {
    Bytes bytes(octets);
    random.fill(bytes);
    return SecretOctets<32>(bytes);
  }
  Context context() { return {.settings = settings_, .now = 1700000000, .random = random_}; }

  Settings settings_;
  SeededRandom random_;
  KeySet key_set_;
  UsimModel usim_;
  MemoryRepository repository_;
};

}  // namespace hss::test
