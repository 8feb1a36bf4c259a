// SPDX-License-Identifier: MIT
#include "hss/sqn.h"

#include <set>
#include <string>

#include "hss/ascii.h"

namespace hss {
namespace {

/// FNV-1a, 64 bits: the same in every build, which std::hash does not promise.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace

std::uint64_t max_seq(unsigned ind_bits) { return kMaxSqn >> ind_bits; }

std::optional<std::uint64_t> next_seq(std::uint64_t seq, unsigned ind_bits) {
  if (seq >= max_seq(ind_bits) - 1) return std::nullopt;
  return seq + 1;
}

bool usim_would_accept_next(std::uint64_t seq_he, std::uint64_t seq_ms, std::uint64_t delta) {
  // SEQ_HE + 1 > SEQ_MS and SEQ_HE + 1 - SEQ_MS <= delta, without a sum that could overflow.
  return seq_he >= seq_ms && seq_he - seq_ms < delta;
}

unsigned ind_for(Repository& repository, Application application, std::string_view origin_host, IndRange range) {
  const Repository::IndSlots& slots = repository.ind_slots(application);
  // A slot outside the range is of one that was configured earlier.
  const auto in_range = [range](unsigned ind) { return ind >= range.first && ind <= range.last; };
  // Diameter identities are host names: compared without case (RFC 6733 4.3.1).
  for (const auto& [name, ind] : slots) {
    if (in_range(ind) && ascii::same_without_case(name, origin_host)) return ind;
  }

  std::set<unsigned> taken;
  for (const auto& [name, ind] : slots) {
    if (in_range(ind)) taken.insert(ind);
  }
  const std::string host = ascii::lower(origin_host);
  unsigned choice = range.first;
  while (choice <= range.last && taken.contains(choice)) ++choice;
  if (choice > range.last) {
    const std::uint64_t size = std::uint64_t{range.last} - range.first + 1;
    choice = range.first + static_cast<unsigned>(hash_of(host) % size);
  }
  repository.save_ind_slot(application, host, choice);
  return choice;
}

}  // namespace hss
