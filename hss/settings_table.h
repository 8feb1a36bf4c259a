// The table that reader, writer and documents of hss.toml share: one row for each setting.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hss/settings.h"

namespace hss::settings {

/// A value as hss.toml knows it.
using Value = std::variant<std::string, std::int64_t, std::vector<std::string>, bool>;

/// When a running server takes a new value.
enum class Taken : std::uint8_t {
  kAtReload,
  kAtStart,   // it must be restarted
  kByHssctl,  // it is none of the server's
};

struct Row {
  std::string_view section;
  std::string_view key;
  /// What a text, or every member of a list, must be; empty for numbers, where `least` and `most` say it,
  /// and for truth values.
  std::string_view allowed;
  std::string_view why;
  Value (*get)(const Settings&);
  /// Given the alternative that `get` returns, with nothing in it that complaint() complains of.
  void (*set)(Settings&, const Value&);
  bool (*text_allowed)(std::string_view) = nullptr;
  std::int64_t least = 0;  // of a list: members
  std::int64_t most = 0;
  bool is_path = false;
  Taken taken = Taken::kAtReload;
};

/// In the order of the file; the rows of a section stand together.
std::span<const Row> rows();

/// "cx.max_vectors".
std::string full_name(const Row& row);
/// What the row takes: "a whole number from 1 to 5", "a list, each member a SIP URI".
std::string allowed_values(const Row& row);
/// What is wrong with a value of the right type, e.g. "must be a whole number from 1 to 5"; nullopt when nothing is.
std::optional<std::string> complaint(const Row& row, const Value& value);
/// Two settings that do not go together, or one that contradicts itself.
struct Conflict {
  const Row* row;  // the one that is named
  const Row* other;
  std::string what;
};
std::optional<Conflict> conflict(const Settings& settings);

/// A value as TOML writes it.
std::string to_toml(const Value& value);

/// `text` with everything that is not printable ASCII replaced, cut to a length that fits a line.
std::string printable(std::string_view text);

}  // namespace hss::settings
