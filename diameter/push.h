// The sender of RTR and PPR: takes what is due from the outbox, sends it, and brings each answer, or its absence, back
// into the store, where the procedures of hss/cx and hss/swx say what follows. What it holds in memory may be lost at
// any time: a push stays in the outbox until its outcome is committed, and is sent again.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "diameter/dispatch.h"
#include "diameter/fd.h"
#include "diameter/log.h"
#include "hss/push_answer.h"

namespace hss::diameter {

/// What the sender needs of the network and of time: freeDiameter, or a test.
struct PushOutlet {
  /// Called exactly once for a request that send took, from any thread, unless the sender is gone by then.
  using Answered = std::function<void(hss::PushAnswer)>;

  std::function<bool()> anybody;                  // is a connection with any peer open
  std::function<bool(std::string_view)> reaches;  // can a request for this Diameter host be sent
  /// Takes the request and returns 0, or frees it and returns an error number. May block while freeDiameter's queue is
  /// full.
  std::function<int(fd::MessagePtr request, std::chrono::seconds patience, Answered answered)> send;
  std::function<void(const log::TransactionRecord&)> record;
  std::function<UnixTime()> now;
};

/// The real one.
PushOutlet push_network();

class PushSender {
 public:
  /// Does nothing yet. `services` outlive the sender; the dictionary is defined.
  PushSender(Services services, PushOutlet outlet);
  /// As stop().
  ~PushSender();
  PushSender(const PushSender&) = delete;
  PushSender& operator=(const PushSender&) = delete;

  /// Starts the thread that calls turn() a few times a second. Throws std::system_error.
  void start();
  /// Ends the thread. What is in flight stays in the outbox; answers that come from here on are ignored.
  void stop() noexcept;

  /// One round: sends what was taken from the outbox, asks for what is due, brings back answers that found the queue
  /// full. From one thread at a time.
  void turn();

 private:
  struct State;
  struct Collection;
  struct Conclusion;
  struct Tidying;
  struct Thread;
  std::shared_ptr<State> state_;
  std::unique_ptr<Thread> thread_;
};

}  // namespace hss::diameter
