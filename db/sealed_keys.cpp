// SPDX-License-Identifier: MIT
#include "db/sealed_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "db/sqlite.h"

namespace hss::db {

namespace {

BytesView octets_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string place_of_keys(KeySetId id) { return "key_set/" + std::to_string(id); }
std::string place_of_digest(PrivateIdentityId id) { return "sip_digest/" + std::to_string(id); }

constexpr std::size_t kLongestKey = 32;  // octets: of K and of TOPc, TS 35.231 6.1
constexpr std::size_t kHa1Size = Secret<16>::size();
constexpr std::size_t kAlternateSize = Secret<32>::size();

// Of AkaParameters.
constexpr std::uint8_t kParametersLayout = 1;
constexpr std::size_t kParametersSize = 1 + 5 + 5 * 16 + 1 + 1;

[[noreturn]] void refuse_keys(KeySetId id) {
  throw StoreFault("key set " + std::to_string(id) +
                   " cannot be decrypted: its record is damaged or another's; provision its keys again");
}

[[noreturn]] void refuse_digest(PrivateIdentityId id) {
  throw StoreFault("the SIP Digest of private identity " + std::to_string(id) +
                   " cannot be decrypted: its record is damaged or another's; provision it again");
}

// What is sealed does not matter, only that it opens.
constexpr std::string_view kCheckText = "minihss";
constexpr std::string_view kCheckPlace = "meta/master_key_check";

std::optional<Bytes> stored_check(sqlite3* connection) {
  Statement find(connection, "SELECT value FROM meta WHERE name = 'master_key_check'");
  Rows rows(find);
  if (!rows.next()) return std::nullopt;
  const BytesView value = rows.blob(0);
  return Bytes(value.begin(), value.end());
}

bool opens_check(const KeyVault& vault, const Bytes& check) {
  std::array<std::uint8_t, kCheckText.size()> text{};
  return vault.open_sealed(check, octets_of(kCheckPlace), text);
}

Bytes seal_check(const KeyVault& vault) { return vault.seal(octets_of(kCheckText), octets_of(kCheckPlace)); }

bool opens(const KeyVault& vault, const std::string& place, BytesView sealed) {
  Secret<1 + 2 * kLongestKey> clear;
  const std::size_t size = KeyVault::clear_size(sealed);
  return size <= clear.size() && vault.open_sealed(sealed, octets_of(place), clear.overwrite().first(size));
}

}  // namespace

Bytes seal_keys(const KeyVault& vault, KeySetId id, const SecretOctets<32>& k, const SecretOctets<32>& opc) {
  Secret<1 + 2 * kLongestKey> clear;
  const auto octets = clear.overwrite();
  octets[0] = static_cast<std::uint8_t>(k.size());
  const auto rest = std::copy(k.reveal().begin(), k.reveal().end(), octets.begin() + 1);
  std::copy(opc.reveal().begin(), opc.reveal().end(), rest);
  return vault.seal(octets.first(1 + k.size() + opc.size()), octets_of(place_of_keys(id)));
}

void open_keys(const KeyVault& vault, KeySetId id, BytesView sealed, SecretOctets<32>& k, SecretOctets<32>& opc) {
  Secret<1 + 2 * kLongestKey> clear;
  const std::size_t size = KeyVault::clear_size(sealed);
  if (size < 1 || size > clear.size()) refuse_keys(id);
  const auto octets = clear.overwrite().first(size);
  if (!vault.open_sealed(sealed, octets_of(place_of_keys(id)), octets)) refuse_keys(id);
  const std::size_t k_size = octets[0];
  if (k_size > kLongestKey || 1 + k_size > size || size - 1 - k_size > kLongestKey) refuse_keys(id);
  k = SecretOctets<32>(octets.subspan(1, k_size));
  opc = SecretOctets<32>(octets.subspan(1 + k_size));
}

Bytes seal_digest(const KeyVault& vault, PrivateIdentityId id, const SipDigest& digest) {
  Secret<kHa1Size + kAlternateSize> clear;
  const auto octets = clear.overwrite();
  const auto rest = std::copy(digest.ha1.reveal().begin(), digest.ha1.reveal().end(), octets.begin());
  std::size_t size = kHa1Size;
  if (digest.alternate_sha256) {
    std::copy(digest.alternate_sha256->reveal().begin(), digest.alternate_sha256->reveal().end(), rest);
    size += kAlternateSize;
  }
  return vault.seal(octets.first(size), octets_of(place_of_digest(id)));
}

SipDigest open_digest(const KeyVault& vault, PrivateIdentityId id, std::string realm, BytesView sealed) {
  Secret<kHa1Size + kAlternateSize> clear;
  const std::size_t size = KeyVault::clear_size(sealed);
  if (size != kHa1Size && size != clear.size()) refuse_digest(id);
  if (!vault.open_sealed(sealed, octets_of(place_of_digest(id)), clear.overwrite().first(size))) refuse_digest(id);
  SipDigest digest{std::move(realm), Secret<16>(clear.reveal().first<kHa1Size>()), std::nullopt};
  if (size == clear.size()) digest.alternate_sha256 = Secret<32>(clear.reveal().last<kAlternateSize>());
  return digest;
}

SipDigest closed_digest(std::string realm, BytesView sealed) {
  SipDigest digest{std::move(realm), {}, std::nullopt};
  if (KeyVault::clear_size(sealed) == kHa1Size + kAlternateSize) digest.alternate_sha256.emplace();
  return digest;
}

std::optional<Bytes> encode_parameters(const AkaParameters& parameters) {
  if (parameters == AkaParameters{}) return std::nullopt;
  Bytes octets{kParametersLayout};
  octets.reserve(kParametersSize);
  const MilenageConstants& milenage = parameters.milenage;
  octets.insert(octets.end(), milenage.r.begin(), milenage.r.end());
  for (const auto& c : milenage.c) octets.insert(octets.end(), c.begin(), c.end());
  octets.push_back(static_cast<std::uint8_t>(parameters.tuak_iterations));
  octets.push_back(static_cast<std::uint8_t>(parameters.res_octets));
  return octets;
}

AkaParameters decode_parameters(KeySetId id, BytesView octets) {
  AkaParameters parameters;
  if (octets.empty()) return parameters;
  if (octets.size() != kParametersSize || octets[0] != kParametersLayout) {
    throw StoreFault("key set " + std::to_string(id) +
                     " has parameters that cannot be read: its record is damaged, or of a newer program");
  }
  MilenageConstants& milenage = parameters.milenage;
  auto next = octets.begin() + 1;
  std::copy_n(next, milenage.r.size(), milenage.r.begin());
  next += static_cast<std::ptrdiff_t>(milenage.r.size());
  for (auto& c : milenage.c) {
    std::copy_n(next, c.size(), c.begin());
    next += static_cast<std::ptrdiff_t>(c.size());
  }
  parameters.tuak_iterations = *next++;
  parameters.res_octets = *next;
  return parameters;
}

bool keys_open(const KeyVault& vault, KeySetId id, BytesView sealed) { return opens(vault, place_of_keys(id), sealed); }

bool digest_opens(const KeyVault& vault, PrivateIdentityId id, BytesView sealed) {
  return opens(vault, place_of_digest(id), sealed);
}

void bind_master_key(Database& database, const KeyVault& vault) {
  Statement save(database.handle(), "INSERT OR REPLACE INTO meta (name, value) VALUES ('master_key_check', ?)");
  run(save, BytesView(seal_check(vault)));
}

MasterKeyMatch match_master_key(sqlite3* connection, const KeyVault& vault) {
  const std::optional<Bytes> check = stored_check(connection);
  if (!check) return MasterKeyMatch::kUnbound;
  return opens_check(vault, *check) ? MasterKeyMatch::kSame : MasterKeyMatch::kOther;
}

void check_master_key(Database& database, const KeyVault& vault) {
  std::optional<Bytes> check;
  database.read([&] { check = stored_check(database.handle()); });
  if (!check) {
    database.write([&] {
      check = stored_check(database.handle());  // another program may have been faster
      if (check) return;
      if (query_integer(database.handle(),
                        "SELECT EXISTS (SELECT 1 FROM key_set) OR EXISTS (SELECT 1 FROM sip_digest)") != 0) {
        throw KeyVaultError(database.file().string() +
                            " holds keys but not the check value of their master key; restore it from a backup");
      }
      check = seal_check(vault);
      Statement insert(database.handle(), "INSERT INTO meta (name, value) VALUES ('master_key_check', ?)");
      run(insert, BytesView(*check));
    });
  }
  if (!opens_check(vault, *check)) {
    throw KeyVaultError(database.file().string() +
                        " was filled under another master key; give the master key file that belongs to it");
  }
}

}  // namespace hss::db
