// A file that is there whole or not at all.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>

namespace hss::provisioning {

/// Writes beside `file` under another name, with mode 0600; keep() puts it in the place of `file`, on the disk when it
/// returns. Without keep() it is removed. Throws Failure.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path file);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  [[nodiscard]] std::ostream& out() { return out_; }
  void keep();

 private:
  std::filesystem::path file_;
  std::filesystem::path temporary_;
  std::ofstream out_;
};

}  // namespace hss::provisioning
