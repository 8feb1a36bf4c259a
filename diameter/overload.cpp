// SPDX-License-Identifier: MIT
#include "diameter/overload.h"

#include <sys/socket.h>

#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "diameter/cancellation.h"
#include "diameter/command_table.h"
#include "diameter/core_traps.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/refusal_sender.h"
#include "diameter/waiting_frames.h"
#include "diameter/wire_guard.h"

namespace hss::diameter {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{100};  // of a request that is held back
constexpr milliseconds kLook{1};        // whether there is room
constexpr milliseconds kBetweenLines{1000};
constexpr milliseconds kIdle{200};
constexpr unsigned kFramesBetweenLooks = 16;

/// What a receiving thread keeps, of which there is one for each connection.
struct Receiving {
  unsigned frames = 0;
  bool too_much = false;  // at the last look
  WaitingFrames waiting;
  std::vector<std::uint8_t> answers;
};

Receiving& receiving() {
  thread_local Receiving instance;
  return instance;
}

}  // namespace

std::atomic<Overload*>& Overload::current() {
  static std::atomic<Overload*> instance{nullptr};
  return instance;
}

Overload::Overload(const TransactionQueue& queue, const Settings& settings)
    : queue_(queue),
      answers_(std::string(fd::own_host()), std::string(fd::own_realm()), commands(), settings),
      most_(static_cast<long>(settings.queue_limit - settings.queue_limit / 8)),
      few_(most_ - most_ / 8) {
  current() = this;
}

Overload::~Overload() { current() = nullptr; }

void Overload::put_frames(PlainConnection& connection, long frames) {
  frames_ += frames - connection.frames.exchange(frames);
}

long Overload::waiting(PlainConnection& connection) {
  int frames = 0;
  fd_stat_getstats(STAT_P_PSM, connection.peer, &frames, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  put_frames(connection, frames);
  connection.looked = Clock::now();
  return frames_ + static_cast<long>(queue_.waiting());
}

bool Overload::received(const fd_cnx_rcvdata& data) noexcept {
  Overload* const self = current();
  if (self == nullptr || self->silent_) return false;
  Receiving& mine = receiving();
  if (++mine.frames % kFramesBetweenLooks != 0 && !mine.too_much) return false;
  const NoCancellation guard;
  try {
    if (!self->answers_.concerns({data.buffer, data.length})) return false;
    PlainConnection* const connection = PlainConnections::instance().of_receiving_thread();
    if (connection == nullptr) return false;  // not admitted, or about to be
    mine.too_much = self->waiting(*connection) >= self->most_;
    if (mine.too_much) self->hold_back(*connection);
  } catch (const std::exception& fault) {
    log::error(std::string("requests cannot be held back: ") + fault.what());
  }
  return mine.too_much;
}

void Overload::hold_back(PlainConnection& connection) {
  const auto until = Clock::now() + kPatience;
  std::size_t part = 0;  // octets of a request that has not come whole, at the last look
  while (!silent_ && waiting(connection) >= few_ && fd_peer_get_state(connection.peer) == STATE_OPEN) {
    const Found found = connection.refusals.is_full() ? Found::kNothing : refuse_what_follows(connection);
    if (found == Found::kOther || Clock::now() >= until) break;
    if (found == Found::kRequests) continue;
    // The kernel may keep memory of all that came with it, and have told the peer that there is room for no more: until
    // freeDiameter reads it, its rest does not come.
    const std::size_t last = std::exchange(part, found == Found::kPart ? receiving().waiting.left() : 0);
    if (part != 0 && part == last) break;
    send_courier(connection);
    // Not until something comes: that would be for each request.
    std::this_thread::sleep_for(kLook);
  }
  send_courier(connection);
}

/// All whole requests of ours that have come, as long as there are too many.
Overload::Found Overload::refuse_what_follows(PlainConnection& connection) {
  Receiving& mine = receiving();
  const WaitingFrames::Seen seen = mine.waiting.look(connection.socket);
  if (seen != WaitingFrames::Seen::kSomething) {
    return seen == WaitingFrames::Seen::kNothing ? Found::kNothing : Found::kOther;
  }
  mine.answers.clear();
  bool other = false;
  BytesView last;
  std::size_t last_answer = 0;
  std::uint64_t count = 0;
  while (const auto frame = mine.waiting.next()) {
    const std::size_t answer = mine.answers.size();
    other = !inspect(*frame).refusal.empty() || !answers_.append(*frame, mine.answers);
    if (other) break;
    mine.waiting.take(*frame);
    last = *frame;
    last_answer = answer;
    ++count;
    if (count % kFramesBetweenLooks == 0 && waiting(connection) < few_) break;
  }
  other = other || mine.waiting.begins_with_none();
  if (count == 0) return other ? Found::kOther : Found::kPart;
  connection.refusals.put(mine.answers, last, last_answer, mine.answers.size());
  connection.refused += count;
  if (!mine.waiting.remove_taken(connection.socket)) {
    shutdown(connection.socket, SHUT_RDWR);
    return Found::kOther;
  }
  return other ? Found::kOther : Found::kRequests;
}

void Overload::send_courier(PlainConnection& connection) const {
  if (silent_) return;
  const auto octets = connection.refusals.courier();
  if (!octets) return;
  try {
    const fd::MessagePtr request = fd::parse(*octets);
    if (RefusalSender::submit_to_instance(refusal_of(request.get(), connection.host, "DIAMETER_TOO_BUSY", ""))) return;
  } catch (const std::exception& fault) {
    log::error(std::string("a request is refused later: ") + fault.what());
  }
  RefusalOutbox::Octets answer;
  answers_.append(*octets, answer);
  connection.refusals.put(answer, *octets, 0, answer.size());
}

void Overload::tell(PlainConnection& connection, Clock::time_point now) {
  const std::uint64_t refused = connection.refused.exchange(0);
  if (refused == 0) return;
  connection.told = now;
  log::warn(std::to_string(refused) + (refused == 1 ? " request of " : " requests of ") + log::field(connection.host) +
            " [" + connection.address + "] -> DIAMETER_TOO_BUSY 3004: more come than can be answered");
}

void Overload::settle(Clock::time_point now) noexcept {
  Overload* const self = current();
  if (self == nullptr) return;
  try {
    for (const PlainConnectionPtr& connection : PlainConnections::instance().all()) {
      const bool gone = !connection->is_there();
      // One that receives nothing does not look either.
      if (gone || now - connection->looked.load() >= kIdle) self->put_frames(*connection, 0);
      if (gone || now - connection->told >= kBetweenLines) tell(*connection, now);
      if (gone) {
        PlainConnections::instance().forget(*connection);
      } else {
        self->send_courier(*connection);  // should one not have been sent
      }
    }
  } catch (const std::exception& fault) {
    log::error(std::string("refused requests cannot be told of: ") + fault.what());
  }
}

}  // namespace hss::diameter
