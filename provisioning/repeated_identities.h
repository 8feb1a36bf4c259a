// Which identities stand twice in a file, in the same memory however long the file is: digests are sorted piece by
// piece, the pieces lie in a scratch file, and a merge of them finds equal ones.
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "provisioning/scratch_file.h"

namespace hss::provisioning {

class RepeatedIdentities {
 public:
  static constexpr std::size_t kUsualPiece = std::size_t{1} << 20U;  // identities in memory at a time: 24 MiB

  /// Uses `directory` when there are more than `piece` identities.
  explicit RepeatedIdentities(std::filesystem::path directory, std::size_t piece = kUsualPiece);

  /// Identities of different kinds are never the same.
  void add(std::size_t line, std::size_t kind, std::string_view identity);

  /// Told of each identity that stands in the file again: its kind, the line, and the one before it that has it.
  using Found = std::function<void(std::size_t kind, std::size_t line, std::size_t earlier)>;
  /// Names all, in no order. Nothing can be added any more.
  void find(const Found& found);

 private:
  struct Entry {
    std::uint64_t high;  // of the digest
    std::uint64_t low;
    std::uint32_t kind;
    std::uint32_t line;
    friend auto operator<=>(const Entry&, const Entry&) = default;
    [[nodiscard]] bool same_identity(const Entry& other) const {
      return high == other.high && low == other.low && kind == other.kind;
    }
  };
  class Run;

  void spill();
  static void compare(const Entry& earlier, const Entry& later, const Found& found);

  std::filesystem::path directory_;
  std::size_t piece_;
  std::vector<Entry> entries_;
  std::optional<ScratchFile> spilled_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> runs_;  // where in the file: offset, end
};

}  // namespace hss::provisioning
