// SPDX-License-Identifier: MIT
#include "db/sealed_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "db/sqlite.h"

namespace hss::db {

namespace {

BytesView octets_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string place_of(KeySetId id) { return "key_set/" + std::to_string(id); }

// What is sealed does not matter, only that it opens.
constexpr std::string_view kCheckText = "minihss";
constexpr std::string_view kCheckPlace = "meta/master_key_check";

std::optional<Bytes> stored_check(Database& database) {
  Statement find(database.handle(), "SELECT value FROM meta WHERE name = 'master_key_check'");
  Rows rows(find);
  if (!rows.next()) return std::nullopt;
  const BytesView value = rows.blob(0);
  return Bytes(value.begin(), value.end());
}

}  // namespace

Bytes seal_keys(const KeyVault& vault, KeySetId id, const Secret<16>& k, const Secret<16>& opc) {
  Secret<32> both;
  const auto rest = std::copy(k.reveal().begin(), k.reveal().end(), both.overwrite().begin());
  std::copy(opc.reveal().begin(), opc.reveal().end(), rest);
  return vault.seal(both.reveal(), octets_of(place_of(id)));
}

void open_keys(const KeyVault& vault, KeySetId id, BytesView sealed, Secret<16>& k, Secret<16>& opc) {
  Secret<32> both;
  if (!vault.open_sealed(sealed, octets_of(place_of(id)), both.overwrite())) {
    throw StoreFault("key set " + std::to_string(id) +
                     " cannot be decrypted: its record is damaged or another's; provision its keys again");
  }
  k = Secret<16>(both.reveal().first<16>());
  opc = Secret<16>(both.reveal().last<16>());
}

void check_master_key(Database& database, const KeyVault& vault) {
  std::optional<Bytes> check;
  database.read([&] { check = stored_check(database); });
  if (!check) {
    database.write([&] {
      check = stored_check(database);  // another program may have been faster
      if (check) return;
      if (query_integer(database.handle(), "SELECT EXISTS (SELECT 1 FROM key_set)") != 0) {
        throw KeyVaultError(database.file().string() +
                            " holds keys but not the check value of their master key; restore it from a backup");
      }
      check = vault.seal(octets_of(kCheckText), octets_of(kCheckPlace));
      Statement insert(database.handle(), "INSERT INTO meta (name, value) VALUES ('master_key_check', ?)");
      run(insert, BytesView(*check));
    });
  }
  std::array<std::uint8_t, kCheckText.size()> text{};
  if (!vault.open_sealed(*check, octets_of(kCheckPlace), text)) {
    throw KeyVaultError(database.file().string() +
                        " was filled under another master key; give the master key file that belongs to it");
  }
}

}  // namespace hss::db
