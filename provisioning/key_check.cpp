// SPDX-License-Identifier: MIT
#include "provisioning/key_check.h"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "hss/bytes.h"

namespace hss::provisioning {

std::string key_check_value(const SecretOctets<32>& key) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
  const EVP_CIPHER* const aes = key.size() == 32 ? EVP_aes_256_ecb() : EVP_aes_128_ecb();
  if (key.size() != 16 && key.size() != 32) throw std::runtime_error("a key has neither 16 nor 32 octets");
  Octets<16> block{};
  block.fill(0x01);
  Secret<32> sealed;
  int length = 0;
  if (!context || EVP_EncryptInit_ex2(context.get(), aes, key.reveal().data(), nullptr, nullptr) != 1 ||
      EVP_EncryptUpdate(context.get(), sealed.overwrite().data(), &length, block.data(),
                        static_cast<int>(block.size())) != 1 ||
      length != 16) {
    throw std::runtime_error("AES: OpenSSL refuses it: see whether its default provider is installed");
  }
  return to_hex(sealed.reveal().first(3));
}

}  // namespace hss::provisioning
