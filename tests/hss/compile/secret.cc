// Not part of a program: compiled by tests that expect every case but CONTROL to be refused. The cases differ by one
// line.
// SPDX-License-Identifier: MIT
#include "hss/secret.h"

#include <spdlog/fmt/fmt.h>

#include <iostream>
#include <span>

#if defined(KIND_FIXED)
using Secret = hss::Secret<16>;
#elif defined(KIND_VARIABLE)
using Secret = hss::SecretOctets<32>;
#endif

int main() {
  const Secret secret;
#if defined(CASE_CONTROL)
  std::cout << secret.size() << fmt::format("{}", secret.size()) << secret.equals(secret);
#elif defined(CASE_STREAM)
  std::cout << secret;
#elif defined(CASE_FORMAT)
  std::cout << fmt::format("{}", secret);
#elif defined(CASE_COMPARE)
  std::cout << (secret == secret);
#elif defined(CASE_CONVERT)
  const std::span<const std::uint8_t> octets = secret;
#endif
}
