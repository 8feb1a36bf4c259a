// A thread that sends the answers to requests that are refused at once, by freeDiameter's routing or by us. The threads
// that refuse must not: they would wait for the queue of messages to send, which may wait for a peer that has gone,
// whose end waits for the queue that these threads empty; and freeDiameter's shutdown waits for routing.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "diameter/fd.h"

namespace hss::diameter {

class RefusalSender {
 public:
  using Send = std::function<void(fd::MessagePtr)>;

  /// `send` may block. The default hands the answer to freeDiameter.
  explicit RefusalSender(Send send = &RefusalSender::to_network);
  ~RefusalSender();
  RefusalSender(const RefusalSender&) = delete;
  RefusalSender& operator=(const RefusalSender&) = delete;

  /// With many waiting it makes the caller wait too, but not for long; false when the answer is dropped then.
  bool submit(fd::MessagePtr answer);

  /// submit() of the one that answers go through; false when there is none.
  static bool submit_to_instance(fd::MessagePtr answer);
  /// The one that answers go through; null when there is none.
  static RefusalSender* instance();

 private:
  static void to_network(fd::MessagePtr answer);
  void run();

  const Send send_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable taken_;
  std::vector<fd::MessagePtr> waiting_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace hss::diameter
