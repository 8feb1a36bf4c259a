// SPDX-License-Identifier: MIT
#include "diameter/refusal_sender.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <utility>

#include "diameter/late_answers.h"
#include "diameter/log.h"

namespace hss::diameter {
namespace {

constexpr std::size_t kMost = 1000;
constexpr std::chrono::milliseconds kPatience{100};

std::atomic<RefusalSender*>& current() {
  static std::atomic<RefusalSender*> instance{nullptr};
  return instance;
}

}  // namespace

RefusalSender::RefusalSender(Send send) : send_(std::move(send)), thread_([this] { run(); }) { current() = this; }

RefusalSender::~RefusalSender() {
  current() = nullptr;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  arrived_.notify_all();
  taken_.notify_all();
  thread_.join();
}

bool RefusalSender::submit(fd::MessagePtr answer) {
  bool first = false;
  {
    std::unique_lock lock(mutex_);
    if (!taken_.wait_for(lock, kPatience, [this] { return stop_ || waiting_.size() < kMost; })) return false;
    first = waiting_.empty();
    waiting_.push_back(std::move(answer));
  }
  if (first) arrived_.notify_one();
  return true;
}

bool RefusalSender::submit_to_instance(fd::MessagePtr answer) {
  RefusalSender* const sender = instance();
  return sender != nullptr && sender->submit(std::move(answer));
}

RefusalSender* RefusalSender::instance() { return current(); }

void RefusalSender::to_network(fd::MessagePtr answer) {
  msg* message = answer.release();
  const int error = LateAnswers::send_by_instance(&message);
  if (error == 0) return;
  const fd::MessagePtr unsent(message);
  fd::check(error, "send an answer");
}

void RefusalSender::run() {
  std::vector<fd::MessagePtr> answers;
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
    if (stop_) return;
    answers.swap(waiting_);
    lock.unlock();
    taken_.notify_all();
    for (fd::MessagePtr& answer : answers) {
      if (stop_) return;  // the core is gone by then, and with it every connection
      try {
        send_(std::move(answer));
      } catch (const std::exception& fault) {
        log::error(std::string("a refused request gets no answer: ") + fault.what());
      }
    }
    answers.clear();
    lock.lock();
  }
}

}  // namespace hss::diameter
