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
  state.issued.resize(issued.size() / kRandSize);
  for (std::size_t i = 0; i < state.issued.size(); ++i) {
    std::ranges::copy(issued.subspan(i * kRandSize, kRandSize), state.issued[i].begin());
  }
  return state;
}

bool SequenceTable::update(KeySetId key_set, const SequenceState& state) {
  std::array<std::uint8_t, kRememberedChallenges * kRandSize> issued{};
  const std::size_t count = std::min(state.issued.size(), kRememberedChallenges);
  for (std::size_t i = 0; i < count; ++i) {
    std::ranges::copy(state.issued[i], issued.begin() + static_cast<std::ptrdiff_t>(i * kRandSize));
  }
  return run(write_, state.seq, BytesView(issued).first(count * kRandSize), key_set) != 0;
}

void SequenceTable::write(KeySetId key_set, const SequenceState& state) {
  if (!update(key_set, state)) missing(key_set);
}

}  // namespace hss::db
