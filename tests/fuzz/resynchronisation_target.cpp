// AUTS against any state of a key set (TS 33.102 6.3.5): one with a single bit wrong changes nothing, a right one moves
// SEQ only as the clause says and takes it back at most once, and the card accepts the vector that comes next.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "hss/auc.h"
#include "hss/resynchronisation_token.h"
#include "hss/sqn.h"
#include "tests/fuzz/target.h"
#include "tests/support/memory_repository.h"
#include "tests/support/usim_model.h"

namespace hss::fuzz {
namespace {

using Action = ResynchronisationRecord::Action;

constexpr VectorRequester kRequester{Application::kCx, "scscf.example.org"};
constexpr KeySetId kId = 1;

/// The input as numbers; zeros behind its end.
class Numbers {
 public:
  explicit Numbers(std::string_view input) : rest_(input) {}
  std::uint64_t next(std::size_t octets) {
    std::uint64_t value = 0;
    for (; octets > 0; --octets) value = value << 8U | take();
    return value;
  }
  template <std::size_t N>
  Octets<N> octets() {
    Octets<N> out{};
    std::ranges::generate(out, [this] { return take(); });
    return out;
  }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  std::uint8_t take() {
    whole_ = whole_ && !rest_.empty();
    if (rest_.empty()) return 0;
    const auto octet = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return octet;
  }
  std::string_view rest_;
  bool whole_ = true;
};

KeySet key_set_of(Numbers& numbers) {
  KeySet keys;
  keys.id = kId;
  keys.algorithm = static_cast<AkaAlgorithm>(numbers.next(1) % 3);
  keys.k = Secret<16>(Octets<16>{0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f});
  if (keys.algorithm == AkaAlgorithm::kMilenage) keys.opc = SecretOctets<32>(Bytes(16, 0x5C));
  if (keys.algorithm == AkaAlgorithm::kTuak) keys.opc = SecretOctets<32>(Bytes(32, 0x5C));
  keys.test = true;
  keys.ind_bits = static_cast<unsigned>(numbers.next(1) % 9);
  keys.delta = std::max<std::uint64_t>(1, numbers.next(6));
  return keys;
}

struct Case {
  explicit Case(Numbers& numbers) : keys(key_set_of(numbers)), card(keys) {
    before.seq = numbers.next(6) & max_seq(keys.ind_bits);
    card.accept(seq_ms = numbers.next(6) & max_seq(keys.ind_bits), 0);
    if (numbers.next(1) % 2 != 0) before.issued.push_back(rand);
    repository.add(keys, before);
  }
  auto take(const Octets<16>& challenge, const Octets<14>& auts) {
    return resynchronise(keys, challenge, auts, kRequester, repository, {settings, 1, random});
  }
  [[nodiscard]] SequenceState state() { return repository.sequence(kId); }

  KeySet keys;
  test::UsimModel card;
  Settings settings;
  test::CountingRandom random;
  test::MemoryRepository repository;
  SequenceState before;
  std::uint64_t seq_ms = 0;
  Octets<16> rand{0x23, 0x55};
};

/// What is not of this card.
void forged(Case& world, const Octets<16>& rand, const Octets<14>& auts) {
  const auto writes = world.repository.writes();
  const auto answer = world.take(rand, auts);
  const auto* refusal = std::get_if<ResynchronisationRefusal>(&answer);
  require(refusal != nullptr && *refusal == ResynchronisationRefusal::kWrongMac, "a forged AUTS is refused");
  require(world.repository.writes() == writes, "a forged AUTS writes nothing");
}

void accepts_the_next(Case& world) {
  const bool at_its_end = !next_seq(world.state().seq, world.keys.ind_bits);
  const auto vectors = issue_vectors(world.keys, 1, kRequester, world.repository, {world.settings, 1, world.random});
  require(vectors.empty() == at_its_end, "there is a vector until SEQ ends");
  if (vectors.empty()) return;
  const auto answer = world.card.authenticate(vectors.front().rand, vectors.front().autn);
  require(std::holds_alternative<test::UsimModel::Accepted>(answer), "the card accepts the vector after its AUTS");
}

void right(Case& world) {
  const Octets<14> auts = world.card.make_auts(world.rand);
  const auto answer = world.take(world.rand, auts);
  const std::uint64_t he = world.before.seq;
  const std::uint64_t ms = world.seq_ms;
  const bool in_range = he >= ms && he - ms < world.keys.delta;
  const SequenceState after = world.state();
  if (!in_range && ms <= he && world.before.issued.empty()) {
    require(std::holds_alternative<ResynchronisationRefusal>(answer), "only a late challenge takes SEQ back");
    require(after == world.before, "a refused AUTS changes nothing");
    return;
  }
  const auto* record = std::get_if<ResynchronisationRecord>(&answer);
  require(record != nullptr && record->seq_he == he && record->seq_ms == ms, "a right AUTS is taken for what it says");
  require(record->action == (in_range ? Action::kKept : ms > he ? Action::kRaised : Action::kLowered), "6.3.5 decides");
  require(after.seq == (in_range ? he : ms), "SEQ is HE's or the card's, as 6.3.5 says");
  require(record->action != Action::kLowered || after.issued.empty(), "a challenge takes SEQ back once");

  const auto again = world.take(world.rand, auts);
  const auto* repeated = std::get_if<ResynchronisationRecord>(&again);
  require(repeated != nullptr && repeated->action == Action::kKept && world.state().seq == after.seq,
          "the same AUTS again moves nothing");
  accepts_the_next(world);
}

bool run(std::string_view input) {
  Numbers numbers(input);
  Case world(numbers);
  const auto bit = numbers.next(1) % (8 * 14);
  Octets<14> spoilt = world.card.make_auts(world.rand);
  spoilt.at(bit / 8) ^= static_cast<std::uint8_t>(1U << bit % 8);
  forged(world, world.rand, spoilt);
  const auto octets = numbers.octets<30>();
  const auto token = ResynchronisationToken::parse(octets);
  require(token.has_value() && !ResynchronisationToken::parse(BytesView(octets).first(29)), "a token is of 30 octets");
  if (!open_auts(world.keys, token->rand, token->auts)) forged(world, token->rand, token->auts);
  right(world);
  return numbers.whole();
}

/// Algorithm, IND bits, delta, SEQ_HE, SEQ_MS, whether the challenge is remembered, a bit, a token.
std::string numbers(char algorithm, char ind_bits, std::string_view delta, std::string_view he, std::string_view ms,
                    char remembered) {
  return std::string{algorithm, ind_bits} + std::string(delta) + std::string(he) + std::string(ms) + remembered + '\7' +
         std::string(30, '\x5A');
}

std::vector<std::string> seeds() {
  using namespace std::string_view_literals;
  constexpr auto kDelta = "\0\0\x10\0\0\0"sv;
  constexpr auto kLow = "\0\0\0\0\0\2"sv;
  constexpr auto kHigh = "\0\0\x20\0\0\1"sv;
  constexpr auto kEnd = "\xff\xff\xff\xff\xff\xff"sv;
  return {numbers(0, 5, kDelta, kHigh, kHigh, 0), numbers(0, 5, kDelta, kLow, kHigh, 0),
          numbers(0, 5, kDelta, kHigh, kLow, 1),  numbers(1, 0, kDelta, kHigh, kLow, 0),
          numbers(1, 8, kEnd, kEnd, kLow, 1),     numbers(2, 5, kLow, kLow, kEnd, 1)};
}

const Registration kTarget({"resynchronisation", seeds, run});

}  // namespace
}  // namespace hss::fuzz
