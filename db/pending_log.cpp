// SPDX-License-Identifier: MIT
#include "db/pending_log.h"

namespace hss::db {

void PendingTable::update(const PairKey& pair, const PendingAuthentication& state) {
  if (state.until) {
    run(save_, pair.implicit_set, pair.private_identity, *state.until, state.server);
  } else {
    run(remove_, pair.implicit_set, pair.private_identity);
  }
}

const PendingAuthentication* PendingLog::find(const PairKey& pair) {
  const Id last = watch_.last();
  if (last == 0) return nullptr;  // as it mostly is
  if (watch_.is_another(last)) found_ = read();
  const auto at = found_.find(pair);
  return at == found_.end() ? nullptr : &at->second;
}

PendingLog::Id PendingLog::append(const Changes& changes) {
  Id last = 0;
  for (const auto& [pair, state] : changes) {
    last = insert(append_, pair.implicit_set, pair.private_identity, state.until, state.server);
  }
  return last;
}

PendingLog::Id PendingLog::read_on(Id after,
                                   const std::function<void(const PairKey&, const PendingAuthentication&)>& use) {
  Id last = after;
  for (Rows rows(read_on_, after); rows.next();) {
    last = rows.integer(0);
    use({rows.integer(1), rows.integer(2)}, {rows.optional_integer(3), rows.optional_integer(4)});
  }
  return last;
}

PendingLog::Changes PendingLog::read() {
  Changes latest;
  read_on(0, [&](const PairKey& pair, const PendingAuthentication& state) { latest.insert_or_assign(pair, state); });
  return latest;
}

void PendingLog::remove_up_to(Id last) { run(remove_, last); }

void PendingLog::fold(PendingTable& table) {
  const Id last = watch_.last();
  if (last == 0) return;
  for (const auto& [pair, state] : read()) table.update(pair, state);
  remove_up_to(last);
}

void save_pending(PendingLog& log, PendingTable& table, const PendingLog::Changes& changes) {
  for (const auto& [pair, state] : changes) table.update(pair, state);
  if (!changes.empty() && !log.empty()) log.append(changes);
}

}  // namespace hss::db
