// From freeDiameter's callbacks to the store's queue and back: one entry point for every request of our applications.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "diameter/fd.h"
#include "diameter/live_settings.h"
#include "hss/random.h"
#include "hss/repository.h"

namespace hss {
class ResynchronisationLimit;
}

namespace hss::diameter {

/// Everything a request needs on its way. All of it outlives the dispatcher.
struct Services {
  TransactionQueue& queue;
  const LiveSettings& settings;
  RandomSource& random;
  ResynchronisationLimit* resynchronisations = nullptr;  // used by the store's thread; null: as many as come
  /// Sends the answer to a request that is refused at once; false when it cannot. Empty: freeDiameter's dispatch sends
  /// it. A server must not let it: dispatch would wait for the queue of messages to send, which may wait for a peer
  /// that has gone, whose end waits for the queue of received messages, which waits for dispatch.
  std::function<bool(fd::MessagePtr)> refuse{};
};

/// Defines the dictionary, advertises the applications that the settings have served, registers the callbacks and the
/// hooks that complete the answers freeDiameter makes itself. Throws std::runtime_error with freeDiameter's reason.
class Dispatcher {
 public:
  explicit Dispatcher(Services services);
  /// Unregisters the callbacks. Answers of transactions that are still under way are sent if they can be.
  ~Dispatcher();
  /// From here on requests are dropped: the connections are about to be closed.
  void fall_silent() noexcept;
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hss::diameter
