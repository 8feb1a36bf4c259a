// SPDX-License-Identifier: MIT
#include "diameter/log.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "diameter/cancellation.h"
#include "diameter/fd.h"
#include "diameter/log_text.h"
#include "diameter/repeated_lines.h"
#include "diameter/tls_reports.h"
#include "hss/ascii.h"

namespace hss::diameter::log {
namespace {

constexpr std::array<std::pair<std::string_view, spdlog::level::level_enum>, 6> kLevels{{
    {"trace", spdlog::level::trace},
    {"debug", spdlog::level::debug},
    {"info", spdlog::level::info},
    {"warn", spdlog::level::warn},
    {"error", spdlog::level::err},
    {"off", spdlog::level::off},
}};

/// The line that this thread writes may wait for those that follow it.
thread_local bool may_wait = false;

/// Standard output, as many lines as there are with one write: a line for each would cost more than all else that is
/// done for it.
class Output final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    formatter_->format(message, waiting_);
    if (!may_wait || waiting_.size() > kMost) flush_();
  }
  void flush_() override {
    std::fwrite(waiting_.data(), 1, waiting_.size(), stdout);
    unwritten_ += waiting_.size();
    waiting_.clear();
    std::fflush(stdout);
    if (unwritten_ >= kWrittenAtOnce) begin_to_write();
  }

 private:
  /// The kernel would collect what some seconds bring to a file, and then keep the disk busy with it for a tenth of a
  /// second in which no commit gets through.
  void begin_to_write() {
    unwritten_ = 0;
    ::sync_file_range(STDOUT_FILENO, 0, 0, SYNC_FILE_RANGE_WRITE);  // of a pipe or terminal: an error, and no matter
  }

  static constexpr std::size_t kMost = 65536;
  static constexpr std::size_t kWrittenAtOnce = std::size_t{1} << 20U;
  spdlog::memory_buf_t waiting_;
  std::size_t unwritten_ = 0;  // octets, since the disk was last told
};

/// Says nothing until start() sets its level.
spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made("hss", std::make_shared<Output>());
    made.set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    made.set_level(spdlog::level::off);
    return made;
  }();
  return instance;
}

/// `text` is one line already.
void write(spdlog::level::level_enum level, std::string_view text) noexcept {
  const NoCancellation guard;
  try {
    logger().log(level, spdlog::string_view_t(text.data(), text.size()));
  } catch (...) {
    // A line that cannot be written must not end the server.
  }
}

void write_free_text(spdlog::level::level_enum level, std::string_view text) {
  if (logger().should_log(level)) write(level, one_line(text));
}

/// Where a line of freeDiameter's goes. Its debug lines (summaries of every message, state machines) go nowhere, and
/// neither do its dumps of messages, which it makes as errors: both can hold what must not be kept. Its notices are
/// many and ours say the same in one line: only that it started or stops and that a peer's state is open or not any
/// more stay notices.
spdlog::level::level_enum level_of(int level, const char* format) {
  const std::string_view text(format);
  if (level < FD_LOG_NOTICE) return spdlog::level::off;
  if (level < FD_LOG_ERROR) {
    const bool news = text.starts_with(FD_PROJECT_BINARY " ") || text.starts_with("'%s'\t-> '%s'\t'%s'");
    return news ? spdlog::level::info : spdlog::level::debug;
  }
  if (text == "%s%.*s%s" || text == "%s%s%s") return spdlog::level::off;  // LOG_SPLIT in libfdproto.h: a dump
  // It calls every shutdown fatal, also the one that was asked for.
  if (text.starts_with("Initiating freeDiameter shutdown")) return spdlog::level::info;
  return spdlog::level::err;
}

/// freeDiameter calls it under its own lock, for every line of any level: the level comes first.
void on_freediameter_line(int level, const char* format, va_list arguments) {
  const NoCancellation guard;
  try {
    const auto ours = level_of(level, format);
    if (ours == spdlog::level::off || !logger().should_log(ours)) return;
    std::array<char, 2048> text{};
    if (std::vsnprintf(text.data(), text.size(), format, arguments) < 0) return;
    // What gets this far may still quote an AVP ("Invalid AVP: ..."): only its name is kept.
    const std::string line = "freeDiameter: " + one_line(without_contents(text.data()));
    if (ours == spdlog::level::err && take_tls_report(text.data())) {
      write(spdlog::level::debug, line);
    } else if (ours == spdlog::level::err) {
      repeated_errors().tell(without_digits(line), line);
    } else {
      write(ours, line);
    }
  } catch (...) {
    // As in write().
  }
}

/// freeDiameter reads the handler under this lock, so whoever holds it knows that nobody is inside the old one.
void set_handler(void (*handler)(int, const char*, va_list)) {
  const NoCancellation guard;
  pthread_mutex_lock(&fd_log_lock);
  fd_log_handler_unregister();
  if (handler != nullptr) fd_log_handler_register(handler);
  pthread_mutex_unlock(&fd_log_lock);
}

void append_named(std::string& line, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  line += ' ';
  line += name;
  line += '=';
  append_field(line, value);
}

void append_number(std::string& line, std::uint64_t number) {
  std::array<char, 20> digits{};
  line.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

/// As "%.3f" writes it.
void append_milliseconds(std::string& line, std::chrono::nanoseconds duration) {
  std::array<char, 32> digits{};
  const double milliseconds = std::chrono::duration<double, std::milli>(duration).count();
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), milliseconds, std::chars_format::fixed, 3).ptr;
  line.append(digits.data(), end);
  line += "ms";
}

/// Letters, digits and " -_.,:/'*".
constexpr std::array<bool, 256> kHarmless = [] {
  std::array<bool, 256> harmless{};
  for (const char c : std::string_view(" -_.,:/'*")) harmless[static_cast<unsigned char>(c)] = true;
  for (std::size_t c = 0; c < 0x80; ++c) {
    if (ascii::is_alpha(static_cast<char>(c)) || ascii::is_digit(static_cast<char>(c))) harmless[c] = true;
  }
  return harmless;
}();

/// Words as they are; quoted when there is something in it that could pass for another part of the line.
void append_detail(std::string& line, std::string_view detail) {
  if (detail.empty()) return;
  constexpr std::size_t kLongest = 200;  // a peer can write long words too
  const bool words = detail.size() <= kLongest &&
                     std::ranges::all_of(detail, [](char c) { return kHarmless[static_cast<unsigned char>(c)]; });
  line += ' ';
  if (words) {
    line += detail;
  } else {
    append_field(line, detail);
  }
}

void append_result(std::string& line, const std::optional<Result>& answered) {
  line += " -> ";
  if (!answered) {
    line += "no answer";
    return;
  }
  const Result result = *answered;
  line += name_of(result);
  if (result.vendor == kVendorBase) {
    line += ' ';
  } else if (result.vendor == kVendor3gpp) {
    line += " (3GPP ";
  } else {
    line += " (vendor ";
    append_number(line, result.vendor);
    line += ' ';
  }
  append_number(line, result.code);
  if (result.vendor != kVendorBase) line += ')';
}

/// A value of which there may be none.
void append_or_dash(std::string& line, std::string_view value) {
  if (value.empty()) {
    line += '-';
  } else {
    append_field(line, value);
  }
}

}  // namespace

void set_level(std::string_view level) {
  const auto* row = std::find_if(kLevels.begin(), kLevels.end(), [level](const auto& r) { return r.first == level; });
  if (row == kLevels.end()) {
    throw std::runtime_error("log level " + field(level) + " is unknown: use trace, debug, info, warn, error or off");
  }
  logger().set_level(row->second);
}

void start(std::string_view level) {
  set_level(level);
  set_handler(&on_freediameter_line);
}

void stop() {
  set_handler(nullptr);
  logger().flush();
}

void debug(std::string_view line) { write_free_text(spdlog::level::debug, line); }
void info(std::string_view line) { write_free_text(spdlog::level::info, line); }
void warn(std::string_view line) { write_free_text(spdlog::level::warn, line); }
void error(std::string_view line) { write_free_text(spdlog::level::err, line); }

void transaction(const TransactionRecord& record) {
  const bool fault = !record.result || record.result == result::kUnableToComply || record.result == result::kTooBusy ||
                     record.result == result::kApplicationUnsupported || record.result == result::kCommandUnsupported ||
                     record.result == result::kUnknownPeer;
  const auto level = fault ? spdlog::level::warn : spdlog::level::info;
  if (!logger().should_log(level)) return;

  thread_local std::string line;  // its memory serves the next one
  line.assign(record.command);
  line += ' ';
  append_or_dash(line, record.peer);
  line += " [";
  append_or_dash(line, record.peer_address);
  line += ']';
  if (!record.origin_host.empty() && !ascii::same_without_case(record.origin_host, record.peer))
    append_named(line, "origin", record.origin_host);
  append_named(line, record.user, record.private_identity);
  append_named(line, "impu", record.public_identity);
  if (record.public_identities > 1) {
    line += " (+";
    append_number(line, record.public_identities - 1);
    line += ')';
  }
  append_named(line, "scscf", record.server_name);
  append_detail(line, record.detail);
  append_result(line, record.result);
  line += ' ';
  append_milliseconds(line, record.duration);
  append_named(line, "session", record.session_id);
  append_named(line, "remark", record.remark);
  may_wait = record.may_wait && (level == spdlog::level::info || record.result == result::kTooBusy);
  write(level, line);
  may_wait = false;
}

void flush() noexcept {
  const NoCancellation guard;
  try {
    logger().flush();
  } catch (...) {
    // As in write().
  }
}

}  // namespace hss::diameter::log
