// A Diameter connection of one node that hsslab plays (RFC 6733 5): capabilities exchange, watchdog, requests and their
// answers, and what the HSS asks by itself.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/lab/message.h"
#include "tests/lab/trace.h"

namespace hss::lab {

/// The network did not do what was asked: one line, what and where.
class NetworkError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Target {
  std::string address = "127.0.0.1";
  std::uint16_t port = 3868;
};
/// "HOST", "HOST:PORT", "[IPv6]:PORT"; nullopt for anything else.
std::optional<Target> parse_target(std::string_view text);

/// Whom hsslab plays.
struct Node {
  Party party = Party::kScscf;
  std::string host;   // Origin-Host
  std::string realm;  // Origin-Realm
  std::vector<std::uint32_t> applications{kCx};
  std::uint64_t seed = 0;  // 0: Session-Ids and identifiers begin anywhere; else where it says, in every run
};

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  /// Connects and exchanges capabilities within `patience`; events go to `trace` (null: none; of the connection's own
  /// commands, CER to DPR, never). Throws NetworkError: refused, no answer, CEA other than 2001, with what it says.
  Connection(const Target& target, Node node, Trace* trace, std::chrono::milliseconds patience);
  /// DPR; its answer, and that the HSS closes, are awaited for a second.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const Node& node() const;
  /// Origin-Host and Origin-Realm of the HSS, by its CEA.
  [[nodiscard]] const std::string& peer_host() const;
  [[nodiscard]] const std::string& peer_realm() const;

  /// A request of an application with Session-Id, Vendor-Specific-Application-Id, Auth-Session-State, Origin-*,
  /// Destination-Realm (that of the HSS) and `more`; identifiers are set when it is sent.
  [[nodiscard]] Message make_request(std::uint32_t application, std::uint32_t command, std::vector<Avp> more);
  /// An answer to a request of the HSS with `result` (Experimental-Result when its vendor is not 0).
  [[nodiscard]] Message make_answer(const Message& request, const ResultOf& result, std::vector<Avp> more = {}) const;

  /// Sends, and waits for the answer. What the HSS asks meanwhile is kept for take_request(). Throws NetworkError:
  /// closed, silence beyond `patience`, octets that are no message.
  Message ask(Message request, std::chrono::milliseconds patience);

  /// Sends without waiting: the identifier (hop-by-hop) of the answer that receive() will bring. What is posted is
  /// gathered; it leaves with the next call that finds nothing more to read, with flush(), or when there is much of it.
  std::uint32_t post(Message request);
  void flush();
  /// The next answer to what was posted, in the order they come, within `patience`; nullopt when none came. What came
  /// before a failure is given out before it is thrown: NetworkError, as by ask(). Watchdogs are answered on the way.
  std::optional<Message> receive(std::chrono::microseconds patience);
  void send_answer(const Message& answer);
  /// The next request of the HSS (RTR, PPR), within `patience`; nullopt when none came. Throws as receive().
  std::optional<Message> take_request(std::chrono::milliseconds patience);

  /// For poll() of others, once receive() and take_request() without patience have nothing more: something may have
  /// been read already.
  [[nodiscard]] int descriptor() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hss::lab
