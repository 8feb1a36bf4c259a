// SPDX-License-Identifier: MIT
#include "db/sequence_table.h"

#include <algorithm>
#include <array>

#include "db/stored_challenges.h"

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
  state.issued = stored_challenges(rows.blob(1));
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
