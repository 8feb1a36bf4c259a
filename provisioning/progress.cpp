// SPDX-License-Identifier: MIT
#include "provisioning/progress.h"

#include <ostream>

namespace hss::provisioning {
namespace {

volatile std::sig_atomic_t interrupted_flag = 0;

extern "C" void remember_signal(int /*signal*/) { interrupted_flag = 1; }

constexpr std::size_t kBarWidth = 30;
constexpr std::chrono::milliseconds kBetweenDrawings{100};

}  // namespace

Progress::~Progress() { clear(); }

void Progress::show(const std::string& what, std::size_t done, std::size_t total) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_ < kBetweenDrawings) return;
  last_ = now;
  drawn_ = true;
  err_ << '\r' << what << ' ';
  if (total > 0) {
    const std::size_t filled = done * kBarWidth / total;
    err_ << '[' << std::string(filled, '#') << std::string(kBarWidth - filled, '.') << "] " << done << " of " << total;
  } else {
    err_ << done;
  }
  err_ << "\x1b[K" << std::flush;
}

void Progress::clear() {
  if (drawn_) err_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

Interruptible::Interruptible() {
  interrupted_flag = 0;
  struct sigaction action {};
  action.sa_handler = &remember_signal;
  ::sigaction(SIGINT, &action, &previous_interrupt_);
  ::sigaction(SIGTERM, &action, &previous_terminate_);
}

Interruptible::~Interruptible() {
  ::sigaction(SIGINT, &previous_interrupt_, nullptr);
  ::sigaction(SIGTERM, &previous_terminate_, nullptr);
}

bool Interruptible::interrupted() { return interrupted_flag != 0; }

}  // namespace hss::provisioning
