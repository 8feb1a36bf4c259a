// SPDX-License-Identifier: MIT
#include "hss/milenage.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

#include "hss/aes128.h"

namespace hss::milenage {
namespace {

constexpr std::size_t kBlock = Aes128::kBlock;
using Block = Secret<kBlock>;
using BlockSpan = std::span<std::uint8_t, kBlock>;
using ConstBlockSpan = std::span<const std::uint8_t, kBlock>;

/// Block number I, from 0, of several.
template <std::size_t I, std::size_t N>
BlockSpan block_of(Secret<N>& blocks) {
  return blocks.overwrite().template subspan<I * kBlock, kBlock>();
}

/// All octets at once: as the two may be the same block, no compiler dares to do that with a loop.
void xor_into(BlockSpan block, ConstBlockSpan other) {
  typedef std::uint8_t Lanes __attribute__((vector_size(kBlock)));
  Lanes a;
  Lanes b;
  std::memcpy(&a, block.data(), kBlock);
  std::memcpy(&b, other.data(), kBlock);
  a ^= b;
  std::memcpy(block.data(), &a, kBlock);
}

Block exclusive_or(const Block& a, ConstBlockSpan b) {
  Block result = a;
  xor_into(result.overwrite(), b);
  return result;
}

/// Octets, most significant first, and a number of 64 bits: the same either way.
std::uint64_t big_endian(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::little) return __builtin_bswap64(word);
  return word;
}

/// Two blocks xored, as a number of 128 bits that is to be rotated.
class Number {
 public:
  Number(const Block& a, const Block& b) {
    std::array<std::uint64_t, 2> other;
    std::memcpy(words_.data(), a.reveal().data(), kBlock);
    std::memcpy(other.data(), b.reveal().data(), kBlock);
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] = big_endian(words_[i] ^ other[i]);
  }
  /// With a block whose halves are the same.
  Number(const Block& a, std::uint64_t half) {
    std::memcpy(words_.data(), a.reveal().data(), kBlock);
    for (std::uint64_t& word : words_) word = big_endian(word) ^ half;
  }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  ~Number() { wipe(words_); }

  /// rot(number, r) xor c, into `out`, with r and c of OUT1 to OUT5: `out_number` is 1 to 5 (TS 35.206
  /// 4.1).
  void rotate_and_mark(const MilenageConstants& constants, std::size_t out_number, BlockSpan out) const {
    const unsigned rotation = constants.r[out_number - 1];
    if (rotation >= 8 * kBlock) throw std::invalid_argument("a rotation of Milenage is 127 bits at the most");
    const bool swapped = rotation >= 64;
    const std::uint64_t high = words_[swapped ? 1 : 0];
    const std::uint64_t low = words_[swapped ? 0 : 1];
    const unsigned bits = rotation % 64;
    typedef std::uint64_t Pair __attribute__((vector_size(kBlock)));
    const Pair rotated = {big_endian(high << bits | low >> 1U >> (63 - bits)),
                          big_endian(low << bits | high >> 1U >> (63 - bits))};
    std::memcpy(out.data(), &rotated, kBlock);
    xor_into(out, constants.c[out_number - 1]);
  }

 private:
  std::array<std::uint64_t, 2> words_;  // high, low
};

/// What all functions of one RAND begin with: E_K and TEMP = E_K(RAND xor OPc).
class Computation {
 public:
  Computation(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const MilenageConstants& constants)
      : temp_(exclusive_or(opc, rand)), encrypt_(k, temp_), opc_(opc), constants_(constants) {}

  /// TEMP xor rot(IN1 xor OPc, r1) xor c1 with IN1 = SQN || AMF || SQN || AMF: what OUT1 is encrypted from.
  void prepare_out1(const Octets<6>& sqn, const Octets<2>& amf, BlockSpan out) const {
    std::uint64_t half = 0;  // of IN1
    for (const std::uint8_t octet : sqn) half = half << 8U | octet;
    for (const std::uint8_t octet : amf) half = half << 8U | octet;
    Number(opc_, half).rotate_and_mark(constants_, 1, out);
    xor_into(out, temp_.reveal());
  }

  /// TEMP xor OPc, which is rotated for OUT2 to OUT5.
  [[nodiscard]] Number rotatable() const { return Number(temp_, opc_); }

  /// rot(TEMP xor OPc, r) xor c for OUT2, OUT3 and OUT4, into blocks number First, First + 1 and First + 2.
  template <std::size_t First, std::size_t N>
  void prepare_out2_to_out4(Secret<N>& blocks) const {
    const Number number = rotatable();
    number.rotate_and_mark(constants_, 2, block_of<First>(blocks));
    number.rotate_and_mark(constants_, 3, block_of<First + 1>(blocks));
    number.rotate_and_mark(constants_, 4, block_of<First + 2>(blocks));
  }

  template <std::size_t N>
  void encrypt(Secret<N>& blocks) {
    encrypt_.encrypt(blocks);
  }

  /// OUTi = E_K(...) xor OPc.
  [[nodiscard]] Block out(ConstBlockSpan encrypted) const { return exclusive_or(opc_, encrypted); }

 private:
  Block temp_;
  Aes128 encrypt_;
  const Secret<16>& opc_;
  const MilenageConstants& constants_;
};

/// Octets First to First + Size - 1 of a result, as a secret of their own.
template <std::size_t First, std::size_t Size>
Secret<Size> slice(const Block& out) {
  return Secret<Size>(out.reveal().template subspan<First, Size>());
}

Macs macs_of(const Block& out1) {
  Macs macs;
  std::memcpy(macs.mac_a.data(), out1.reveal().data(), macs.mac_a.size());
  std::memcpy(macs.mac_s.data(), out1.reveal().data() + macs.mac_a.size(), macs.mac_s.size());
  return macs;
}

}  // namespace

Secret<16> derive_opc(const Secret<16>& k, const Secret<16>& op) {
  Secret<16> opc = op;
  Aes128(k).encrypt(opc);
  xor_into(opc.overwrite(), op.reveal());
  return opc;
}

Macs f1(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf,
        const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Block block;
  computation.prepare_out1(sqn, amf, block.overwrite());
  computation.encrypt(block);
  return macs_of(computation.out(block.reveal()));
}

Response f2345(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Secret<3 * kBlock> blocks;
  computation.prepare_out2_to_out4<0>(blocks);
  computation.encrypt(blocks);
  const Block out2 = computation.out(block_of<0>(blocks));
  return {.res = slice<8, 8>(out2),
          .ck = computation.out(block_of<1>(blocks)),
          .ik = computation.out(block_of<2>(blocks)),
          .ak = slice<0, 6>(out2)};
}

Outputs f1_to_f5(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const Octets<6>& sqn,
                 const Octets<2>& amf, const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Secret<4 * kBlock> blocks;
  computation.prepare_out1(sqn, amf, block_of<0>(blocks));
  computation.prepare_out2_to_out4<1>(blocks);
  computation.encrypt(blocks);
  const Block out2 = computation.out(block_of<1>(blocks));
  return {.macs = macs_of(computation.out(block_of<0>(blocks))),
          .response = {.res = slice<8, 8>(out2),
                       .ck = computation.out(block_of<2>(blocks)),
                       .ik = computation.out(block_of<3>(blocks)),
                       .ak = slice<0, 6>(out2)}};
}

Secret<6> f5_star(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand,
                  const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Block block;
  computation.rotatable().rotate_and_mark(constants, 5, block.overwrite());
  computation.encrypt(block);
  return slice<0, 6>(computation.out(block.reveal()));
}

}  // namespace hss::milenage
