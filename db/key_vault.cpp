// SPDX-License-Identifier: MIT
#include "db/key_vault.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hss/ascii.h"
#include "hss/error_text.h"
#include "hss/random.h"

namespace hss::db {

namespace {

// What seal() makes: layout version || nonce || ciphertext || tag.
constexpr std::uint8_t kLayout = 1;
constexpr std::size_t kNonceSize = 12;  // NIST SP 800-38D 8.2
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kOverhead = 1 + kNonceSize + kTagSize;

constexpr std::size_t kHexDigits = 64;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

/// AES-256-GCM with its key schedule made; every use of it brings its own nonce. OpenSSL wipes it when it is freed.
CipherContext keyed_context(const Secret<32>& key, int encrypt) {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (!context ||
      EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.reveal().data(), nullptr, encrypt) != 1) {
    throw std::runtime_error("OpenSSL: AES-256-GCM cannot be set up");
  }
  return context;
}

int length(std::size_t size) {
  if (size > std::size_t{1} << 30U) throw std::length_error("too many octets for the key vault");
  return static_cast<int>(size);
}

/// Closes a descriptor, and wipes the text of a key, whatever happens.
struct Descriptor {
  int number;
  ~Descriptor() { ::close(number); }
};
struct KeyText {
  std::array<char, kHexDigits + 2> text{};  // the digits, the newline, and room to see that there is more
  ~KeyText() { OPENSSL_cleanse(text.data(), text.size()); }
};

/// How much of `text` was read, up to its size; -1 with errno.
ssize_t read_up_to(int descriptor, std::span<char> text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::read(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(done);
}

bool write_whole(int descriptor, std::span<const char> text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text = text.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

bool is_key(std::string_view text) { return text.size() == kHexDigits && std::ranges::all_of(text, ascii::is_hex); }

Secret<32> read_key(const std::filesystem::path& file) {
  const std::string name = file.string();
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      if (is_key(file.filename().string())) {  // and must not be repeated
        throw KeyVaultError(
            "a key stands in the place of the name of its file; write it to a file with mode 0600, and name that");
      }
      throw KeyVaultError(name + " does not exist; restore the master key from its backup, or run hssctl init DIR");
    }
    throw KeyVaultError(name + " cannot be read (" + error_text(errno) + "); run as its owner, or correct its owner");
  }
  const Descriptor guard{descriptor};
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw KeyVaultError(name + " cannot be looked at (" + error_text(errno) + ")");
  if (!S_ISREG(status.st_mode)) {
    throw KeyVaultError(name + " is not a regular file; name the master key that hssctl init wrote");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw KeyVaultError(name + " is open to group or others; run chmod 600 " + name);
  }
  KeyText hex;
  const ssize_t size = read_up_to(descriptor, hex.text);
  if (size < 0) throw KeyVaultError(name + " cannot be read (" + error_text(errno) + "); restore it from its backup");
  std::string_view digits(hex.text.data(), static_cast<std::size_t>(size));
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  Secret<32> key;
  if (digits.size() != kHexDigits || !parse_hex(digits, key.overwrite())) {
    throw KeyVaultError(name +
                        " is not a master key (64 hexadecimal digits and a newline); restore it from its backup");
  }
  return key;
}

/// Another file, or another content of it; all zero: there is none.
struct Stamp {
  dev_t device = 0;
  ino_t inode = 0;
  std::int64_t seconds = 0, nanoseconds = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

Stamp stamp_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace

struct KeyVault::Ciphers {
  explicit Ciphers(const Secret<32>& key) : sealing(keyed_context(key, 1)), opening(keyed_context(key, 0)) {}

  CipherContext sealing, opening;
};

/// The file, and the keys that came to lie there since.
struct KeyVault::Source {
  Source(std::filesystem::path named, const Stamp& read)
      : file(std::move(named)), next(next_key_file(file)), own(read) {}
  Source(const Source& other) : Source(other.file, other.own) {}

  void look() {
    look_at(next, next_stamp, of_next);  // in this order: it is renamed to `file` in the end
    look_at(file, file_stamp, of_file);
  }

  void look_at(const std::filesystem::path& path, Stamp& stamp, std::optional<KeyVault>& vault) {
    const Stamp found = stamp_of(path);
    if (found == stamp) return;
    // A key that is there no more is still tried: what it sealed may have been read already, or be in a backup.
    if (vault) earlier.push_back(std::move(*vault));
    vault.reset();
    stamp = {};
    if (found == Stamp{} || found == own) return;
    try {
      vault.emplace(read_key(path));
      stamp = found;
    } catch (const KeyVaultError&) {
      return;  // half written, or not for us: looked at again the next time
    }
  }

  std::filesystem::path file, next;
  Stamp own;  // of the key that the vault itself has
  Stamp file_stamp{}, next_stamp{};
  std::optional<KeyVault> of_file, of_next;
  std::vector<KeyVault> earlier;
};

KeyVault::KeyVault(const Secret<32>& master_key)
    : master_key_(master_key), ciphers_(std::make_unique<Ciphers>(master_key_)) {}

KeyVault::KeyVault(const KeyVault& other) : KeyVault(other.master_key_) {
  if (other.source_) source_ = std::make_unique<Source>(*other.source_);
}

KeyVault::KeyVault(KeyVault&&) noexcept = default;

KeyVault::~KeyVault() = default;

void KeyVault::create_key_file(const std::filesystem::path& file) {
  const std::string name = file.string();
  Secret<32> key;
  SystemRandom().fill(key.overwrite());
  KeyText hex;
  std::size_t at = 0;
  for (const std::uint8_t octet : key.reveal()) {
    hex.text[at++] = "0123456789abcdef"[octet >> 4U];
    hex.text[at++] = "0123456789abcdef"[octet & 0x0fU];
  }
  hex.text[at++] = '\n';

  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    if (errno == EEXIST) {
      throw KeyVaultError(name + " exists already and a database may depend on it; choose another directory");
    }
    throw KeyVaultError(name + " cannot be created (" + error_text(errno) +
                        "); name a directory that exists and is writable for this user");
  }
  const Descriptor guard{descriptor};
  if (!write_whole(descriptor, std::span(hex.text).first(at)) || ::fsync(descriptor) != 0) {
    const int error = errno;
    ::unlink(file.c_str());
    throw KeyVaultError(name + " cannot be written (" + error_text(error) + "); make room on its disk and try again");
  }
}

KeyVault KeyVault::open(const std::filesystem::path& file) {
  const Stamp stamp = stamp_of(file);  // first: a later change is then noticed
  KeyVault vault(read_key(file));
  vault.source_ = std::make_unique<Source>(file, stamp);
  return vault;
}

std::filesystem::path KeyVault::next_key_file(const std::filesystem::path& file) { return file.string() + ".next"; }

Bytes KeyVault::seal(BytesView clear, BytesView place) const {
  if (source_) {
    source_->look();
    for (const auto* later : {&source_->of_next, &source_->of_file}) {
      if (*later) return (*later)->seal_by_own(clear, place);
    }
  }
  return seal_by_own(clear, place);
}

bool KeyVault::open_sealed(BytesView sealed, BytesView place, std::span<std::uint8_t> out) const {
  if (open_by_own(sealed, place, out)) return true;
  if (!source_) return false;
  source_->look();
  for (const auto* later : {&source_->of_next, &source_->of_file}) {
    if (*later && (*later)->open_by_own(sealed, place, out)) return true;
  }
  return std::ranges::any_of(source_->earlier,
                             [&](const KeyVault& vault) { return vault.open_by_own(sealed, place, out); });
}

Bytes KeyVault::seal_by_own(BytesView clear, BytesView place) const {
  Bytes sealed(kOverhead + clear.size());
  sealed[0] = kLayout;
  const std::span<std::uint8_t> nonce = std::span(sealed).subspan(1, kNonceSize);
  SystemRandom().fill(nonce);
  std::uint8_t* const text = sealed.data() + 1 + kNonceSize;
  std::uint8_t* const tag = text + clear.size();

  EVP_CIPHER_CTX* const cipher = ciphers_->sealing.get();
  int written = 0;
  int rest = 0;
  const bool sealed_well = EVP_EncryptInit_ex(cipher, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
                           EVP_EncryptUpdate(cipher, nullptr, &written, place.data(), length(place.size())) == 1 &&
                           EVP_EncryptUpdate(cipher, text, &written, clear.data(), length(clear.size())) == 1 &&
                           EVP_EncryptFinal_ex(cipher, text + written, &rest) == 1 &&
                           written + rest == length(clear.size()) &&
                           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagSize), tag) == 1;
  if (!sealed_well) throw std::runtime_error("OpenSSL: AES-256-GCM encryption failed");
  return sealed;
}

std::size_t KeyVault::clear_size(BytesView sealed) { return std::max(sealed.size(), kOverhead) - kOverhead; }

bool KeyVault::open_by_own(BytesView sealed, BytesView place, std::span<std::uint8_t> out) const {
  OPENSSL_cleanse(out.data(), out.size());
  if (sealed.size() != kOverhead + out.size() || sealed[0] != kLayout) return false;
  const BytesView nonce = sealed.subspan(1, kNonceSize);
  const BytesView text = sealed.subspan(1 + kNonceSize, out.size());
  Octets<kTagSize> tag{};
  std::copy(sealed.end() - kTagSize, sealed.end(), tag.begin());

  EVP_CIPHER_CTX* const cipher = ciphers_->opening.get();
  int written = 0;
  int rest = 0;
  const bool opened = EVP_DecryptInit_ex(cipher, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
                      EVP_DecryptUpdate(cipher, nullptr, &written, place.data(), length(place.size())) == 1 &&
                      EVP_DecryptUpdate(cipher, out.data(), &written, text.data(), length(text.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagSize), tag.data()) == 1 &&
                      EVP_DecryptFinal_ex(cipher, out.data() + written, &rest) == 1;
  if (!opened) OPENSSL_cleanse(out.data(), out.size());
  return opened;
}

}  // namespace hss::db
