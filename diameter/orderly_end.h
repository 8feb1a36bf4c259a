// An orderly end within five seconds. freeDiameter by itself stops routing first: answers under way are lost, peers
// that go on asking fill its queues, and behind them DPR waits for up to 17 seconds. Before it begins, requests that
// were accepted are answered, new ones are refused, and every peer gets its DPR while everything still runs.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "diameter/fd.h"

namespace hss::diameter {

/// Stands between whoever tells freeDiameter to end (SIGTERM, SIGINT, a fatal error of its own) and the thread that
/// ends it: in its queue of main events. Any other event is passed on as it comes.
class OrderlyEnd {
 public:
  /// `finish` lets what was accepted be answered and has all else refused; it may take as long as it likes, but it is
  /// not waited for longer than 1.5 seconds. After `fall_silent` no request is answered any more.
  OrderlyEnd(std::function<void()> finish, std::function<void()> fall_silent)
      : finish_(std::move(finish)), fall_silent_(std::move(fall_silent)) {}
  ~OrderlyEnd();
  OrderlyEnd(const OrderlyEnd&) = delete;
  OrderlyEnd& operator=(const OrderlyEnd&) = delete;

  void start();

 private:
  void run();
  void relay();
  void drain();

  std::function<void()> finish_;
  std::function<void()> fall_silent_;
  std::atomic<bool> stop_ = false;
  fifo* theirs_ = nullptr;  // the queue that freeDiameter's thread waits at
  fifo* ours_ = nullptr;    // the one that others are shown
  std::thread thread_;
  std::thread finishing_;
};

}  // namespace hss::diameter
