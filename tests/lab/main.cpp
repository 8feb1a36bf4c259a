// hsslab: hands the command line to tests/lab/cli.
// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cstring>
#include <iostream>

#include "tests/lab/lab.h"

namespace {

/// Other users see the arguments of a process (ps). They are read, so they need not stay there.
void hide_values(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    for (const char* name : {"--k", "--opc", "--op", "--topc", "--top"}) {
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
  return hss::lab::run(
      arguments, {.in = std::cin, .out = std::cout, .err = std::cerr, .out_is_terminal = ::isatty(STDOUT_FILENO) == 1});
}
