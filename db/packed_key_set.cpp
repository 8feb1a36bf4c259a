// SPDX-License-Identifier: MIT
#include "db/packed_key_set.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "db/sealed_keys.h"

namespace hss::db {

namespace {

// First the algorithm, and what is not as it mostly is; the keys last.
constexpr unsigned kAlgorithmMask = 3, kTest = 4, kOtherLengths = 8, kOtherManagement = 16, kOtherParameters = 32;

constexpr std::size_t kUsualKey = 16;  // octets: of K and of OPc

const KeySet& usual() {
  static const KeySet key_set;
  return key_set;
}

bool is_usual_management(const KeySet& key_set) {
  return key_set.amf == usual().amf && key_set.ind_bits == usual().ind_bits && key_set.delta == usual().delta;
}

}  // namespace

PackedKeySet::PackedKeySet(const KeySet& key_set) {
  const auto& [id, algorithm, k, opc, parameters, test, amf, ind_bits, delta] = key_set;
  const bool usual_lengths = k.size() == kUsualKey && opc.size() == kUsualKey;
  const bool usual_management = is_usual_management(key_set);
  const auto other_parameters = encode_parameters(parameters);
  Bytes packed;
  PackedWriter to(packed);
  to.octet(static_cast<std::uint8_t>(static_cast<unsigned>(algorithm) | (test ? kTest : 0U) |
                                     (usual_lengths ? 0U : kOtherLengths) | (usual_management ? 0U : kOtherManagement) |
                                     (other_parameters ? kOtherParameters : 0U)));
  if (!usual_lengths) {
    to.number(k.size());
    to.number(opc.size());
  }
  if (!usual_management) {
    to.octets(amf);
    to.number(ind_bits);
    to.number(delta);
  }
  if (other_parameters) to.block(*other_parameters);
  const std::size_t keys = packed.size();
  packed.resize(keys + k.size() + opc.size());
  octets_ = PackedOctets(packed);
  // Only here, so that they stand nowhere else.
  const auto after_k = std::ranges::copy(k.reveal(), octets_.overwrite().subspan(keys).begin()).out;
  std::ranges::copy(opc.reveal(), after_k);
}

PackedKeySet& PackedKeySet::operator=(PackedKeySet&& other) noexcept {
  wipe();
  octets_ = std::move(other.octets_);
  return *this;
}

void PackedKeySet::wipe() {
  const auto octets = octets_.overwrite();
  OPENSSL_cleanse(octets.data(), octets.size());
}

void PackedKeySet::unpack(KeySetId id, KeySet& key_set) const {
  auto& [its_id, algorithm, k, opc, parameters, test, amf, ind_bits, delta] = key_set;
  PackedReader from(octets_.view());
  const unsigned flags = from.octet();
  its_id = id;
  algorithm = static_cast<AkaAlgorithm>(flags & kAlgorithmMask);
  test = (flags & kTest) != 0;
  const bool other_lengths = (flags & kOtherLengths) != 0;
  const std::size_t k_size = other_lengths ? static_cast<std::size_t>(from.number()) : kUsualKey;
  const std::size_t opc_size = other_lengths ? static_cast<std::size_t>(from.number()) : kUsualKey;
  if ((flags & kOtherManagement) == 0) {
    amf = usual().amf;
    ind_bits = usual().ind_bits;
    delta = usual().delta;
  } else {
    std::ranges::copy(from.octets(amf.size()), amf.begin());
    ind_bits = static_cast<unsigned>(from.number());
    delta = from.number();
  }
  parameters = (flags & kOtherParameters) != 0 ? decode_parameters(id, from.block()) : AkaParameters{};
  k = SecretOctets<32>(from.octets(k_size));
  opc = SecretOctets<32>(from.octets(opc_size));
}

}  // namespace hss::db
