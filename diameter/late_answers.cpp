// SPDX-License-Identifier: MIT
#include "diameter/late_answers.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "diameter/cancellation.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/peer_table.h"
#include "diameter/repeated_lines.h"
#include "hss/ascii.h"
#include "hss/error_text.h"

namespace hss::diameter {
namespace {

constexpr std::size_t kMost = 4096;
constexpr std::chrono::seconds kPatience{5};  // a peer that answers watchdogs answers three by then
constexpr std::chrono::milliseconds kBetweenLooks{1};

std::atomic<LateAnswers*>& current() {
  static std::atomic<LateAnswers*> instance{nullptr};
  return instance;
}

bool drops_answers(peer_hdr* peer) {
  const int state = fd_peer_get_state(peer);
  return state == STATE_REOPEN || state == STATE_SUSPECT;
}

bool makes_wait(std::string_view host) {
  bool waits = false;
  for_each_peer([&](peer_hdr* peer) {
    const std::string_view name(peer->info.pi_diamid, peer->info.pi_diamidlen);
    if (ascii::same_without_case(name, host)) waits = drops_answers(peer);
  });
  return waits;
}

std::string_view asker_of(msg* answer) {
  msg* const request = fd::request_of(answer);
  return request == nullptr ? std::string_view() : fd::source_of(request);
}

}  // namespace

LateAnswers::LateAnswers()
    : LateAnswers({&makes_wait, [](std::string_view host) { return PlainConnections::instance().of_host(host); },
                   [](msg** answer) { return fd_msg_send(answer, nullptr, nullptr); }}) {}

LateAnswers::LateAnswers(Core core) : core_(std::move(core)), thread_([this] { run(); }) { current() = this; }

LateAnswers::~LateAnswers() {
  current() = nullptr;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LateAnswers::look_at(msg* message, peer_hdr* peer) noexcept {
  if ((fd::header(message).msg_flags & CMD_FLAG_REQUEST) == 0 || !drops_answers(peer)) return;
  if (LateAnswers* const late = current()) late->expect();
}

void LateAnswers::expect() noexcept {
  constexpr std::chrono::minutes kForItsAnswer{1};
  expected_until_.store((Clock::now() + kForItsAnswer).time_since_epoch().count(), std::memory_order_relaxed);
}

bool LateAnswers::is_expecting() noexcept {
  const Clock::rep until = expected_until_.load(std::memory_order_relaxed);
  if (until == 0) return false;
  if (Clock::now().time_since_epoch().count() < until) return true;
  expected_until_.store(0, std::memory_order_relaxed);  // one that has just begun anew is told by its next request
  return false;
}

bool LateAnswers::expects_any() noexcept {
  LateAnswers* const late = current();
  return late != nullptr && late->is_expecting();
}

int LateAnswers::send(msg** answer) {
  if (is_expecting() && core_.makes_wait(asker_of(*answer))) {
    PlainConnectionPtr connection = core_.connection_of(asker_of(*answer));
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kMost && !stop_) {
      waiting_.push_back(
          {fd::MessagePtr(std::exchange(*answer, nullptr)), Clock::now() + kPatience, std::move(connection)});
      changed_.notify_one();
      return 0;
    }
  }
  return core_.send(answer);
}

int LateAnswers::send_by_instance(msg** answer) {
  LateAnswers* const late = current();
  return late == nullptr ? fd_msg_send(answer, nullptr, nullptr) : late->send(answer);
}

void LateAnswers::send_those_whose_time_has_come(std::vector<Waiting>& waiting) {
  const auto now = Clock::now();
  for (Waiting& one : waiting) {
    const std::string_view asker = asker_of(one.answer.get());
    if (core_.connection_of(asker) != one.connection) {
      const std::string host = log::field(asker);
      repeated_warnings().tell("late " + host, "an answer to " + host + " lost: the connection is closed");
      one.answer.reset();
      continue;
    }
    if (now < one.until && core_.makes_wait(asker)) continue;
    msg* message = one.answer.release();
    const int error = core_.send(&message);
    if (error == 0) continue;
    const fd::MessagePtr unsent(message);
    log::error("an answer that had to wait could not be sent: " + error_text(error));
  }
  std::erase_if(waiting, [](const Waiting& one) { return one.answer == nullptr; });
}

void LateAnswers::run() {
  std::vector<Waiting> taken;  // from waiting_, in their order
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const auto wanted = [this] { return stop_ || !waiting_.empty(); };
    if (taken.empty()) {
      changed_.wait(lock, wanted);
    } else {
      changed_.wait_for(lock, kBetweenLooks, wanted);
    }
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(taken));
    waiting_.clear();
    lock.unlock();
    try {
      send_those_whose_time_has_come(taken);
    } catch (const std::exception& fault) {
      log::error(std::string("answers that had to wait could not be sent: ") + fault.what());
    }
    lock.lock();
  }
}

}  // namespace hss::diameter
