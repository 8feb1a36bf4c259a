// SPDX-License-Identifier: MIT
#include "db/packed_key_set.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "db/sealed_keys.h"
#include "hss/secret.h"

namespace hss::db {

namespace {

// First the algorithm, and what is not as it mostly is.
constexpr unsigned kAlgorithmMask = 3, kTest = 4, kOtherLengths = 8, kOtherManagement = 16, kOtherParameters = 32;

constexpr std::size_t kUsualKey = 16;  // octets: of K and of OPc
constexpr std::size_t kLongest = 32;   // of K and of TOPc
constexpr std::size_t kNumber = 8;     // octets of delta, most significant first
constexpr std::size_t kManagement = 2 + 1 + kNumber;
constexpr std::size_t kMostParameters = 128;
constexpr std::size_t kMost = 1 + 2 + 2 * kLongest + kManagement + kMostParameters;

const KeySet& usual() {
  static const KeySet key_set;
  return key_set;
}

bool is_usual_management(const KeySet& key_set) {
  return key_set.amf == usual().amf && key_set.ind_bits == usual().ind_bits && key_set.delta == usual().delta;
}

/// Into a place that is wiped, where a vector of octets would leave copies as it grows.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t, kMost> place) : place_(place) {}
  void octet(std::uint64_t value) { place_[size_++] = static_cast<std::uint8_t>(value); }
  void octets(BytesView value) {
    std::ranges::copy(value, place_.subspan(size_, value.size()).begin());
    size_ += value.size();
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::span<std::uint8_t, kMost> place_;
  std::size_t size_ = 0;
};

}  // namespace

PackedKeySet::PackedKeySet(const KeySet& key_set) {
  const auto& [id, algorithm, k, opc, parameters, test, amf, ind_bits, delta] = key_set;
  const bool usual_lengths = k.size() == kUsualKey && opc.size() == kUsualKey;
  const bool usual_management = is_usual_management(key_set);
  const auto other_parameters = encode_parameters(parameters);
  Secret<kMost> place;
  Writer to(place.overwrite());
  to.octet(static_cast<unsigned>(algorithm) | (test ? kTest : 0U) | (usual_lengths ? 0U : kOtherLengths) |
           (usual_management ? 0U : kOtherManagement) | (other_parameters ? kOtherParameters : 0U));
  if (!usual_lengths) {
    to.octet(k.size());
    to.octet(opc.size());
  }
  to.octets(k.reveal());
  to.octets(opc.reveal());
  if (!usual_management) {
    to.octets(amf);
    to.octet(ind_bits);
    for (std::size_t left = kNumber; left-- > 0;) to.octet(delta >> (8U * left));
  }
  if (other_parameters) to.octets(*other_parameters);
  octets_ = PackedOctets(place.reveal().first(to.size()));
}

PackedKeySet& PackedKeySet::operator=(PackedKeySet&& other) noexcept {
  octets_.wipe();
  octets_ = std::move(other.octets_);
  return *this;
}

void PackedKeySet::unpack(KeySetId id, KeySet& key_set) const {
  auto& [its_id, algorithm, k, opc, parameters, test, amf, ind_bits, delta] = key_set;
  PackedReader from(octets_.view());
  const unsigned flags = from.octet();
  its_id = id;
  algorithm = static_cast<AkaAlgorithm>(flags & kAlgorithmMask);
  test = (flags & kTest) != 0;
  std::size_t k_size = kUsualKey, opc_size = kUsualKey;
  if ((flags & kOtherLengths) != 0) {
    k_size = from.octet();
    opc_size = from.octet();
  }
  k = SecretOctets<kLongest>(from.octets(k_size));
  opc = SecretOctets<kLongest>(from.octets(opc_size));
  if ((flags & kOtherManagement) == 0) {
    amf = usual().amf;
    ind_bits = usual().ind_bits;
    delta = usual().delta;
  } else {
    std::ranges::copy(from.octets(amf.size()), amf.begin());
    ind_bits = from.octet();
    delta = 0;
    for (std::size_t left = kNumber; left > 0; --left) delta = delta << 8U | from.octet();
  }
  parameters = (flags & kOtherParameters) != 0 ? decode_parameters(id, from.rest()) : AkaParameters{};
}

}  // namespace hss::db
