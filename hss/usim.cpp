// SPDX-License-Identifier: MIT
#include "hss/usim.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "hss/aka_functions.h"
#include "hss/sqn.h"

namespace hss {
namespace {

constexpr std::uint8_t kSeparationBit = 0x80;  // of AMF's first octet, TS 33.102 Annex H

Octets<6> exclusive_or(const Octets<6>& sqn, const Secret<6>& anonymity_key) {
  Octets<6> out = sqn;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= anonymity_key.reveal()[i];
  return out;
}

template <std::size_t Begin, std::size_t N, std::size_t Size>
Octets<N> part(const Octets<Size>& whole) {
  static_assert(Begin + N <= Size);
  Octets<N> out{};
  std::copy_n(whole.begin() + Begin, N, out.begin());
  return out;
}

}  // namespace

Usim::Usim(KeySet keys, std::optional<std::uint64_t> age_limit, std::vector<std::uint64_t> seqs)
    : keys_(std::move(keys)), age_limit_(age_limit), seqs_(std::move(seqs)) {
  const std::size_t slots = std::size_t{1} << keys_.ind_bits;
  if (seqs_.empty()) seqs_.resize(slots);
  if (seqs_.size() != slots) throw std::invalid_argument("the card has 2^ind_bits sequence numbers");
  if (std::ranges::any_of(seqs_, [&](std::uint64_t seq) { return seq > max_seq(keys_.ind_bits); })) {
    throw std::invalid_argument("a sequence number of the card is longer than 48 bits less ind_bits");
  }
}

std::size_t Usim::highest() const {
  return static_cast<std::size_t>(std::distance(seqs_.begin(), std::ranges::max_element(seqs_)));
}

Sqn Usim::sqn_ms() const {
  const std::size_t ind = highest();
  return join_sqn(seqs_[ind], static_cast<unsigned>(ind), keys_.ind_bits);
}

std::optional<UsimSynchronisationFailure::Why> Usim::refuses(std::uint64_t seq, std::size_t ind) const {
  using Why = UsimSynchronisationFailure::Why;
  const std::uint64_t seq_ms = seqs_[highest()];
  if (seq > seq_ms && seq - seq_ms > keys_.delta) return Why::kTooFar;
  if (age_limit_ && seq_ms >= seq && seq_ms - seq >= *age_limit_) return Why::kTooOld;
  if (seq <= seqs_[ind]) return Why::kNotFresh;
  return std::nullopt;
}

UsimAnswer Usim::authenticate(const Octets<16>& rand, const Octets<16>& autn) {
  const Octets<2> amf = part<6, 2>(autn);
  KeySet challenged = keys_;
  challenged.amf = amf;
  const AkaFunctions functions(challenged);
  const AkaResponse response = functions.f2345(rand);
  const Octets<6> sqn_octets = exclusive_or(part<0, 6>(autn), response.ak);
  const Octets<8> mac_a = part<8, 8>(autn);
  const Octets<8> expected = functions.f1(rand, sqn_octets);
  if (CRYPTO_memcmp(expected.data(), mac_a.data(), expected.size()) != 0) return UsimMacFailure{};

  const Sqn sqn = decode_sqn(sqn_octets);
  const std::uint64_t seq = seq_of(sqn, keys_.ind_bits);
  const std::size_t ind = sqn & (seqs_.size() - 1);
  if (const auto why = refuses(seq, ind)) {
    return UsimSynchronisationFailure{.why = *why, .sqn = sqn, .sqn_ms = sqn_ms(), .auts = make_auts(rand)};
  }
  seqs_[ind] = seq;
  return UsimResponse{.sqn = sqn,
                      .separation_bit = (amf[0] & kSeparationBit) != 0,
                      .res = response.res,
                      .ck = response.ck,
                      .ik = response.ik};
}

Octets<14> Usim::make_auts(const Octets<16>& rand, const Octets<2>& amf) const {
  const AkaFunctions functions(keys_);
  const Octets<6> sqn = encode_sqn(sqn_ms());
  Octets<14> auts{};
  const auto mac_s = std::ranges::copy(exclusive_or(sqn, functions.f5_star(rand)), auts.begin()).out;
  std::ranges::copy(functions.f1_star(rand, sqn, amf), mac_s);
  return auts;
}

}  // namespace hss
