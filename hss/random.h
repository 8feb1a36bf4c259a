// Where random octets come from. The domain is handed a source; the real one is the operating system's.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/random.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace hss {

class RandomFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// Fills `out` whole with octets that nobody can predict, or throws RandomFailure and leaves nothing usable.
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// The operating system's CSPRNG (getrandom). Safe to use from several threads and after a fork: it keeps no state.
class SystemRandom final : public RandomSource {
 public:
  /// The system call, or what stands in for it where its failures are tested: the same contract as getrandom(2).
  using Call = ssize_t (*)(void* buffer, std::size_t size, unsigned flags);
  explicit SystemRandom(Call call = &::getrandom) : call_(call) {}

  void fill(std::span<std::uint8_t> out) override;

 private:
  Call call_;
};

}  // namespace hss
