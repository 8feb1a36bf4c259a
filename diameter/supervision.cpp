// SPDX-License-Identifier: MIT
#include "diameter/supervision.h"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <string>
#include <utility>

#include "diameter/log.h"
#include "hss/error_text.h"

namespace hss::diameter {

namespace {

constexpr std::chrono::microseconds kRetry = std::chrono::milliseconds(5);

}  // namespace

/// Goes through the store as a request does, reads and writes nothing, and says that it has come back. Only then the
/// next one is sent: a store that stands still gets one, and its watchdog nothing.
class Supervision::Probe final : public Transaction {
 public:
  explicit Probe(std::shared_ptr<std::atomic<bool>> probing) : probing_(std::move(probing)) {}
  ~Probe() override { *probing_ = false; }
  void run(Repository&) override {}
  void committed() noexcept override { sd_notify(0, "WATCHDOG=1"); }
  /// The store answers, if only that it cannot: a restart would not mend the disk.
  void failed(const std::string&) noexcept override { sd_notify(0, "WATCHDOG=1"); }

 private:
  std::shared_ptr<std::atomic<bool>> probing_;
};

Supervision::Supervision(TransactionQueue& queue, std::function<bool()> served)
    : queue_(queue), served_(std::move(served)) {}

Supervision::~Supervision() {
  if (!thread_.joinable()) return;
  sd_notify(0, "STOPPING=1");
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Supervision::start() {
  thread_ = std::thread([this] { run(); });
}

void Supervision::run() {
  if (!served_()) return;
  if (const int told = sd_notify(0, "READY=1\nSTATUS=peers can connect"); told < 0) {
    log::warn("the service manager cannot be told that peers can connect: " + error_text(-told));
  }
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) > 0) feed(microseconds / 4);
}

void Supervision::feed(std::uint64_t microseconds) {
  const auto interval = std::chrono::microseconds(microseconds);
  std::unique_lock lock(mutex_);
  while (!closed_) {
    bool full = false;
    if (!probing_->exchange(true)) {
      std::unique_ptr<Transaction> probe = std::make_unique<Probe>(probing_);
      full = !queue_.submit(probe);
    }
    // An overloaded server lives: its queue has room for a moment whenever a batch is taken.
    changed_.wait_for(lock, full ? kRetry : interval);
  }
}

}  // namespace hss::diameter
