// SPDX-License-Identifier: MIT
#include "db/restored_sequences.h"

#include <string>

#include "db/sequence_log.h"
#include "db/sequence_table.h"
#include "db/sqlite.h"

namespace hss::db {

namespace {

// The last SEQ that is issued: one below max_seq() (hss/sqn.h).
#define LAST_SEQ "((281474976710655 >> k.ind_bits) - 1)"
// How far a key set goes. A delta of 0 or 1 has no half: the HSS goes by each AUTS of such a card anyway.
#define STEP "(CASE WHEN k.delta > 1 THEN min(?1, k.delta / 2) ELSE ?1 END)"

}  // namespace

std::string name_of_key_set(sqlite3* connection, std::int64_t key_set) {
  Statement find(connection,
                 "SELECT coalesce(s.imsi, (SELECT impi FROM private_identity p WHERE p.key_set = k.id ORDER BY p.id))"
                 " FROM key_set k LEFT JOIN subscription s ON s.id = k.subscription WHERE k.id = ?");
  Rows rows(find, key_set);
  std::string name = "key set " + std::to_string(key_set);
  if (rows.next() && !rows.is_null(0)) name += " of " + rows.text(0);
  return name;
}

SequenceJump jump_sequences(Database& database, std::uint64_t jump) {
  sqlite3* const connection = database.handle();
  SequenceTable sequences(connection);
  SequenceLog(connection).fold(sequences);
  SequenceJump done;
  Statement exhausted(connection, "SELECT k.id FROM sequence q JOIN key_set k ON k.id = q.key_set WHERE q.seq + " STEP
                                  " >= " LAST_SEQ " ORDER BY 1");
  for (Rows rows(exhausted, jump); rows.next();) {
    done.exhausted.push_back(name_of_key_set(connection, rows.integer(0)));
  }
  Statement limited(connection, "SELECT count(*), min(k.id) FROM key_set k WHERE " STEP " < ?1");
  if (Rows rows(limited, jump); rows.next() && rows.integer(0) > 0) {
    done.limited = static_cast<std::uint64_t>(rows.integer(0));
    done.first_limited = name_of_key_set(connection, rows.integer(1));
  }
  Statement forward(connection, "UPDATE sequence SET seq = max(seq, min(seq + " STEP ", " LAST_SEQ
                                ")), issued = x'' FROM key_set k WHERE k.id = sequence.key_set");
  done.key_sets = static_cast<std::uint64_t>(run(forward, jump));
  return done;
}

}  // namespace hss::db
