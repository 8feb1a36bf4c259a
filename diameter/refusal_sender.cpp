// SPDX-License-Identifier: MIT
#include "diameter/refusal_sender.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <utility>

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
  changed_.notify_all();
  thread_.join();
}

bool RefusalSender::submit(fd::MessagePtr answer) {
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [this] { return stop_ || waiting_.size() < kMost; })) return false;
    waiting_.push_back(std::move(answer));
  }
  changed_.notify_all();
  return true;
}

bool RefusalSender::submit_to_instance(fd::MessagePtr answer) {
  RefusalSender* const sender = instance();
  return sender != nullptr && sender->submit(std::move(answer));
}

RefusalSender* RefusalSender::instance() { return current(); }

void RefusalSender::to_network(fd::MessagePtr answer) {
  msg* message = answer.release();
  const int error = fd_msg_send(&message, nullptr, nullptr);
  if (error == 0) return;
  const fd::MessagePtr unsent(message);
  fd::check(error, "send an answer");
}

void RefusalSender::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
    if (stop_) return;  // the core is gone by then, and with it every connection
    fd::MessagePtr answer = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    try {
      send_(std::move(answer));
    } catch (const std::exception& fault) {
      log::error(std::string("a refused request gets no answer: ") + fault.what());
    }
    lock.lock();
  }
}

}  // namespace hss::diameter
