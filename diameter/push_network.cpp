// Requests on their way through freeDiameter. Its callbacks are given a number, not a pointer: what the number stands
// for may be gone when it calls, and then nothing happens.
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <ctime>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "diameter/cancellation.h"
#include "diameter/peers.h"
#include "diameter/push.h"
#include "diameter/push_parts.h"

namespace hss::diameter {
namespace {

using std::chrono::steady_clock;

struct Requests {
  struct Entry {
    PushOutlet::Answered answered;
    steady_clock::time_point forgotten;  // freeDiameter calls for no message that it could not parse
  };
  std::mutex mutex;
  std::uintptr_t last = 0;
  std::map<std::uintptr_t, Entry> entries;
};

Requests& requests() {
  static Requests instance;
  return instance;
}

void* enter(PushOutlet::Answered answered, std::chrono::seconds patience) {
  constexpr std::chrono::minutes kLonger{10};
  const auto now = steady_clock::now();
  const std::lock_guard lock(requests().mutex);
  std::erase_if(requests().entries, [now](const auto& entry) { return entry.second.forgotten < now; });
  const std::uintptr_t number = ++requests().last;
  requests().entries.emplace(number, Requests::Entry{std::move(answered), now + patience + kLonger});
  return reinterpret_cast<void*>(number);
}

/// Empty when nobody waits any more.
PushOutlet::Answered leave(void* number) {
  const std::lock_guard lock(requests().mutex);
  auto node = requests().entries.extract(reinterpret_cast<std::uintptr_t>(number));
  return node.empty() ? PushOutlet::Answered() : std::move(node.mapped().answered);
}

void on_answer(void* number, msg** answer) noexcept {
  const NoCancellation guard;
  const fd::MessagePtr owned(std::exchange(*answer, nullptr));
  try {
    if (const auto answered = leave(number)) answered(read_answer(owned.get()));
  } catch (const std::exception& fault) {
    log::error(std::string("an answer to an RTR or PPR is lost: ") + fault.what());
  }
}

void on_silence(void* number, DiamId_t /*peer*/, std::size_t /*length*/, msg** request) noexcept {
  const NoCancellation guard;
  const fd::MessagePtr owned(std::exchange(*request, nullptr));
  try {
    if (const auto answered = leave(number)) answered({std::nullopt, "no answer in time", {}});
  } catch (const std::exception& fault) {
    log::error(std::string("the missing answer to an RTR or PPR is not noted: ") + fault.what());
  }
}

int send(fd::MessagePtr request, std::chrono::seconds patience, PushOutlet::Answered answered) {
  std::timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += patience.count();
  void* const number = enter(std::move(answered), patience);
  msg* message = request.release();
  const int error = fd_msg_send_timeout(&message, on_answer, number, on_silence, &until);
  if (error == 0) return 0;
  request.reset(message);
  leave(number);
  return error;
}

}  // namespace

PushOutlet push_network() {
  return {any_peer_open, can_reach, send, [](const log::TransactionRecord& record) { log::transaction(record); },
          [] {
            return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
                .count();
          }};
}

}  // namespace hss::diameter
