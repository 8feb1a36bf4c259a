// SPDX-License-Identifier: MIT
#include "diameter/refusal_outbox.h"

#include <utility>

namespace hss::diameter {
namespace {

constexpr std::size_t kMost = 65536;  // octets
constexpr std::size_t kMany = 8192;   // worth a write
constexpr std::chrono::milliseconds kOld{2};
constexpr std::chrono::milliseconds kCourierIsLost{200};

}  // namespace

bool RefusalOutbox::is_full() const {
  const std::lock_guard lock(mutex_);
  return answers_.size() >= kMost;
}

void RefusalOutbox::put(std::span<const std::uint8_t> answers, std::span<const std::uint8_t> request, std::size_t begin,
                        std::size_t end, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const std::size_t before = answers_.size();
  answers_.reserve(before + answers.size());
  if (request_.empty()) {
    request_.assign(request.begin(), request.end());
    begin_ = before + begin;
    end_ = before + end;
  }
  if (before == 0) since_ = now;
  answers_.insert(answers_.end(), answers.begin(), answers.end());
}

RefusalOutbox::Octets RefusalOutbox::take(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const bool due = answers_.size() >= kMany || now - since_ >= kOld || courier_sent_;
  if (!due && !answers_.empty()) return {};
  courier_sent_.reset();
  request_.clear();
  return std::exchange(answers_, {});
}

bool RefusalOutbox::courier_on_its_way(Clock::time_point now) const {
  return courier_sent_ && now - *courier_sent_ < kCourierIsLost;
}

std::optional<RefusalOutbox::Octets> RefusalOutbox::courier(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (request_.empty() || courier_on_its_way(now)) return std::nullopt;
  courier_sent_ = now;
  answers_.erase(answers_.begin() + static_cast<std::ptrdiff_t>(begin_),
                 answers_.begin() + static_cast<std::ptrdiff_t>(end_));
  return std::exchange(request_, {});
}

}  // namespace hss::diameter
