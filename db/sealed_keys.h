// Where the database and the key vault meet: keys and digests as they lie in their tables, and the proof that a
// database and a master key belong together.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "db/database.h"
#include "db/key_vault.h"
#include "hss/subscriber.h"

namespace hss::db {

/// The length of K (one octet), K, and OPc or TOPc or nothing, sealed for a key set: the blob of another one does not
/// open in its place.
Bytes seal_keys(const KeyVault& vault, KeySetId id, const SecretOctets<32>& k, const SecretOctets<32>& opc);

/// Undoes seal_keys(). Throws StoreFault when the blob was made with another master key, for another key set, or is
/// damaged.
void open_keys(const KeyVault& vault, KeySetId id, BytesView sealed, SecretOctets<32>& k, SecretOctets<32>& opc);

/// HA1 (16 octets) and, when there is one, its SHA-256 counterpart (32 octets), sealed for a private identity. The
/// realm lies beside them.
Bytes seal_digest(const KeyVault& vault, PrivateIdentityId id, const SipDigest& digest);

/// Undoes seal_digest(); StoreFault as open_keys().
SipDigest open_digest(const KeyVault& vault, PrivateIdentityId id, std::string realm, BytesView sealed);

/// What open_digest() gives, with zeros for secrets: nothing is decrypted.
SipDigest closed_digest(std::string realm, BytesView sealed);

/// Whether they would open, for those who need no more than that.
bool keys_open(const KeyVault& vault, KeySetId id, BytesView sealed);
bool digest_opens(const KeyVault& vault, PrivateIdentityId id, BytesView sealed);

/// AkaParameters as key_set.parameters holds them, 88 octets: layout (1), r1 to r5 (5), c1 to c5 (80), iterations (1),
/// length of RES (1). Nothing for the usual ones. These are no secret.
std::optional<Bytes> encode_parameters(const AkaParameters& parameters);

/// Undoes encode_parameters(), empty for the usual ones. Throws StoreFault, which names the key set, for anything else.
AkaParameters decode_parameters(KeySetId id, BytesView octets);

/// Whether a database was filled under this master key.
enum class MasterKeyMatch : std::uint8_t { kSame, kOther, kUnbound };
MasterKeyMatch match_master_key(sqlite3* connection, const KeyVault& vault);

/// Binds it to this one, in a write transaction: all that it holds is under it now.
void bind_master_key(Database& database, const KeyVault& vault);

/// Throws KeyVaultError when the database was filled under another master key. A new database is bound to this one.
/// Runs transactions of its own.
void check_master_key(Database& database, const KeyVault& vault);

}  // namespace hss::db
