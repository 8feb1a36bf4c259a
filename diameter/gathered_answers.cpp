// SPDX-License-Identifier: MIT
#include "diameter/gathered_answers.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "diameter/completion.h"
#include "diameter/late_answers.h"
#include "diameter/log.h"
#include "hss/error_text.h"

namespace hss::diameter {
namespace {

constexpr std::size_t kTogether = 32;            // answers; with more, the first would wait for long
constexpr std::size_t kMostWaiting = 1U << 20U;  // octets: a peer that does not read makes us wait, in freeDiameter

std::atomic<GatheredAnswers*>& current() {
  static std::atomic<GatheredAnswers*> instance{nullptr};
  return instance;
}

PlainConnectionPtr connection_of(msg* answer) {
  msg* const request = fd::request_of(answer);
  if (request == nullptr || LateAnswers::expects_any()) return nullptr;
  return PlainConnections::instance().of_host(fd::source_of(request));
}

}  // namespace

GatheredAnswers::GatheredAnswers() : GatheredAnswers({&connection_of, &LateAnswers::send_by_instance}) {
  current() = this;
}

GatheredAnswers::GatheredAnswers(Core core) : core_(std::move(core)) {}

GatheredAnswers::~GatheredAnswers() {
  if (current() == this) current() = nullptr;
  flush();
}

int GatheredAnswers::send_by_instance(msg** answer) {
  GatheredAnswers* const gathered = current();
  return gathered == nullptr ? LateAnswers::send_by_instance(answer) : gathered->send(answer);
}

void GatheredAnswers::flush_instance() noexcept {
  if (GatheredAnswers* const gathered = current()) gathered->flush();
}

int GatheredAnswers::send(msg** answer) {
  const PlainConnectionPtr connection = core_.connection_of(*answer);
  if (connection == nullptr || connection->answers.octets() > kMostWaiting) return core_.send(answer);
  return put(connection, answer);
}

/// Those of one connection go into its outbox, but for the first, which is to be the last.
int GatheredAnswers::put(const PlainConnectionPtr& connection, msg** answer) {
  Courier full;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(couriers_, connection, &Courier::connection);
    if (found == couriers_.end()) {
      couriers_.push_back({connection, fd::MessagePtr(std::exchange(*answer, nullptr)), 0});
      return 0;
    }
    if (++found->others >= kTogether) {
      full = std::move(*found);
      couriers_.erase(found);
    }
  }
  complete_answer(*answer);
  std::uint8_t* octets = nullptr;
  std::size_t size = 0;
  const int error = fd_msg_bufferize(*answer, &octets, &size);
  if (error == 0) {
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> owner(octets, &std::free);
    connection->answers.put({octets, size});
    fd_msg_free(std::exchange(*answer, nullptr));
  }
  if (full.answer != nullptr) send_courier(std::move(full));
  return error;
}

void GatheredAnswers::send_courier(Courier courier) noexcept {
  try {
    msg* message = courier.answer.release();
    const int error = core_.send(&message);
    if (error == 0) return;
    const fd::MessagePtr unsent(message);
    log::error("an answer to " + courier.connection->host + " could not be sent: " + error_text(error));
  } catch (const std::exception& fault) {
    log::error(std::string("an answer could not be sent: ") + fault.what());
  }
}

void GatheredAnswers::flush() noexcept {
  std::vector<Courier> couriers;
  {
    const std::lock_guard lock(mutex_);
    couriers.swap(couriers_);
  }
  for (Courier& courier : couriers) send_courier(std::move(courier));
}

}  // namespace hss::diameter
