// hsslab: hands the command line to tests/lab/cli.
// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <iostream>

#include "provisioning/hide_values.h"
#include "tests/lab/lab.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  hss::provisioning::hide_values({argv, static_cast<std::size_t>(argc)});
  return hss::lab::run(
      arguments, {.in = std::cin, .out = std::cout, .err = std::cerr, .out_is_terminal = ::isatty(STDOUT_FILENO) == 1});
}
