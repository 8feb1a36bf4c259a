// SPDX-License-Identifier: MIT
#include "tests/lab/connection.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <random>
#include <unordered_map>
#include <utility>

#include "tests/lab/dictionary.h"
#include "tests/lab/socket.h"

namespace hss::lab {
namespace {

using std::chrono::milliseconds;
using Clock = Connection::Clock;

constexpr AvpId kInbandSecurityId{299};
constexpr AvpId kProxyInfo{284};
constexpr std::uint32_t kNoInbandSecurity = 0;      // RFC 6733 6.10
constexpr std::uint32_t kNoStateMaintained = 1;     // RFC 6733 8.11
constexpr std::uint32_t kDoNotWantToTalkToYou = 2;  // RFC 6733 5.4.3
constexpr std::uint32_t kSuccess = 2001;
constexpr std::uint32_t kCommandUnsupported = 3001;
constexpr unsigned kRounds = 8;           // of watchdogs before the first request; RFC 3539 needs 3
constexpr std::size_t kMuch = 64 * 1024;  // octets that are not kept waiting for company

std::string in_words(milliseconds patience) {
  return patience.count() % 1000 == 0 ? std::to_string(patience.count() / 1000) + " s"
                                      : std::to_string(patience.count()) + " ms";
}

Avp vendor_specific(std::uint32_t application) {
  return group_avp(avp::kVendorSpecificApplicationId,
                   {number_avp(avp::kVendorId, kVendor3gpp), number_avp(avp::kAuthApplicationId, application)});
}

/// An answer to `request`, without AVPs (RFC 6733 6.2).
Message answer_to(const Message& request) {
  Message out = request;
  out.request = false;
  out.error = false;
  out.retransmitted = false;
  out.avps.clear();
  return out;
}

/// What an answer says, and why when it says so.
std::string verdict_of(const Message& answer) {
  const auto result = result_of(answer);
  std::string out = result ? result_text(*result) : "no result";
  const Avp* const message = answer.find(avp::kErrorMessage);
  const std::string why = message == nullptr ? "" : value_text(*message, false);
  return out.starts_with(why) ? out : out + ", " + why;  // freeDiameter gives the name of the result
}

}  // namespace

struct Connection::Impl {
  /// A request that is not answered yet.
  struct Pending {
    std::uint32_t command = 0;
    std::uint32_t application = 0;
    std::uint32_t end_to_end = 0;
    bool given_up = false;  // nobody waits any more
  };

  Impl(const Target& target, Node the_node, Trace* the_trace, Clock::time_point deadline)
      : node(std::move(the_node)), trace(the_trace), socket(target, deadline) {
    std::mt19937_64 random(node.seed != 0 ? node.seed
                                          : std::uint64_t{std::random_device{}()} << 32U | std::random_device{}());
    next_hop_by_hop = static_cast<std::uint32_t>(random());
    next_end_to_end = static_cast<std::uint32_t>(random());
    session_start = static_cast<std::uint32_t>(random());
  }

  Node node;
  Trace* trace;
  Socket socket;
  std::string peer_host;
  std::string peer_realm;
  std::uint32_t next_hop_by_hop = 0;
  std::uint32_t next_end_to_end = 0;
  std::uint32_t session_start = 0;
  std::uint32_t sessions = 0;
  std::unordered_map<std::uint32_t, Pending> pending;  // by hop-by-hop identifier
  std::deque<Message> answers;
  std::deque<Message> requests;
  unsigned watchdogs = 0;  // served
  std::string failure;     // why nothing that comes is read any more; empty: it is

  /// From here on every call ends so, once what came before is given out.
  [[noreturn]] void fail(std::string why) {
    failure = std::move(why);
    throw NetworkError(failure);
  }

  std::vector<Avp> origin() const {
    return {text_avp(avp::kOriginHost, node.host), text_avp(avp::kOriginRealm, node.realm)};
  }

  void record(const Message& message, BytesView octets, bool ours) {
    if (trace == nullptr || message.application == 0) return;
    Event event{.kind = Event::Kind::kDiameter,
                .from = ours ? node.party : Party::kHss,
                .to = ours ? Party::kHss : node.party,
                .title = short_name(message),
                .octets = Bytes(octets.begin(), octets.end()),
                .at = std::chrono::system_clock::now(),
                .local_port = socket.local_port(),
                .remote_port = socket.remote_port()};
    if (!message.request) {
      const auto result = result_of(message);
      event.title += " " + (result ? result_text(*result) : "without a result");
    }
    trace->add(event);
  }

  /// To what leaves next.
  void put(const Message& message) {
    Bytes& out = socket.outgoing();
    const std::size_t start = out.size();
    append(out, message);
    record(message, BytesView(out).subspan(start), true);
  }

  std::uint32_t post(Message& request) {
    request.hop_by_hop = next_hop_by_hop++;
    request.end_to_end = next_end_to_end++;
    pending[request.hop_by_hop] = {request.command, request.application, request.end_to_end};
    put(request);
    return request.hop_by_hop;
  }

  /// RFC 6733 5.4, 5.5: what concerns the connection itself.
  void serve(const Message& request) {
    Message answer = answer_to(request);
    answer.error = request.command != command::kDeviceWatchdog && request.command != command::kDisconnectPeer;
    answer.avps = origin();
    answer.avps.insert(answer.avps.begin(),
                       number_avp(avp::kResultCode, answer.error ? kCommandUnsupported : kSuccess));
    put(answer);
    socket.send_now();
    if (request.command == command::kDeviceWatchdog) ++watchdogs;
    if (request.command != command::kDisconnectPeer) return;
    const Avp* const cause = request.find(avp::kDisconnectCause);
    failure = socket.name() + " takes leave (DPR" + (cause == nullptr ? "" : ", " + value_text(*cause, false)) + ")";
  }

  void sort(Message message) {
    if (message.request) {
      if (message.application == 0) {
        serve(message);
      } else {
        requests.push_back(std::move(message));
      }
      return;
    }
    const auto found = pending.find(message.hop_by_hop);
    if (found == pending.end()) fail(socket.name() + " sends an answer (" + short_name(message) + ") to no request");
    const Pending asked = found->second;
    pending.erase(found);
    if (message.command != asked.command || message.application != asked.application) {
      const Message request{.command = asked.command, .application = asked.application};
      fail(socket.name() + " answers " + short_name(request) + " with " + short_name(message));
    }
    if (message.end_to_end != asked.end_to_end) {
      fail(socket.name() + " sends " + short_name(message) + " with another End-to-End Identifier than was asked");
    }
    if (!asked.given_up) answers.push_back(std::move(message));
  }

  /// Sorts one message of what was read; false when there is none that is whole.
  bool take_message() {
    if (!failure.empty()) throw NetworkError(failure);
    const BytesView octets = socket.received();
    if (octets.size() < 4) return false;
    const auto length = announced_length(octets);
    if (!length) fail(socket.name() + " sends octets that begin no Diameter message: " + to_hex(octets.first(4)));
    if (octets.size() < *length) return false;
    auto parsed = parse(octets.first(*length));
    if (const auto* const wrong = std::get_if<std::string>(&parsed)) {
      fail(socket.name() + " sends a malformed message: " + *wrong);
    }
    auto& message = std::get<Message>(parsed);
    record(message, octets.first(*length), false);
    socket.consume(*length);
    sort(std::move(message));
    return true;
  }

  /// Reads until there is what `look` looks for; false when the deadline passed before. However much comes of what is
  /// not looked for, it ends.
  template <typename Look>
  bool read_until(Look look, Clock::time_point deadline) {
    for (;;) {
      if (look()) return true;
      if (take_message()) continue;
      const bool last = Clock::now() >= deadline;
      if (!socket.exchange(deadline)) return false;
      if (!last) continue;
      while (!look()) {
        if (!take_message()) return false;
      }
      return true;
    }
  }

  /// The answer among those that came.
  std::optional<Message> take_answer(std::uint32_t hop_by_hop) {
    const auto found = std::ranges::find(answers, hop_by_hop, &Message::hop_by_hop);
    if (found == answers.end()) return std::nullopt;
    Message out = std::move(*found);
    answers.erase(found);
    return out;
  }

  std::optional<Message> wait_for_answer(std::uint32_t hop_by_hop, Clock::time_point deadline) {
    std::optional<Message> out;
    read_until([&] { return (out = take_answer(hop_by_hop)).has_value(); }, deadline);
    return out;
  }

  /// RFC 6733 5.3
  void exchange_capabilities(milliseconds patience, Clock::time_point deadline) {
    Message request{.proxiable = false, .command = command::kCapabilitiesExchange, .avps = origin()};
    request.avps.push_back(octets_avp(avp::kHostIpAddress, socket.local_address()));
    request.avps.push_back(number_avp(avp::kVendorId, kVendor3gpp));
    request.avps.push_back(text_avp(avp::kProductName, "hsslab", false));
    request.avps.push_back(number_avp(avp::kSupportedVendorId, kVendor3gpp));
    request.avps.push_back(number_avp(kInbandSecurityId, kNoInbandSecurity));
    for (const std::uint32_t application : node.applications) request.avps.push_back(vendor_specific(application));
    const std::uint32_t id = post(request);
    std::optional<Message> answer;
    try {
      answer = wait_for_answer(id, deadline);
    } catch (const NetworkError& error) {
      throw NetworkError(std::string(error.what()) + ", and did not answer CER: does it let " + node.host + " in?");
    }
    if (!answer) throw NetworkError("no answer to CER from " + socket.name() + " within " + in_words(patience));
    if (result_of(*answer) != ResultOf{0, kSuccess}) {
      throw NetworkError(socket.name() + " does not let " + node.host + " in: " + verdict_of(*answer));
    }
    const Avp* const host = answer->find(avp::kOriginHost);
    const Avp* const realm = answer->find(avp::kOriginRealm);
    if (host == nullptr || realm == nullptr) {
      throw NetworkError("the CEA of " + socket.name() + " lacks Origin-Host or Origin-Realm");
    }
    peer_host = host->text();
    peer_realm = realm->text();
  }

  /// A peer whose last connection broke is on probation until it has answered watchdogs (RFC 3539 3.4.1, REOPEN), and
  /// answers to it may be lost until then: asks for watchdogs of its own until there came none on the way.
  void pass_probation(Clock::time_point deadline) {
    for (unsigned round = 0; round < kRounds; ++round) {
      watchdogs = 0;
      Message request{.proxiable = false, .command = command::kDeviceWatchdog, .avps = origin()};
      const std::uint32_t id = post(request);
      if (!wait_for_answer(id, std::min(deadline, Clock::now() + std::chrono::seconds(1)))) {
        give_up(id);
        return;
      }
      if (watchdogs == 0) return;
    }
  }

  void give_up(std::uint32_t hop_by_hop) {
    const auto late = pending.find(hop_by_hop);
    if (late != pending.end()) late->second.given_up = true;
  }

  /// RFC 6733 5.4. Ends when the HSS has closed its side too: before that it may refuse the same host.
  void take_leave() {
    const auto deadline = Clock::now() + std::chrono::seconds(1);
    Message request{.proxiable = false, .command = command::kDisconnectPeer, .avps = origin()};
    request.avps.push_back(number_avp(avp::kDisconnectCause, kDoNotWantToTalkToYou));
    if (!wait_for_answer(post(request), deadline)) return;
    socket.end_sending();
    while (Clock::now() < deadline && socket.exchange(deadline)) socket.consume(socket.received().size());
  }
};

Connection::Connection(const Target& target, Node node, Trace* trace, milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  impl_ = std::make_unique<Impl>(target, std::move(node), trace, deadline);
  impl_->exchange_capabilities(patience, deadline);
  impl_->pass_probation(deadline);
}

Connection::~Connection() {
  impl_->trace = nullptr;  // it may be gone
  try {
    if (impl_->failure.empty()) impl_->take_leave();
  } catch (const std::exception&) {
    // it went first
  }
}

const Node& Connection::node() const { return impl_->node; }
const std::string& Connection::peer_host() const { return impl_->peer_host; }
const std::string& Connection::peer_realm() const { return impl_->peer_realm; }
int Connection::descriptor() const { return impl_->socket.descriptor(); }

Message Connection::make_request(std::uint32_t application, std::uint32_t command, std::vector<Avp> more) {
  const Node& node = impl_->node;
  // RFC 6733 8.8
  const std::string session =
      node.host + ";" + std::to_string(impl_->session_start) + ";" + std::to_string(++impl_->sessions);
  Message out{.command = command, .application = application};
  out.avps.reserve(6 + more.size());
  out.avps.push_back(text_avp(avp::kSessionId, session));
  out.avps.push_back(vendor_specific(application));
  out.avps.push_back(number_avp(avp::kAuthSessionState, kNoStateMaintained));
  out.avps.push_back(text_avp(avp::kOriginHost, node.host));
  out.avps.push_back(text_avp(avp::kOriginRealm, node.realm));
  out.avps.push_back(text_avp(avp::kDestinationRealm, impl_->peer_realm));
  std::ranges::move(more, std::back_inserter(out.avps));
  return out;
}

Message Connection::make_answer(const Message& request, const ResultOf& result, std::vector<Avp> more) const {
  Message out = answer_to(request);
  out.error = result.vendor == 0 && result.code / 1000 == 3;  // RFC 6733 7.1.3
  if (const Avp* const session = request.find(avp::kSessionId)) out.avps.push_back(*session);
  out.avps.push_back(vendor_specific(request.application));
  if (result.vendor == 0) {
    out.avps.push_back(number_avp(avp::kResultCode, result.code));
  } else {
    out.avps.push_back(group_avp(avp::kExperimentalResult, {number_avp(avp::kVendorId, result.vendor),
                                                            number_avp(avp::kExperimentalResultCode, result.code)}));
  }
  out.avps.push_back(number_avp(avp::kAuthSessionState, kNoStateMaintained));
  std::ranges::move(impl_->origin(), std::back_inserter(out.avps));
  std::ranges::move(more, std::back_inserter(out.avps));
  for (const Avp* const proxy : request.all(kProxyInfo)) out.avps.push_back(*proxy);  // RFC 6733 6.2
  return out;
}

Message Connection::ask(Message request, milliseconds patience) {
  const std::uint32_t id = impl_->post(request);
  if (auto answer = impl_->wait_for_answer(id, Clock::now() + patience)) return *std::move(answer);
  impl_->give_up(id);
  throw NetworkError("no answer to " + short_name(request) + " from " + impl_->socket.name() + " within " +
                     in_words(patience));
}

std::uint32_t Connection::post(Message request) {
  const std::uint32_t id = impl_->post(request);
  if (impl_->socket.outgoing().size() >= kMuch) impl_->socket.send_now();
  return id;
}

void Connection::flush() { impl_->socket.send_now(); }

std::optional<Message> Connection::receive(std::chrono::microseconds patience) {
  auto& answers = impl_->answers;
  if (!impl_->read_until([&] { return !answers.empty(); }, Clock::now() + patience)) return std::nullopt;
  Message out = std::move(answers.front());
  answers.pop_front();
  return out;
}

void Connection::send_answer(const Message& answer) {
  impl_->put(answer);
  impl_->socket.send_now();
}

std::optional<Message> Connection::take_request(milliseconds patience) {
  auto& requests = impl_->requests;
  if (!impl_->read_until([&] { return !requests.empty(); }, Clock::now() + patience)) return std::nullopt;
  Message out = std::move(requests.front());
  requests.pop_front();
  return out;
}

}  // namespace hss::lab
