// One capabilities exchange of a name at a time. freeDiameter 1.2.1 hands a CER to the thread of the peer with that
// name, while that thread may be ending: it then waits for ever, with a lock that everybody needs. So a CER waits until
// nothing is left of the connection before it, whether that was admitted or refused; and one whose name stays connected
// is turned away.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "diameter/fd.h"

namespace hss::diameter {

/// Who may be handed over. Any thread may call.
class Newcomers {
 public:
  using Clock = std::chrono::steady_clock;

  /// What freeDiameter has of a name.
  enum class Known {
    kNothing,  // or what is left of a connection that is over
    kOurs,     // one that freeDiameter.conf names: its thread never ends
    kPeer,     // connected, or on its way there or out
  };
  using Look = std::function<Known(const std::string& name)>;

  explicit Newcomers(Look look) : look_(std::move(look)) {}

  /// True when the name's CER may go on now; then nobody else's of that name may until settled().
  bool claim(const std::string& name, Clock::time_point now);
  /// The exchange has come to its end, one way or another.
  void settled(const std::string& name);

 private:
  /// By then freeDiameter has done with a CER, though it did not say so.
  static constexpr std::chrono::seconds kLongest{2};

  const Look look_;
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> going_on_;
};

/// For the hook MESSAGE_RECEIVED, of what comes before anybody is known: waits for up to a second, and spoils a CER
/// that must not go on, as one with the name of a peer that freeDiameter.conf names and the certificate of another.
/// `connection` is freeDiameter's description.
void take_capabilities(msg* message, const char* connection) noexcept;
/// True when this thread's latest CER was refused with all that there is to say; once.
bool told_of_newcomer() noexcept;
/// For the hooks PEER_CONNECT_SUCCESS and PEER_CONNECT_FAILED; `peer` is null for somebody who is not one yet.
void capabilities_settled(peer_hdr* peer) noexcept;

}  // namespace hss::diameter
