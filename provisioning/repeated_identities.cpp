// SPDX-License-Identifier: MIT
#include "provisioning/repeated_identities.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <queue>
#include <span>
#include <utility>

namespace hss::provisioning {
namespace {

constexpr std::size_t kReadAhead = 4096;  // entries of a run in memory while runs are merged

}  // namespace

/// One sorted run of the scratch file, read from its beginning to its end.
class RepeatedIdentities::Run {
 public:
  Run(const ScratchFile& file, std::pair<std::uint64_t, std::uint64_t> place)
      : file_(&file), offset_(place.first), end_(place.second) {}

  /// False at the end.
  bool next(Entry& entry) {
    if (at_ == entries_.size()) {
      const std::uint64_t left = (end_ - offset_) / sizeof(Entry);
      if (left == 0) return false;
      entries_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kReadAhead)));
      file_->read(offset_, std::as_writable_bytes(std::span(entries_)));
      offset_ += entries_.size() * sizeof(Entry);
      at_ = 0;
    }
    entry = entries_[at_++];
    return true;
  }

 private:
  const ScratchFile* file_;
  std::uint64_t offset_;
  std::uint64_t end_;
  std::vector<Entry> entries_;
  std::size_t at_ = 0;
};

RepeatedIdentities::RepeatedIdentities(std::filesystem::path directory, std::size_t piece)
    : directory_(std::move(directory)), piece_(std::max<std::size_t>(piece, 1)) {}

void RepeatedIdentities::add(std::size_t line, std::size_t kind, std::string_view identity) {
  if (entries_.size() == piece_) spill();
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(identity.data()), identity.size(), digest.data());
  Entry entry{};
  entry.kind = static_cast<std::uint32_t>(kind);
  entry.line = static_cast<std::uint32_t>(line);
  std::memcpy(&entry.high, digest.data(), sizeof entry.high);
  std::memcpy(&entry.low, digest.data() + sizeof entry.high, sizeof entry.low);
  entries_.push_back(entry);
}

void RepeatedIdentities::spill() {
  if (!spilled_) spilled_.emplace(directory_);
  std::ranges::sort(entries_);
  const std::uint64_t begin = spilled_->size();
  spilled_->append(std::as_bytes(std::span(entries_)));
  runs_.emplace_back(begin, spilled_->size());
  entries_.clear();
}

void RepeatedIdentities::compare(const Entry& earlier, const Entry& later, const Found& found) {
  if (earlier.same_identity(later)) found(later.kind, later.line, earlier.line);
}

void RepeatedIdentities::find(const Found& found) {
  if (!spilled_) {
    std::ranges::sort(entries_);
    for (std::size_t i = 1; i < entries_.size(); ++i) compare(entries_[i - 1], entries_[i], found);
    return;
  }
  spill();
  entries_.shrink_to_fit();
  std::vector<Run> runs;
  runs.reserve(runs_.size());
  for (const auto& place : runs_) runs.emplace_back(*spilled_, place);
  using Head = std::pair<Entry, std::size_t>;  // the next entry of a run
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto advance = [&](std::size_t run) {
    Entry entry{};
    if (runs[run].next(entry)) heads.emplace(entry, run);
  };
  for (std::size_t i = 0; i < runs.size(); ++i) advance(i);
  std::optional<Entry> before;
  while (!heads.empty()) {
    const auto [entry, run] = heads.top();
    heads.pop();
    if (before) compare(*before, entry, found);
    before = entry;
    advance(run);
  }
}

}  // namespace hss::provisioning
