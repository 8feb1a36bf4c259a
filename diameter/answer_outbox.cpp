// SPDX-License-Identifier: MIT
#include "diameter/answer_outbox.h"

#include <algorithm>

namespace hss::diameter {

void AnswerOutbox::put(BytesView answer) {
  const std::lock_guard lock(mutex_);
  answers_.insert(answers_.end(), answer.begin(), answer.end());
  ++count_;
}

void AnswerOutbox::close(Identifiers courier) {
  const std::lock_guard lock(mutex_);
  if (!answers_.empty()) marks_.push_back({courier, answers_.size(), count_});
}

void AnswerOutbox::take(Identifiers courier, Octets& out) {
  out.clear();
  const std::lock_guard lock(mutex_);
  const auto mark = std::ranges::find(marks_, courier, &Mark::courier);
  if (mark == marks_.end()) return;
  const auto [_, end, count] = *mark;
  marks_.erase(marks_.begin(), mark + 1);
  for (Mark& later : marks_) {
    later.end -= end;
    later.count -= count;
  }
  count_ -= count;
  if (end == answers_.size()) {
    out.swap(answers_);
    return;
  }
  const auto behind = answers_.begin() + static_cast<std::ptrdiff_t>(end);
  out.assign(answers_.begin(), behind);
  answers_.erase(answers_.begin(), behind);
}

std::size_t AnswerOutbox::size() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

std::size_t AnswerOutbox::octets() const {
  const std::lock_guard lock(mutex_);
  return answers_.size();
}

}  // namespace hss::diameter
