// What a service manager is told, by sd_notify(3): that peers can connect, that the store's thread goes round, that the
// end has begun. Without one (no NOTIFY_SOCKET in the environment) it does nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "hss/repository.h"

namespace hss::diameter {

class Supervision {
 public:
  /// `served` returns when peers can connect, or when it is clear that they never will (false). `queue` outlives this.
  Supervision(TransactionQueue& queue, std::function<bool()> served);
  /// Tells of the end.
  ~Supervision();
  Supervision(const Supervision&) = delete;
  Supervision& operator=(const Supervision&) = delete;

  void start();

 private:
  class Probe;

  void run();
  void feed(std::uint64_t microseconds);

  TransactionQueue& queue_;
  std::function<bool()> served_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  /// Shared with the probe that is under way, which may come back after the end of this.
  std::shared_ptr<std::atomic<bool>> probing_ = std::make_shared<std::atomic<bool>>(false);
  std::thread thread_;
};

}  // namespace hss::diameter
