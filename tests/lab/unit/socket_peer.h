// An HSS of a few lines: one connection on 127.0.0.1, and a script that a test gives it. It runs in a thread of its own
// because what is tested waits for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <thread>

#include "tests/lab/connection.h"
#include "tests/lab/message.h"

namespace hss::lab {

class SocketPeer {
 public:
  using Script = std::function<void(SocketPeer&)>;

  /// Listens. When somebody has connected, runs the script, and closes; an exception of it is a failure of the test.
  explicit SocketPeer(Script script);
  /// Waits for the end of the script.
  ~SocketPeer();
  SocketPeer(const SocketPeer&) = delete;
  SocketPeer& operator=(const SocketPeer&) = delete;

  [[nodiscard]] Target target() const { return {.address = "127.0.0.1", .port = port_}; }

  // For the script; each throws std::runtime_error when the other side is silent for long, or closed.
  Message read();
  /// read(), which must be of this command.
  Message read(std::uint32_t command);
  void send(const Message& message);
  void send_octets(BytesView octets);
  /// Answers CER, and the watchdog that follows it. The CER.
  Message let_in();
  /// Until the other side closes; only DPR is answered.
  void wait_for_end();

 private:
  void run();

  Script script_;
  int listener_ = -1;
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// An answer with the identifiers of `request`.
Message answer_with(const Message& request, std::vector<Avp> avps);
/// The same, as our node ends its base commands: `result`, Origin-Host, Origin-Realm.
Message plain_answer(const Message& request, std::uint32_t result = 2001);
/// A request of the HSS.
Message request_of_hss(std::uint32_t command, std::uint32_t application, std::vector<Avp> avps = {});

}  // namespace hss::lab
