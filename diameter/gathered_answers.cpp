// SPDX-License-Identifier: MIT
#include "diameter/gathered_answers.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

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

PlainConnectionPtr connection_of(msg* request) {
  if (LateAnswers::expects_any()) return nullptr;
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

int GatheredAnswers::send_by_instance(FinishedAnswer answer) {
  GatheredAnswers* const gathered = current();
  return gathered == nullptr ? ESHUTDOWN : gathered->send(std::move(answer));
}

void GatheredAnswers::flush_instance() noexcept {
  if (GatheredAnswers* const gathered = current()) gathered->flush();
}

int GatheredAnswers::send_alone(FinishedAnswer answer) const {
  msg* message = std::move(answer).message().release();
  const int error = core_.send(&message);
  if (error != 0) fd::MessagePtr(message).reset();
  return error;
}

/// Those of one connection go into its outbox, but for the first, which is to be the last.
int GatheredAnswers::send(FinishedAnswer answer) {
  const PlainConnectionPtr connection = core_.connection_of(answer.request.get());
  if (connection == nullptr || connection->answers.octets() > kMostWaiting) return send_alone(std::move(answer));
  Courier full;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(couriers_, connection, &Courier::connection);
    if (found == couriers_.end()) {
      couriers_.push_back({connection, std::move(answer)});
      return 0;
    }
    connection->answers.put(answer.octets);
    if (++found->others >= kTogether) {
      full = std::move(*found);
      couriers_.erase(found);
    }
  }
  if (full.connection != nullptr) send_courier(std::move(full));
  return 0;
}

void GatheredAnswers::send_courier(Courier courier) const noexcept {
  try {
    const int error = send_alone(std::move(courier.answer));
    if (error == 0) return;
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
