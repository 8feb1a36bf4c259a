// hssctl: hands the command line to provisioning/cli.
// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <iostream>

#include "provisioning/cli.h"

namespace {

/// Other users see the arguments of a process (ps). They are read, so they need not stay there.
void hide_values(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    for (const char* name : {"--k", "--opc", "--op", "--topc", "--top", "--ha1", "--sip-password"}) {
      const std::size_t length = std::strlen(name);
      if (std::strncmp(argv[i], name, length) != 0) continue;
      if (argv[i][length] == '=') std::memset(argv[i] + length + 1, '*', std::strlen(argv[i] + length + 1));
      if (argv[i][length] == '\0' && i + 1 < argc) std::memset(argv[i + 1], '*', std::strlen(argv[i + 1]));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  hide_values(argc, argv);
  std::error_code unknown;
  return hss::provisioning::run(arguments, {.in = std::cin,
                                            .out = std::cout,
                                            .err = std::cerr,
                                            .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                                            .executable = std::filesystem::read_symlink("/proc/self/exe", unknown),
                                            .directory = {},
                                            .json = false});
}
