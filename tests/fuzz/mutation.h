// Inputs spoilt at random, for where no coverage guides: bits, lengths, pieces taken out, doubled and exchanged.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace hss::fuzz {

/// Octets that a mutated input has at the most.
inline constexpr std::size_t kLongestInput = 4096;

/// One to six mutations of a random one of `seeds`; the same from the same state of `random`.
std::string mutated(const std::vector<std::string>& seeds, std::mt19937_64& random);

}  // namespace hss::fuzz
