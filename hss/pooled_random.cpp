// SPDX-License-Identifier: MIT
#include <openssl/crypto.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <new>

#include "hss/random.h"

namespace hss {

/// Lies in pages of its own, which a forked child gets as zeros: nothing is left in it then.
struct PooledRandom::Pool {
  std::size_t left = 0;  // the first so many octets are still to be handed out
  std::array<std::uint8_t, kPool> octets;
};

PooledRandom::PooledRandom(RandomSource& source) : source_(source), pool_(nullptr) {
  void* const pages = ::mmap(nullptr, sizeof(Pool), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return;
  if (::madvise(pages, sizeof(Pool), MADV_WIPEONFORK) != 0) {
    ::munmap(pages, sizeof(Pool));
    return;
  }
  ::madvise(pages, sizeof(Pool), MADV_DONTDUMP);  // no harm where it is not known
  pool_ = new (pages) Pool;
}

PooledRandom::~PooledRandom() {
  if (pool_ == nullptr) return;
  OPENSSL_cleanse(pool_, sizeof(Pool));
  ::munmap(pool_, sizeof(Pool));
}

bool PooledRandom::owned_by_this_thread() {
  const std::thread::id self = std::this_thread::get_id();
  std::thread::id owner = owner_.load(std::memory_order_relaxed);
  if (owner == std::thread::id() && owner_.compare_exchange_strong(owner, self, std::memory_order_relaxed)) return true;
  return owner == self;
}

void PooledRandom::fill(std::span<std::uint8_t> out) {
  if (pool_ == nullptr || out.size() > kLargest || !owned_by_this_thread()) return source_.fill(out);
  if (pool_->left < out.size()) {
    pool_->left = 0;  // should the source fail, what it leaves there is not for use
    source_.fill(pool_->octets);
    pool_->left = kPool;
  }
  pool_->left -= out.size();
  const auto handed = std::span(pool_->octets).subspan(pool_->left, out.size());
  std::ranges::copy(handed, out.begin());
  OPENSSL_cleanse(handed.data(), handed.size());
}

}  // namespace hss
