// An HSS for the tests of load and storm: a thread that answers on the loopback as a script says.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hss/aka.h"
#include "tests/lab/connection.h"
#include "tests/lab/message.h"

namespace hss::lab {

class LoadResponder {
 public:
  struct Reaction {
    std::vector<Message> messages{};  // sent, in this order
    bool close = false;               // then the connection is closed
  };
  /// Called in the responder's thread with each request of Cx, one at a time, and who asks.
  using Script = std::function<Reaction(const Message& request)>;

  /// `cea`: Result-Code of the answers to CER.
  explicit LoadResponder(Script script, std::uint32_t cea = 2001);
  ~LoadResponder();
  LoadResponder(const LoadResponder&) = delete;
  LoadResponder& operator=(const LoadResponder&) = delete;

  [[nodiscard]] Target target() const { return {"127.0.0.1", port_}; }
  /// Everything that came over all connections, in order: requests and, of clients, answers.
  [[nodiscard]] std::vector<Message> received() const;

 private:
  struct Peer;
  void serve();
  bool take(Peer& peer, const Message& message);

  Script script_;
  std::uint32_t cea_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;
  std::vector<Message> received_;
  std::thread thread_;
};

namespace load_test {

/// The answer to a request: Session-Id, Origin-*, the result, and `more`.
Message answer_to(const Message& request, const ResultOf& result, std::vector<Avp> more = {});
std::string text_of(const Message& message, AvpId id);

/// Keys of TS 35.208, test set 1.
KeySet test_keys();
/// SIP-Auth-Data-Item of an MAA.
Avp vector_avp(const AkaVector& vector, bool wrong_xres = false);

}  // namespace load_test

}  // namespace hss::lab
