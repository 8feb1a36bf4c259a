// Sequence numbers of TS 33.102 Annex C, not-time-based profile (C.3.2): SEQ per key set, IND per requesting node.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "hss/aka.h"
#include "hss/repository.h"
#include "hss/settings.h"

namespace hss {

/// The highest SEQ of a key set: 48 - ind_bits bits, all ones. It is never issued (TS 33.102 C.3: refuse, never wrap).
std::uint64_t max_seq(unsigned ind_bits);

constexpr Sqn join_sqn(std::uint64_t seq, unsigned ind, unsigned ind_bits) {
  return (seq << ind_bits) | (ind & ((std::uint64_t{1} << ind_bits) - 1));
}
constexpr std::uint64_t seq_of(Sqn sqn, unsigned ind_bits) { return sqn >> ind_bits; }

/// The SEQ after `seq`; nullopt when that would be max_seq or beyond.
std::optional<std::uint64_t> next_seq(std::uint64_t seq, unsigned ind_bits);

/// The range rule of TS 33.102 6.3.5: SEQ_HE stays when the USIM would accept the next one (above SEQ_MS and not more
/// than delta above it), else SEQ_MS is taken over.
bool usim_would_accept_next(std::uint64_t seq_he, std::uint64_t seq_ms, std::uint64_t delta);

/// The SQN index of a requesting host: the one it was given before if that lies in `range`; else the lowest free one of
/// the range; else, all being taken, one that a hash of the host names. A new choice is saved.
unsigned ind_for(Repository& repository, Application application, std::string_view origin_host, IndRange range);

}  // namespace hss
