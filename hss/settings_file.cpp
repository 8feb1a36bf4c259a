// Reads hss.toml: TOML to rows of the table, and every mistake to one line that says where it is and what to do.
// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>

#include "hss/ascii.h"
#include "hss/error_text.h"
#include "hss/settings.h"
#include "hss/settings_table.h"

namespace hss {
namespace {

namespace fs = std::filesystem;
using settings::printable;
using settings::Row;
using settings::Value;

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 20U;

std::string read_text(const fs::path& file) {
  const std::string name = file.string();
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) {
    const int reason = errno;
    if (reason == ENOENT) throw SettingsError(name + ": no such file; 'hssctl init' writes one");
    throw SettingsError(name + ": cannot be read: " + error_text(reason));
  }
  if (S_ISDIR(status.st_mode)) throw SettingsError(name + ": is a directory; name the settings file in it, hss.toml");
  if (!S_ISREG(status.st_mode)) throw SettingsError(name + ": is no ordinary file; name a settings file, hss.toml");
  if (static_cast<std::uintmax_t>(status.st_size) > kLargestFile) {
    throw SettingsError(name + ": is larger than 1 MiB; is it the settings file?");
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw SettingsError(name + ": cannot be read: " + error_text(errno) +
                        "; let the user that runs the program read it");
  }
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) throw SettingsError(name + ": cannot be read; check the disk");
  return text;
}

/// Levenshtein's distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string all;
  for (const std::string_view word : words) all += (all.empty() ? "" : ", ") + std::string(word);
  return all;
}

/// "; did you mean 'max_vectors'?", or the whole list when nothing is near.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongestWord = 64;
  std::string_view nearest;
  std::size_t distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    if (word.size() > kLongestWord) break;
    if (const auto found = edit_distance(ascii::lower(word), candidate); found < distance) {
      distance = found;
      nearest = candidate;
    }
  }
  if (nearest.empty()) return "; known are: " + joined(known);
  return "; did you mean '" + std::string(nearest) + "'?";
}

const Row* find_key(std::string_view key) {
  const auto found = std::ranges::find(settings::rows(), key, &Row::key);
  return found == settings::rows().end() ? nullptr : &*found;
}

std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (const Row& row : settings::rows()) {
    if (names.empty() || names.back() != row.section) names.push_back(row.section);
  }
  return names;
}

std::vector<std::string_view> key_names(std::string_view section) {
  std::vector<std::string_view> names;
  for (const Row& row : settings::rows()) {
    if (row.section == section) names.push_back(row.key);
  }
  return names;
}

class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file) {}

  Settings read() {
    const std::string text = read_text(file_);
    toml::table root;
    try {
      root = toml::parse(text);
    } catch (const toml::parse_error& error) {
      fail(error.source(), printable_line(error.description()) + "; correct the line");
    }
    for (const auto& [name, node] : root) read_section(name, node);
    if (const auto conflict = settings::conflict(settings_)) {
      // Defaults do not conflict, so the file has one of the two at least.
      const auto given = lines_.find(lines_.contains(conflict->row) ? conflict->row : conflict->other);
      fail(given->second, '\'' + settings::full_name(*conflict->row) + "' " + conflict->what);
    }
    make_absolute();
    return std::move(settings_);
  }

 private:
  [[noreturn]] void fail(const toml::source_region& where, const std::string& what) const {
    throw SettingsError(file_.string() + ':' + std::to_string(where.begin.line) + ": " + what);
  }

  static std::string printable_line(std::string_view text) {
    std::string out(text);
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return out;
  }

  void read_section(const toml::key& name, const toml::node& node) {
    const std::string shown = '\'' + printable(name.str()) + '\'';
    const auto sections = section_names();
    if (std::ranges::find(sections, name.str()) == sections.end()) {
      if (node.is_table()) fail(name.source(), "unknown section " + shown + suggestion(name.str(), sections));
      if (const Row* row = find_key(name.str())) {
        fail(name.source(), shown + " stands outside its section; put it below [" + std::string(row->section) + ']');
      }
      fail(name.source(), "unknown key " + shown + " outside every section; sections are: " + joined(sections));
    }
    if (!node.is_table()) fail(name.source(), shown + " is a section; write [" + std::string(name.str()) + ']');
    for (const auto& [key, value] : *node.as_table()) read_key(name.str(), key, value);
  }

  void read_key(std::string_view section, const toml::key& key, const toml::node& node) {
    const auto found = std::ranges::find_if(
        settings::rows(), [&](const Row& row) { return row.section == section && row.key == key.str(); });
    if (found == settings::rows().end()) {
      const std::string what = "unknown key '" + std::string(section) + '.' + printable(key.str()) + '\'';
      if (const Row* row = find_key(key.str())) {
        fail(key.source(), what + "; it belongs below [" + std::string(row->section) + ']');
      }
      fail(key.source(), what + suggestion(key.str(), key_names(section)));
    }
    const Row& row = *found;
    const Value value = value_of(row, node);
    if (const auto complaint = settings::complaint(row, value)) {
      fail(key.source(), '\'' + settings::full_name(row) + "' " + *complaint);
    }
    row.set(settings_, value);
    lines_[&row] = key.source();
  }

  /// The value of a node, when it has the type that the row wants.
  Value value_of(const Row& row, const toml::node& node) const {
    const Value wanted = row.get(Settings{});
    if (std::holds_alternative<std::string>(wanted) && node.is_string()) return node.as_string()->get();
    if (std::holds_alternative<std::int64_t>(wanted) && node.is_integer()) return node.as_integer()->get();
    if (std::holds_alternative<bool>(wanted) && node.is_boolean()) return node.as_boolean()->get();
    if (std::holds_alternative<std::vector<std::string>>(wanted) && node.is_array()) {
      std::vector<std::string> members;
      for (const toml::node& member : *node.as_array()) {
        if (!member.is_string()) wrong_type(row, member);
        members.push_back(member.as_string()->get());
      }
      return members;
    }
    wrong_type(row, node);
  }

  [[noreturn]] void wrong_type(const Row& row, const toml::node& node) const {
    fail(node.source(), '\'' + settings::full_name(row) + "' must be " + settings::allowed_values(row));
  }

  void make_absolute() {
    const fs::path directory = fs::absolute(file_).parent_path();
    for (const Row& row : settings::rows()) {
      if (!row.is_path) continue;
      const fs::path given = std::get<std::string>(row.get(settings_));
      row.set(settings_, (directory / given).lexically_normal().string());
    }
  }

  fs::path file_;
  Settings settings_;
  std::map<const Row*, toml::source_region> lines_;
};

}  // namespace

Settings read_settings(const std::filesystem::path& file) { return Reader(file).read(); }

}  // namespace hss
