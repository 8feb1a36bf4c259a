// The log: spdlog for us and for freeDiameter's own lines, and one line for each transaction. Never a key.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hss/result.h"

namespace hss::diameter::log {

/// Sets the level ("trace", "debug", "info", "warn", "error", "off") and the pattern, to standard output; takes over
/// freeDiameter's own log lines (fd_log_handler_register) from here on. Throws std::runtime_error for an unknown level.
void start(std::string_view level);
/// Another level from here on. Throws std::runtime_error for an unknown one.
void set_level(std::string_view level);
/// Gives freeDiameter its own log back and flushes.
void stop();

void debug(std::string_view line);
void info(std::string_view line);
void warn(std::string_view line);
void error(std::string_view line);

/// One request, a peer's or one of ours, and what became of it.
struct TransactionRecord {
  std::string_view command;       // "UAR", "MAR", "SWx-MAR" ...
  std::string_view peer;          // Diameter identity of the adjacent peer; of ours: whom it is for
  std::string_view peer_address;  // "127.0.0.1:51234"; empty when unknown
  std::string_view origin_host;   // of the request; shown when it is not the peer
  std::string_view session_id;
  std::string_view user = "impi";  // what private_identity is called: on SWx it is an IMSI or an NAI, "user"
  std::string_view private_identity;
  std::string_view public_identity;  // the first; `public_identities` tells how many
  std::size_t public_identities = 0;
  std::string_view server_name;
  std::string_view detail;       // e.g. "REGISTRATION", "Digest-AKAv1-MD5 x1"
  std::optional<Result> result;  // of ours: absent without an answer
  std::string_view remark;
  std::chrono::nanoseconds duration{};
  bool may_wait = false;  // for flush(): one of many lines that are written together
};

/// One line: e.g.
/// MAR scscf.example.org [127.0.0.1:51234] impi=... impu=... scscf=... Digest-AKAv1-MD5 x1 -> DIAMETER_SUCCESS 2001
/// 0.412ms Values from the wire are escaped so that they can neither break the line nor forge another.
void transaction(const TransactionRecord& record);
/// Writes the lines that wait. Every line that may not wait does so too.
void flush() noexcept;

}  // namespace hss::diameter::log
