// hssctl: hands the command line to provisioning/cli.
// SPDX-License-Identifier: MIT
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "provisioning/cli.h"
#include "provisioning/hide_values.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);  // a core file would hold keys
  hss::provisioning::hide_values({argv, static_cast<std::size_t>(argc)});
  std::error_code unknown;
  return hss::provisioning::run(arguments, {.in = std::cin,
                                            .out = std::cout,
                                            .err = std::cerr,
                                            .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                                            .executable = std::filesystem::read_symlink("/proc/self/exe", unknown),
                                            .directory = {},
                                            .json = false});
}
