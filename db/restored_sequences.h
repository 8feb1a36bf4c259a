// What makes an old copy of the database safe to go on with: SEQ of every key set stands above all that was issued
// after the copy was made, and no challenge of that time is known any more.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/database.h"

namespace hss::db {

/// A million vectors of one card: one a second for twelve days, one a minute for two years. It is 1/256 of the usual
/// delta, so that a card that limits the jump (L, TS 33.102 C.2.1) takes the next challenge, after a few restores too;
/// and 43 bits of SEQ are enough for eight million restores.
inline constexpr std::uint64_t kSequenceJump = std::uint64_t{1} << 20U;

struct SequenceJump {
  std::uint64_t key_sets = 0;
  /// Key sets whose SEQ would have gone beyond the highest one: it is that one now, and no vector can be made.
  std::vector<std::string> exhausted;
  /// Key sets that went forward by half of their delta only: their cards would refuse more, and take SEQ back by AUTS.
  std::uint64_t limited = 0;
  std::string first_limited;
};

/// Inside Database::write. The RANDs that may lower SEQ by their AUTS are forgotten: one of before the copy could have
/// been used since, and would be taken a second time (TS 33.102 6.3.5). A card whose AUTS is on its way meanwhile is
/// refused once, and the next challenge is remembered again.
SequenceJump jump_sequences(Database& database, std::uint64_t jump);

/// "key set 7 of 001010000000001": IMSI, else the first private identity.
std::string name_of_key_set(sqlite3* connection, std::int64_t key_set);

}  // namespace hss::db
