// Transcripts that are compared with the ones in unit/golden, letter by letter.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace hss::lab {

/// With MINIHSS_WRITE_GOLDEN=1 in the environment the file is written instead, and the test fails, so that nobody takes
/// that run for a proof: the difference is to be read before it is kept.
inline void expect_golden(const std::string& name, const std::string& transcript) {
  const std::string file = MINIHSS_SOURCE_DIR "/tests/lab/unit/golden/" + name;
  if (std::getenv("MINIHSS_WRITE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << transcript;
    ADD_FAILURE() << file << " was written: read what changed";
    return;
  }
  std::ifstream in(file, std::ios::binary);
  ASSERT_TRUE(in) << file << " cannot be read";
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(transcript, expected) << "if this is what it should be now: MINIHSS_WRITE_GOLDEN=1";
}

}  // namespace hss::lab
