// SPDX-License-Identifier: MIT
#include "hss/aes128.h"

#include <openssl/evp.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace hss {
namespace {

[[noreturn]] void fail(const char* call) {
  throw std::runtime_error(std::string("AES-128-ECB: ") + call +
                           " failed; check that OpenSSL's configuration offers it");
}

/// Fetched once and kept until the process ends: contexts of other threads may use it to the last.
EVP_CIPHER* aes_128_ecb() {
  static EVP_CIPHER* const cipher = [] {
    EVP_CIPHER* fetched = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
    if (fetched == nullptr) fail("EVP_CIPHER_fetch");  // the next caller tries again
    return fetched;
  }();
  return cipher;
}

const AesInstructions* instructions_of(Aes128::Implementation implementation) {
  if (implementation == Aes128::Implementation::kOpenSsl) return nullptr;
  if (aes_instructions() == nullptr) throw std::invalid_argument("this processor has no AES instructions");
  return aes_instructions();
}

}  // namespace

void Aes128::FreeContext::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

/// A context that nobody of this thread uses now. Making one costs more than a whole vector, so it is kept and only
/// given new keys.
Aes128::Context& Aes128::kept_context() {
  thread_local Context kept;
  return kept;
}

Aes128::Context Aes128::take_context() {
  if (kept_context()) return std::move(kept_context());
  Context made(EVP_CIPHER_CTX_new());
  if (!made) fail("EVP_CIPHER_CTX_new");
  if (EVP_EncryptInit_ex2(made.get(), aes_128_ecb(), nullptr, nullptr, nullptr) != 1) fail("EVP_EncryptInit_ex2");
  if (EVP_CIPHER_CTX_set_padding(made.get(), 0) != 1) fail("EVP_CIPHER_CTX_set_padding");
  return made;
}

std::vector<Aes128::Implementation> Aes128::implementations() {
  if (aes_instructions() == nullptr) return {Implementation::kOpenSsl};
  return {Implementation::kInstructions, Implementation::kOpenSsl};
}

Aes128::Aes128(const Secret<16>& key) : Aes128(key, aes_instructions()) {}

Aes128::Aes128(const Secret<16>& key, Secret<kBlock>& block) : Aes128(key, block, aes_instructions()) {}

Aes128::Aes128(const Secret<16>& key, Implementation implementation) : Aes128(key, instructions_of(implementation)) {}

Aes128::Aes128(const Secret<16>& key, Secret<kBlock>& block, Implementation implementation)
    : Aes128(key, block, instructions_of(implementation)) {}

Aes128::Aes128(const Secret<16>& key, const AesInstructions* instructions) : instructions_(instructions) {
  if (instructions_ != nullptr) {
    instructions_->expand(key.reveal().data(), schedule_[0].data());
  } else {
    expand_by_openssl(key);
  }
}

Aes128::Aes128(const Secret<16>& key, Secret<kBlock>& block, const AesInstructions* instructions)
    : instructions_(instructions) {
  if (instructions_ != nullptr) {
    instructions_->expand_and_encrypt(key.reveal().data(), schedule_[0].data(), block.overwrite().data());
  } else {
    expand_by_openssl(key);
    encrypt_by_openssl(block.overwrite());
  }
}

void Aes128::expand_by_openssl(const Secret<16>& key) {
  context_ = take_context();
  if (EVP_EncryptInit_ex2(context_.get(), nullptr, key.reveal().data(), nullptr, nullptr) != 1) {
    fail("EVP_EncryptInit_ex2 with a key");
  }
}

Aes128::~Aes128() {
  if (instructions_ != nullptr) {
#pragma GCC unroll 11
    for (std::size_t i = 0; i < kRoundKeys; ++i) wipe(schedule_[i]);
    return;
  }
  // The schedule of a zero key is written over that of K, which would else wait in memory for the next request.
  static constexpr std::array<std::uint8_t, kBlock> kZeroKey{};
  if (EVP_EncryptInit_ex2(context_.get(), nullptr, kZeroKey.data(), nullptr, nullptr) == 1) {
    kept_context() = std::move(context_);
  }
}

void Aes128::encrypt_by_openssl(std::span<std::uint8_t> blocks) {
  int written = 0;
  if (EVP_EncryptUpdate(context_.get(), blocks.data(), &written, blocks.data(), static_cast<int>(blocks.size())) != 1 ||
      written != static_cast<int>(blocks.size())) {
    fail("EVP_EncryptUpdate");
  }
}

}  // namespace hss
