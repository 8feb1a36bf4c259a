// SPDX-License-Identifier: MIT
#include "hss/random.h"

#include <openssl/crypto.h>

#include <cerrno>
#include <string>

#include "hss/error_text.h"

namespace hss {
namespace {

[[noreturn]] void fail(std::span<std::uint8_t> out, const std::string& why) {
  OPENSSL_cleanse(out.data(), out.size());
  throw RandomFailure("getrandom: " + why + "; no vector can be made until the system's random source works");
}

}  // namespace

void SystemRandom::fill(std::span<std::uint8_t> out) {
  std::span<std::uint8_t> rest = out;
  while (!rest.empty()) {
    errno = 0;
    const ssize_t got = call_(rest.data(), rest.size(), 0);
    if (got < 0) {
      const int error = errno;
      if (error == EINTR) continue;  // a signal came first; nothing was written
      fail(out, error_text(error));
    }
    const auto count = static_cast<std::size_t>(got);
    if (count == 0 || count > rest.size()) fail(out, "returned " + std::to_string(count) + " octets");
    rest = rest.subspan(count);  // a short read is legal above 256 octets
  }
}

}  // namespace hss
