// SPDX-License-Identifier: MIT
#include "db/master_key.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

#include "hss/bytes.h"
#include "hss/error_text.h"
#include "hss/secret.h"

namespace hss::db {

namespace {

constexpr std::size_t kDigits = 64;

KeyVault vault_of(std::string_view text, const std::string& source) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  Secret<32> key;
  if (text.size() != kDigits || !parse_hex(text, key.overwrite())) {
    throw KeyVaultError(source + " holds no master key (64 hexadecimal digits); give it the one of the database");
  }
  return KeyVault(key);
}

/// Its mode is systemd's affair: a service of another user than root reads it by an access list.
KeyVault vault_of_credential(int descriptor, const std::string& name) {
  struct Text {
    std::array<char, kDigits + 2> octets{};  // the digits, a newline, and room to see that there is more
    ~Text() { OPENSSL_cleanse(octets.data(), octets.size()); }
  } text;
  std::size_t size = 0;
  ssize_t count = 0;
  do {
    count = ::read(descriptor, text.octets.data() + size, text.octets.size() - size);
    if (count > 0) size += static_cast<std::size_t>(count);
  } while (count > 0 || (count < 0 && errno == EINTR));
  const int error = errno;
  ::close(descriptor);
  if (count < 0) {
    throw KeyVaultError(name + " cannot be read (" + error_text(error) + "); look at LoadCredential in the unit");
  }
  return vault_of({text.octets.data(), size}, name);
}

std::string credential_name() {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || *directory == '\0') return {};
  return std::string(directory) + "/" + kMasterKeyCredential;
}

}  // namespace

bool master_key_is_of_file() {
  const std::string name = credential_name();
  return std::getenv(kMasterKeyVariable) == nullptr && (name.empty() || ::access(name.c_str(), F_OK) != 0);
}

KeyVault open_master_key(const std::filesystem::path& file) {
  if (const std::string name = credential_name(); !name.empty()) {
    const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0) return vault_of_credential(descriptor, name);
    if (errno != ENOENT) {
      throw KeyVaultError(name + " cannot be opened (" + error_text(errno) + "); look at LoadCredential in the unit");
    }
  }
  if (const char* value = std::getenv(kMasterKeyVariable); value != nullptr) {
    return vault_of(value, std::string("the environment variable ") + kMasterKeyVariable);
  }
  return KeyVault::open(file);
}

}  // namespace hss::db
