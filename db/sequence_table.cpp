// SPDX-License-Identifier: MIT
#include "db/sequence_table.h"

#include <algorithm>
#include <array>

namespace hss::db {

namespace {

constexpr std::size_t kRandSize = 16;

[[noreturn]] void missing(KeySetId key_set) {
  throw StoreFault("key set " + std::to_string(key_set) + " has no sequence number");
}

}  // namespace

SequenceState SequenceTable::read(KeySetId key_set) {
  Rows rows(read_, key_set);
  if (!rows.next()) missing(key_set);
  SequenceState state;
  state.seq = static_cast<std::uint64_t>(rows.integer(0));
  const BytesView issued = rows.blob(1);
  for (std::size_t at = 0; at + kRandSize <= issued.size(); at += kRandSize) {
    Octets<kRandSize> rand;
    std::ranges::copy(issued.subspan(at, kRandSize), rand.begin());
    state.issued.push_back(rand);
  }
  return state;
}

bool SequenceTable::update(KeySetId key_set, const SequenceState& state) {
  std::array<std::uint8_t, kRememberedChallenges * kRandSize> issued{};
  auto* end = issued.begin();
  for (const Octets<kRandSize>& rand : state.issued) end = std::ranges::copy(rand, end).out;
  return run(write_, state.seq, BytesView(issued.begin(), end), key_set) != 0;
}

void SequenceTable::write(KeySetId key_set, const SequenceState& state) {
  if (!update(key_set, state)) missing(key_set);
}

}  // namespace hss::db
