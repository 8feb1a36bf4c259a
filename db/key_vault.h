// Keys at rest: AES-256-GCM under the master key, each bound to the key set that it belongs to.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::db {

/// The master key cannot be used: one line that names the file, what is wrong and what to do.
class KeyVaultError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// For one thread at a time: it keeps the ciphers that it has set up. A copy has its own.
///
/// A vault that was read from a file follows a rotation of the key (key_rotation.h) without being opened again: it
/// seals under the key of FILE.next while there is one, or of FILE when that is another than it was, and opens under
/// all.
class KeyVault {
 public:
  /// Writes a new random master key (64 hexadecimal digits and a newline) with mode 0600. Refuses a file that exists.
  static void create_key_file(const std::filesystem::path& file);
  /// Reads a master key file. Refuses one that is missing, of another form, or open to group or others.
  static KeyVault open(const std::filesystem::path& file);

  /// Where the key that is to follow the one of `file` lies meanwhile.
  static std::filesystem::path next_key_file(const std::filesystem::path& file);

  explicit KeyVault(const Secret<32>& master_key);
  KeyVault(const KeyVault& other);
  KeyVault(KeyVault&&) noexcept;
  KeyVault& operator=(const KeyVault&) = delete;
  KeyVault& operator=(KeyVault&&) = delete;
  ~KeyVault();

  /// Encrypts `clear` for a place (what it is and whose, e.g. key set 7): a fresh 96-bit nonce, tag of 128 bits.
  [[nodiscard]] Bytes seal(BytesView clear, BytesView place) const;
  /// How many octets were sealed in what seal() made; 0 for what is too short to be sealed.
  [[nodiscard]] static std::size_t clear_size(BytesView sealed);
  /// Decrypts what seal() made for the same place, to exactly out.size() octets; false, and `out` wiped, when the key,
  /// the place or an octet is another.
  [[nodiscard]] bool open_sealed(BytesView sealed, BytesView place, std::span<std::uint8_t> out) const;

 private:
  struct Ciphers;
  struct Source;

  Bytes seal_by_own(BytesView clear, BytesView place) const;
  bool open_by_own(BytesView sealed, BytesView place, std::span<std::uint8_t> out) const;

  Secret<32> master_key_;
  std::unique_ptr<Ciphers> ciphers_;
  std::unique_ptr<Source> source_;  // of a vault that was read from a file
};

}  // namespace hss::db
