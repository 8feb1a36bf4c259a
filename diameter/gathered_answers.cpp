// SPDX-License-Identifier: MIT
#include "diameter/gathered_answers.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <iterator>
#include <string>
#include <utility>

#include "diameter/late_answers.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/raw_avps.h"
#include "hss/error_text.h"

namespace hss::diameter {
namespace {

constexpr std::size_t kHopByHopAt = 12;  // in a message
constexpr std::size_t kEndToEndAt = 16;
constexpr std::size_t kTogether = 32;            // answers; with more, the first would wait for long
constexpr std::size_t kMostWaiting = 1U << 20U;  // octets: a peer that does not read makes us wait, in freeDiameter

std::atomic<GatheredAnswers*>& current() {
  static std::atomic<GatheredAnswers*> instance{nullptr};
  return instance;
}

PlainConnectionPtr connection_of(msg* request) { return PlainConnections::instance().of_host(fd::source_of(request)); }

}  // namespace

GatheredAnswers::GatheredAnswers()
    : GatheredAnswers({&connection_of, &LateAnswers::expects_any, &LateAnswers::send_by_instance}) {
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

void GatheredAnswers::settle_instance() noexcept {
  if (GatheredAnswers* const gathered = current()) gathered->settle();
}

int GatheredAnswers::send_alone(FinishedAnswer answer) const {
  msg* message = std::move(answer).message().release();
  const int error = core_.send(&message);
  if (error != 0) fd::MessagePtr(message).reset();
  return error;
}

/// Those of one connection go into its outbox, but for the last.
int GatheredAnswers::send(FinishedAnswer answer) {
  const PlainConnectionPtr connection = core_.connection_of(answer.request.get());
  if (connection != nullptr && connection->since > answer.received) return ENOTCONN;
  if (connection == nullptr || core_.may_have_to_wait()) return send_alone(std::move(answer));
  fd::MessagePtr done;  // the request of an answer in the outbox, to be freed when others may send
  const std::lock_guard lock(mutex_);
  auto courier = std::ranges::find(couriers_, connection, &Courier::connection);
  if (courier == couriers_.end()) {
    courier = couriers_.insert(couriers_.end(), {connection, std::move(answer)});
  } else {
    connection->answers.put(courier->answer.octets);
    ++courier->others;
    done = std::exchange(courier->answer, std::move(answer)).request;
  }
  if (courier->others >= kTogether || connection->answers.octets() > kMostWaiting) {
    const auto last = std::prev(couriers_.end());
    std::iter_swap(courier, last);
    Courier full = std::move(*last);
    couriers_.pop_back();
    send_courier(std::move(full));
  }
  return 0;
}

void GatheredAnswers::send_courier(Courier courier) const noexcept {
  try {
    const AvpOctets::Buffer& octets = courier.answer.octets;
    courier.connection->answers.close({u32(&octets[kHopByHopAt]), u32(&octets[kEndToEndAt])});
    const int error = send_alone(std::move(courier.answer));
    if (error == 0) return;
    log::error("an answer to " + log::field(courier.connection->host) + " could not be sent: " + error_text(error));
  } catch (const std::exception& fault) {
    log::error(std::string("an answer could not be sent: ") + fault.what());
  }
}

void GatheredAnswers::flush_locked() noexcept {
  for (Courier& courier : couriers_) send_courier(std::move(courier));
  couriers_.clear();
}

void GatheredAnswers::flush() noexcept {
  const std::lock_guard lock(mutex_);
  flush_locked();
}

void GatheredAnswers::settle() noexcept {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock.owns_lock()) flush_locked();
}

}  // namespace hss::diameter
