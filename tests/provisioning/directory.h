// A server directory of its own for a test, and hssctl run in it within this process.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hss::provisioning {

inline const std::string kK = "465b5ce8b199b49faa5f0a2ee238a6bc";  // TS 35.208 4.3.1
inline const std::string kOp = "cdc202d5123e20f62b6d676ac72cb318";
inline const std::string kOpc = "cd63cb71954a9f4e48a5994e37a02baf";

/// What one run of hssctl gave.
struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

class Directory : public ::testing::Test {
 protected:
  Directory();
  ~Directory() override;

  /// hssctl with these arguments, nothing added.
  Outcome bare(const std::vector<std::string>& arguments, const std::string& input = {});
  /// hssctl -C DIR.
  Outcome hssctl(std::vector<std::string> arguments, const std::string& input = {});
  /// As hssctl(), and it must succeed.
  Outcome done(std::vector<std::string> arguments, const std::string& input = {});
  /// hssctl init DIR with `more` options; must succeed.
  void init(const std::vector<std::string>& more = {});
  /// Adds a subscriber with the keys above.
  void add(const std::string& imsi, const std::string& msisdn, const std::vector<std::string>& more = {});
  /// A file beside DIR.
  std::filesystem::path file(const std::string& name, const std::string& text) const;

  std::filesystem::path root_;       // removed afterwards
  std::filesystem::path directory_;  // root_/hss, made by init()
  std::filesystem::path extension_;  // a file that stands for hss.fdx
};

std::string read_file(const std::filesystem::path& file);
/// Permission bits, e.g. 0600.
unsigned mode_of(const std::filesystem::path& file);

}  // namespace hss::provisioning
