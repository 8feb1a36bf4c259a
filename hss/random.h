// Where random octets come from. The domain is handed a source; the real one is the operating system's.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/random.h>
#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <thread>

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

/// Draws from another source what many small requests take, so that not each of them is a call of the system. Octets
/// are wiped as they are handed out, and none is handed out twice: a forked child finds the pool empty. Serves from its
/// pool the thread that asks first; others, and who asks for much, are passed on to the source, which is shared.
class PooledRandom final : public RandomSource {
 public:
  static constexpr std::size_t kPool = 1024;   // octets
  static constexpr std::size_t kLargest = 64;  // octets of a request that the pool serves

  /// The source must outlive it, and be safe to use from several threads if this one is.
  explicit PooledRandom(RandomSource& source);
  PooledRandom(const PooledRandom&) = delete;
  PooledRandom& operator=(const PooledRandom&) = delete;
  ~PooledRandom() override;

  void fill(std::span<std::uint8_t> out) override;

 private:
  struct Pool;

  [[nodiscard]] bool owned_by_this_thread();

  RandomSource& source_;
  std::atomic<std::thread::id> owner_{};
  Pool* pool_;  // null where the kernel cannot keep it from children: then nothing is pooled
};

}  // namespace hss
