// Where the database and the key vault meet: K and OPc as they lie in the table, and the proof that a database and a
// master key belong together.
// SPDX-License-Identifier: MIT
#pragma once

#include "db/database.h"
#include "db/key_vault.h"
#include "hss/subscriber.h"

namespace hss::db {

/// K || OPc of a key set, sealed for that key set: the blob of another one does not open in its place.
Bytes seal_keys(const KeyVault& vault, KeySetId id, const Secret<16>& k, const Secret<16>& opc);

/// Undoes seal_keys(). Throws StoreFault when the blob was made with another master key, for another key set, or is
/// damaged.
void open_keys(const KeyVault& vault, KeySetId id, BytesView sealed, Secret<16>& k, Secret<16>& opc);

/// Throws KeyVaultError when the database was filled under another master key. A new database is bound to this one.
/// Runs transactions of its own.
void check_master_key(Database& database, const KeyVault& vault);

}  // namespace hss::db
