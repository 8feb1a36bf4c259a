// SPDX-License-Identifier: MIT
#include "diameter/short_way.h"

#include <sys/socket.h>

#include <exception>
#include <string>
#include <utility>

#include "diameter/cancellation.h"
#include "diameter/command_table.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/repeated_lines.h"
#include "diameter/transaction.h"
#include "diameter/waiting_frames.h"
#include "diameter/wire_guard.h"

namespace hss::diameter {
namespace {

/// What freeDiameter has read waits meanwhile.
constexpr int kLooks = 4;

/// A request as dispatch would see it; null when the dictionary or its rules have something against it.
fd::MessagePtr request_in(BytesView frame, const std::string& source) {
  fd::MessagePtr request = fd::parse(frame);
  fd::check(fd_msg_source_set(request.get(), const_cast<char*>(source.data()), source.size()),
            "set a message's source");
  fd_pei error{};
  const bool sound = fd_msg_parse_dict(request.get(), fd_g_config->cnf_dict, &error) == 0 &&
                     fd_msg_parse_rules(request.get(), fd_g_config->cnf_dict, &error) == 0;
  if (error.pei_avp_free != 0) fd_msg_free(error.pei_avp);
  return sound ? std::move(request) : nullptr;
}

}  // namespace

std::atomic<ShortWay*>& ShortWay::current() {
  static std::atomic<ShortWay*> instance{nullptr};
  return instance;
}

ShortWay::ShortWay(Services services, const Settings& settings)
    : services_(std::move(services)),
      requests_(std::string(fd::own_host()), std::string(fd::own_realm()), commands(), settings),
      most_(settings.queue_limit - settings.queue_limit / 4) {
  current() = this;
}

ShortWay::~ShortWay() { current() = nullptr; }

bool ShortWay::has_room() const noexcept { return !silent_ && services_.queue.waiting() < most_; }

void ShortWay::received(const fd_cnx_rcvdata& data) noexcept {
  ShortWay* const self = current();
  if (self == nullptr || !self->has_room()) return;
  const NoCancellation guard;
  try {
    if (self->requests_.command_of({data.buffer, data.length}) == nullptr) return;
    PlainConnection* const connection = PlainConnections::instance().of_receiving_thread();
    if (connection == nullptr || fd_peer_get_state(connection->peer) != STATE_OPEN) return;
    self->take_what_follows(*connection);
  } catch (const std::exception& fault) {
    log::error(std::string("requests go the long way: ") + fault.what());
  }
}

void ShortWay::take_what_follows(PlainConnection& connection) {
  thread_local WaitingFrames frames;
  std::size_t taken = 0;
  for (int looks = 0; looks < kLooks && frames.look(connection.socket) == WaitingFrames::Seen::kSomething; ++looks) {
    bool all = true;
    while (const auto frame = frames.next()) {
      all = has_room() && take(*frame, connection);
      if (!all) break;
      frames.take(*frame);
      ++taken;
    }
    if (!frames.remove_taken(connection.socket)) {
      shutdown(connection.socket, SHUT_RDWR);
      break;
    }
    if (!all || !frames.may_be_more()) break;
  }
  if (taken != 0) {
    log::debug(std::to_string(taken) + (taken == 1 ? " request of " : " requests of ") + log::field(connection.host) +
               " went the short way");
  }
}

/// The request that a frame is, when it may go the short way; else null.
fd::MessagePtr ShortWay::request_of(BytesView frame, const PlainConnection& connection, const CommandEntry*& command) {
  const Inspection found = inspect(frame);
  if (!found.refusal.empty() || found.decorated_user_name) return nullptr;
  const auto known = requests_.read(frame);
  if (!known) return nullptr;
  command = known->command;
  return request_in(frame, connection.host);
}

void ShortWay::refuse(fd::MessagePtr answer) const noexcept {
  try {
    if (services_.refuse(std::move(answer))) return;
    repeated_warnings().tell("refusals", "a refused request gets no answer: too many wait to be sent");
  } catch (const std::exception& fault) {
    log::error(std::string("a refused request gets no answer: ") + fault.what());
  }
}

/// False when the frame is to go the long way. What is taken must not be left in the socket: it would come again.
bool ShortWay::take(BytesView frame, const PlainConnection& connection) noexcept {
  try {
    const CommandEntry* command = nullptr;
    fd::MessagePtr request = request_of(frame, connection, command);
    if (request == nullptr) return false;
    if (auto refusal = take_request(std::move(request), *command, services_, network())) refuse(std::move(refusal));
    return true;
  } catch (const std::exception& fault) {
    log::error(std::string("a request goes the long way: ") + fault.what());
    return false;
  }
}

}  // namespace hss::diameter
