// SPDX-License-Identifier: MIT
#include "hss/cx/server_selection.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "hss/identity.h"

namespace hss::cx {
namespace {

/// FNV-1a over the name, then the finisher of SplitMix64: the same on every machine and in every release.
std::uint64_t hash_of(std::string_view server_name, SubscriptionId subscription) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : server_name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  hash += static_cast<std::uint64_t>(subscription) * 0x9e3779b97f4a7c15U;
  hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
  return hash ^ (hash >> 31U);
}

/// Weighted rendezvous hashing: the highest score is first with a probability in proportion to its weight, and a server
/// that joins or leaves the pool moves nobody else's choice.
double score(const PoolEntry& entry, SubscriptionId subscription) {
  constexpr double kSteps = 0x1p53;
  const auto upper = static_cast<double>(hash_of(entry.server_name, subscription) >> 11U);
  return static_cast<double>(entry.weight) / -std::log((upper + 0.5) / kSteps);
}

std::vector<std::string> pool_for(const Subscription& subscription, const Settings& settings) {
  struct Candidate {
    double score;
    std::string name;
  };
  std::vector<Candidate> candidates;
  for (const std::string& text : settings.cx.scscf_pool) {
    const auto entry = parse_pool_entry(text);
    if (entry) candidates.push_back({score(*entry, subscription.id), entry->server_name});
  }
  std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);
  std::vector<std::string> names;
  for (Candidate& candidate : candidates) names.push_back(std::move(candidate.name));
  return names;
}

}  // namespace

std::optional<ServerCapabilities> server_capabilities(const Subscription& subscription, const Context& context,
                                                      const std::optional<AssignedServer>& avoid) {
  ServerCapabilities capabilities = subscription.capabilities;
  // Numbers without names are left alone: an I-CSCF that is given names does not look at the numbers.
  if (capabilities.empty()) capabilities.server_names = pool_for(subscription, context.settings);
  if (capabilities.empty()) return std::nullopt;
  if (avoid) {
    std::stable_partition(capabilities.server_names.begin(), capabilities.server_names.end(),
                          [&](const std::string& name) { return !same_server(name, avoid->name); });
  }
  return capabilities;
}

}  // namespace hss::cx
