// SPDX-License-Identifier: MIT
#include "diameter/repeated_lines.h"

#include <utility>

#include "diameter/log.h"
#include "hss/ascii.h"

namespace hss::diameter {

void RepeatedLines::tell(const std::string& key, const std::string& line, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() >= kMostKeys) settle_locked(now, true);
    entries_.emplace(key, Entry{now, 0, {}});
    write_(line);
    return;
  }
  Entry& entry = found->second;
  if (now - entry.written < kInterval) {
    ++entry.left_out;
    entry.last = line;
    return;
  }
  write_(entry.left_out == 0 ? line : line + " (" + std::to_string(entry.left_out) + " more since the line before)");
  entry = {now, 0, {}};
}

void RepeatedLines::settle(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  settle_locked(now, false);
}

void RepeatedLines::settle_locked(Clock::time_point now, bool all) {
  for (auto at = entries_.begin(); at != entries_.end();) {
    const Entry& entry = at->second;
    if (!all && now - entry.written < kInterval) {
      ++at;
      continue;
    }
    if (entry.left_out == 1) write_(entry.last);
    if (entry.left_out > 1) {
      write_(entry.last + " (and " + std::to_string(entry.left_out - 1) + " more like it before)");
    }
    at = entries_.erase(at);
  }
}

RepeatedLines& repeated_warnings() {
  static RepeatedLines instance([](std::string_view line) { log::warn(line); });
  return instance;
}

RepeatedLines& repeated_errors() {
  static RepeatedLines instance([](std::string_view line) { log::error(line); });
  return instance;
}

std::string without_digits(std::string_view line) {
  std::string out(line);
  std::erase_if(out, ascii::is_digit);
  return out;
}

}  // namespace hss::diameter
