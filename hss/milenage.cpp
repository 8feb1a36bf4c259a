// SPDX-License-Identifier: MIT
#include "hss/milenage.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

#include "hss/aes128.h"
#include "hss/aka.h"
#include "hss/milenage_instructions.h"

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

Block exclusive_or(SecretView<kBlock> a, ConstBlockSpan b) {
  Block result = a.copy();
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
  Number(const Block& a, SecretView<kBlock> b) {
    std::array<std::uint64_t, 2> other;
    std::memcpy(words_.data(), a.reveal().data(), kBlock);
    std::memcpy(other.data(), b.reveal().data(), kBlock);
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] = big_endian(words_[i] ^ other[i]);
  }
  /// With a block whose halves are the same.
  Number(SecretView<kBlock> a, std::uint64_t half) {
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

/// SQN || AMF, of which IN1 has two, as a number.
std::uint64_t half_of_in1(std::uint64_t sqn, const Octets<2>& amf) {
  return sqn << 16U | static_cast<std::uint64_t>(amf[0]) << 8U | amf[1];
}

/// What all functions of one RAND begin with: E_K and TEMP = E_K(RAND xor OPc).
class Computation {
 public:
  Computation(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, const MilenageConstants& constants)
      : temp_(exclusive_or(opc, rand)), encrypt_(k.copy(), temp_), opc_(opc), constants_(constants) {}

  /// TEMP xor rot(IN1 xor OPc, r1) xor c1 with IN1 = SQN || AMF || SQN || AMF, of which `half` is given: what OUT1 is
  /// encrypted from.
  void prepare_out1(std::uint64_t half, BlockSpan out) const {
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

  /// What was prepared becomes OUTi = E_K(...) xor OPc.
  template <std::size_t N>
  void finish(Secret<N>& blocks) {
    encrypt_.encrypt(blocks);
    for (std::size_t at = 0; at < N; at += kBlock) {
      xor_into(BlockSpan(blocks.overwrite().data() + at, kBlock), opc_.reveal());
    }
  }

 private:
  Block temp_;
  Aes128 encrypt_;
  const SecretView<16> opc_;
  const MilenageConstants& constants_;
};

/// Octets First to First + Size - 1 of OUTs, as a secret of their own.
template <std::size_t First, std::size_t Size, std::size_t N>
Secret<Size> slice(const Secret<N>& outs) {
  return Secret<Size>(outs.reveal().template subspan<First, Size>());
}

/// What OUT2, OUT3 and OUT4 hold, of which OUT2 begins at octet First.
template <std::size_t First, std::size_t N>
AkaResponse response_of(const Secret<N>& outs) {
  return {.res = slice<First + 8, 8>(outs),
          .ck = slice<First + kBlock, 16>(outs),
          .ik = slice<First + 2 * kBlock, 16>(outs),
          .ak = slice<First, 6>(outs)};
}

}  // namespace

Secret<16> derive_opc(const Secret<16>& k, const Secret<16>& op) {
  Secret<16> opc = op;
  Aes128(k).encrypt(opc);
  xor_into(opc.overwrite(), op.reveal());
  return opc;
}

Macs f1(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf,
        const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Block out1;
  computation.prepare_out1(half_of_in1(decode_sqn(sqn), amf), out1.overwrite());
  computation.finish(out1);
  Macs macs;
  std::memcpy(macs.mac_a.data(), out1.reveal().data(), macs.mac_a.size());
  std::memcpy(macs.mac_s.data(), out1.reveal().data() + macs.mac_a.size(), macs.mac_s.size());
  return macs;
}

AkaResponse f2345(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Secret<3 * kBlock> outs;
  computation.prepare_out2_to_out4<0>(outs);
  computation.finish(outs);
  return response_of<0>(outs);
}

AkaOutputs f1_to_f5(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, std::uint64_t sqn,
                    const Octets<2>& amf, const MilenageConstants& constants) {
  const OutputsByInstructions by_instructions = outputs_by_instructions();
  const auto& r = constants.r;
  const bool by_octets = ((r[0] | r[1] | r[2] | r[3]) & 0x87U) == 0;  // and none by more than 127 bits
  if (by_instructions == nullptr || !by_octets) return f1_to_f5_in_steps(k, opc, rand, sqn, amf, constants);
  return by_instructions(k.reveal().data(), opc.reveal().data(), rand.data(), half_of_in1(sqn, amf), constants);
}

AkaOutputs f1_to_f5_in_steps(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, std::uint64_t sqn,
                             const Octets<2>& amf, const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Secret<4 * kBlock> outs;
  computation.prepare_out1(half_of_in1(sqn, amf), block_of<0>(outs));
  computation.prepare_out2_to_out4<1>(outs);
  computation.finish(outs);
  AkaOutputs outputs{.response = response_of<kBlock>(outs)};
  std::memcpy(outputs.mac_a.data(), outs.reveal().data(), outputs.mac_a.size());
  return outputs;
}

Secret<6> f5_star(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, const MilenageConstants& constants) {
  Computation computation(k, opc, rand, constants);
  Block out5;
  computation.rotatable().rotate_and_mark(constants, 5, out5.overwrite());
  computation.finish(out5);
  return slice<0, 6>(out5);
}

}  // namespace hss::milenage
