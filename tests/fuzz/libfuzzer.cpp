// The entry points of clang's libFuzzer, in a program that holds one target. Its seeds are written into the first
// folder that is named on the command line, so that no binary corpus needs to be kept.
// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  const std::vector<std::string> arguments(*argv + 1, *argv + *argc);
  for (const std::string& argument : arguments) {
    if (!std::filesystem::is_directory(argument)) continue;
    int number = 0;
    for (const std::string& seed : hss::fuzz::targets().at(0).seeds()) {
      std::ofstream(argument + "/seed-" + std::to_string(number++), std::ios::binary) << seed;
    }
    break;
  }
  return 0;
}

/// What is thrown goes through: that is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hss::fuzz::targets().at(0).run({reinterpret_cast<const char*>(data), size});
  return 0;
}
