// SPDX-License-Identifier: MIT
#include "db/pending_log.h"

#include <cstddef>

#include "db/log_octets.h"
#include "hss/repository.h"

namespace hss::db {

void PendingTable::update(const PairKey& pair, const PendingAuthentication& state) {
  if (state.until) {
    run(save_, pair.implicit_set, pair.private_identity, *state.until, state.server);
  } else {
    run(remove_, pair.implicit_set, pair.private_identity);
  }
}

void PendingRecords::append(Bytes& content, const PairKey& pair, const PendingAuthentication& state) {
  for (const std::int64_t number :
       {pair.implicit_set, pair.private_identity, state.until.value_or(0), state.server.value_or(0)}) {
    append_number(content, static_cast<std::uint64_t>(number));
  }
}

void PendingRecords::read(const Rows& rows,
                          const std::function<void(const PairKey&, const PendingAuthentication&)>& use) {
  if (rows.is_null(1)) return use({rows.integer(2), rows.integer(3)}, {});
  constexpr std::size_t kRecord = 4 * kLoggedNumber;
  for (BytesView left = rows.blob(1); !left.empty(); left = left.subspan(kRecord)) {
    if (left.size() < kRecord) {
      throw StoreFault("the log of pending authentications is damaged; restore the database from a backup");
    }
    const auto number = [&](std::size_t place) {
      return static_cast<std::int64_t>(number_at(left.subspan(place * kLoggedNumber)));
    };
    const auto unless_0 = [](std::int64_t value) { return value != 0 ? std::optional(value) : std::nullopt; };
    use({number(0), number(1)}, {unless_0(number(2)), unless_0(number(3))});
  }
}

void save_pending(PendingLog& log, PendingTable& table, const PendingLog::Changes& changes) {
  for (const auto& [pair, state] : changes) table.update(pair, state);
  if (!changes.empty() && !log.empty()) log.append(changes);
}

}  // namespace hss::db
