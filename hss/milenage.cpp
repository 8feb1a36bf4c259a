// SPDX-License-Identifier: MIT
#include "hss/milenage.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace hss::milenage {
namespace {

constexpr std::size_t kBlock = 16;
using Block = Secret<kBlock>;

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

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using OwnedContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

/// The thread's context. Making one costs more than a whole vector, so it is kept and only given new keys.
OwnedContext& thread_context() {
  thread_local OwnedContext kept;
  if (!kept) {
    OwnedContext made(EVP_CIPHER_CTX_new());
    if (!made) fail("EVP_CIPHER_CTX_new");
    if (EVP_EncryptInit_ex2(made.get(), aes_128_ecb(), nullptr, nullptr, nullptr) != 1) fail("EVP_EncryptInit_ex2");
    if (EVP_CIPHER_CTX_set_padding(made.get(), 0) != 1) fail("EVP_CIPHER_CTX_set_padding");
    kept = std::move(made);
  }
  return kept;
}

/// E_K for one call of a function below. A thread has one at a time.
class Encryptor {
 public:
  explicit Encryptor(const Secret<16>& k) : context_(thread_context()) {
    if (EVP_EncryptInit_ex2(context_.get(), nullptr, k.reveal().data(), nullptr, nullptr) != 1) {
      context_.reset();
      fail("EVP_EncryptInit_ex2 with a key");
    }
  }
  Encryptor(const Encryptor&) = delete;
  Encryptor& operator=(const Encryptor&) = delete;

  /// Writes the schedule of a zero key over that of K, which would else wait in memory for the next request.
  ~Encryptor() {
    static constexpr Octets<kBlock> kZeroKey{};
    if (context_ && EVP_EncryptInit_ex2(context_.get(), nullptr, kZeroKey.data(), nullptr, nullptr) != 1) {
      context_.reset();
    }
  }

  /// Encrypts whole blocks, each on its own.
  template <std::size_t N>
  Secret<N> operator()(const Secret<N>& input) {
    static_assert(N % kBlock == 0);
    Secret<N> output;
    int written = 0;
    if (EVP_EncryptUpdate(context_.get(), output.overwrite().data(), &written, input.reveal().data(),
                          static_cast<int>(N)) != 1 ||
        written != static_cast<int>(N)) {
      context_.reset();
      fail("EVP_EncryptUpdate");
    }
    return output;
  }

 private:
  OwnedContext& context_;
};

void xor_into(std::span<std::uint8_t, kBlock> block, std::span<const std::uint8_t, kBlock> other) {
  for (std::size_t i = 0; i < kBlock; ++i) block[i] ^= other[i];
}

Block exclusive_or(const Block& a, std::span<const std::uint8_t, kBlock> b) {
  Block result = a;
  xor_into(result.overwrite(), b);
  return result;
}

/// rot(input, r) xor c, into `out`, with r and c of OUT1 to OUT5: `number` is 1 to 5 (TS 35.206 4.1).
void rotate_and_mark(const Block& input, const MilenageConstants& constants, std::size_t number,
                     std::span<std::uint8_t, kBlock> out) {
  const unsigned rotation = constants.r[number - 1];
  const Octets<kBlock>& constant = constants.c[number - 1];
  if (rotation >= 8 * kBlock) throw std::invalid_argument("a rotation of Milenage is 127 bits at the most");
  const auto octets = input.reveal();
  const std::size_t first = rotation / 8;
  const unsigned bits = rotation % 8;
  if (bits == 0) {  // the standard rotations are whole octets
    for (std::size_t i = 0; i < kBlock; ++i) out[i] = octets[(i + first) % kBlock] ^ constant[i];
    return;
  }
  for (std::size_t i = 0; i < kBlock; ++i) {
    const unsigned high = octets[(i + first) % kBlock];
    const unsigned low = octets[(i + first + 1) % kBlock];
    out[i] = static_cast<std::uint8_t>((high << bits | low >> (8 - bits)) ^ constant[i]);
  }
}

/// TEMP = E_K(RAND xor OPc).
Block temp_of(Encryptor& encrypt, const Secret<16>& opc, const Octets<16>& rand) {
  return encrypt(exclusive_or(opc, rand));
}

/// Octets First to First + Size - 1 of a result, as a secret of their own.
template <std::size_t First, std::size_t Size>
Secret<Size> slice(std::span<const std::uint8_t, kBlock> octets) {
  return Secret<Size>(octets.template subspan<First, Size>());
}

}  // namespace

Secret<16> derive_opc(const Secret<16>& k, const Secret<16>& op) {
  Encryptor encrypt(k);
  return exclusive_or(encrypt(op), op.reveal());
}

Macs f1(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf,
        const MilenageConstants& constants) {
  Encryptor encrypt(k);
  const Block temp = temp_of(encrypt, opc, rand);

  // IN1 = SQN || AMF || SQN || AMF
  Block in1;
  for (const std::size_t half : {0U, 8U}) {
    std::copy(sqn.begin(), sqn.end(), in1.overwrite().begin() + static_cast<std::ptrdiff_t>(half));
    std::copy(amf.begin(), amf.end(), in1.overwrite().begin() + static_cast<std::ptrdiff_t>(half + sqn.size()));
  }

  // OUT1 = E_K(TEMP xor rot(IN1 xor OPc, r1) xor c1) xor OPc
  Block input;
  rotate_and_mark(exclusive_or(in1, opc.reveal()), constants, 1, input.overwrite());
  xor_into(input.overwrite(), temp.reveal());
  const Block out1 = exclusive_or(encrypt(input), opc.reveal());

  Macs macs{};
  const auto octets = out1.reveal();
  std::copy(octets.begin(), octets.begin() + 8, macs.mac_a.begin());
  std::copy(octets.begin() + 8, octets.end(), macs.mac_s.begin());
  return macs;
}

Response f2345(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const MilenageConstants& constants) {
  Encryptor encrypt(k);
  const Block base = exclusive_or(temp_of(encrypt, opc, rand), opc.reveal());

  // OUTi = E_K(rot(TEMP xor OPc, ri) xor ci) xor OPc for i = 2, 3, 4, in one pass
  Secret<3 * kBlock> blocks;
  rotate_and_mark(base, constants, 2, blocks.overwrite().subspan<0, kBlock>());
  rotate_and_mark(base, constants, 3, blocks.overwrite().subspan<kBlock, kBlock>());
  rotate_and_mark(base, constants, 4, blocks.overwrite().subspan<2 * kBlock, kBlock>());
  blocks = encrypt(blocks);
  const auto out2 = blocks.overwrite().subspan<0, kBlock>();
  const auto out3 = blocks.overwrite().subspan<kBlock, kBlock>();
  const auto out4 = blocks.overwrite().subspan<2 * kBlock, kBlock>();
  for (const auto out : {out2, out3, out4}) xor_into(out, opc.reveal());

  return {.res = slice<8, 8>(out2), .ck = slice<0, 16>(out3), .ik = slice<0, 16>(out4), .ak = slice<0, 6>(out2)};
}

Secret<6> f5_star(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand,
                  const MilenageConstants& constants) {
  Encryptor encrypt(k);
  const Block base = exclusive_or(temp_of(encrypt, opc, rand), opc.reveal());
  Block input;
  rotate_and_mark(base, constants, 5, input.overwrite());
  return slice<0, 6>(exclusive_or(encrypt(input), opc.reveal()).reveal());
}

}  // namespace hss::milenage
