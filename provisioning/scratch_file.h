// What does not fit into memory for a while: a file without a name beside the database, gone when the program is.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace hss::provisioning {

class ScratchFile {
 public:
  /// Throws Failure, as all of it does, in one line.
  explicit ScratchFile(const std::filesystem::path& directory);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] std::uint64_t size() const { return size_; }
  void append(std::span<const std::byte> octets);
  void read(std::uint64_t offset, std::span<std::byte> octets) const;

 private:
  std::filesystem::path directory_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace hss::provisioning
