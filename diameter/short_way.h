// The short way of a request. freeDiameter takes every message that it receives through three queues and as many
// threads before it calls us, which is most of what a request costs. When its receiving thread has read one, and shows
// it to us before it passes it on, others may be waiting in the socket behind it: those that freeDiameter would deliver
// to us (local_requests.h) are taken out there and then, read by freeDiameter's own parser, by its dictionary, and
// handed to the store. The first goes its usual way, and with it everything that depends on a connection being used:
// the watchdog's timer, the time after which an idle peer is forgotten.
//
// What is not such a request, or is one that the parser finds fault with, stays in the socket, and freeDiameter reads
// it next.
//
// freeDiameter counts requests received and answers sent of each peer, for reports of load (fd_peer_get_load_pending).
// It sees neither those that go this way nor most of the answers (gathered_answers.h); nothing here reads it.
//
// For TCP without TLS, and peers in state OPEN.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "diameter/dispatch.h"
#include "diameter/local_requests.h"
#include "diameter/plain_connections.h"

namespace hss::diameter {

class ShortWay {
 public:
  /// `services`, with a `refuse`, are those of the dispatcher, and `settings` say what is served.
  ShortWay(Services services, const Settings& settings);
  ~ShortWay();
  ShortWay(const ShortWay&) = delete;
  ShortWay& operator=(const ShortWay&) = delete;

  /// From here on all goes the usual way.
  void fall_silent() noexcept { silent_ = true; }

  /// For the hook DATA_RECEIVED, of a frame that inspect() lets pass and for which there is room.
  static void received(const fd_cnx_rcvdata& data) noexcept;

 private:
  static std::atomic<ShortWay*>& current();
  void take_what_follows(PlainConnection& connection);
  bool take(BytesView frame, const PlainConnection& connection) noexcept;
  fd::MessagePtr request_of(BytesView frame, const PlainConnection& connection, const CommandEntry*& command);
  void refuse(fd::MessagePtr answer) const noexcept;
  [[nodiscard]] bool has_room() const noexcept;

  const Services services_;
  const LocalRequests requests_;
  const std::size_t most_;  // that may wait
  std::atomic<bool> silent_ = false;
};

}  // namespace hss::diameter
