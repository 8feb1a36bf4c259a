// Everything unusual is written out, so that what a hostile peer sends is seen instead of obeyed.
// SPDX-License-Identifier: MIT
#include "tests/lab/output/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>

#include "hss/utf8.h"

namespace hss::lab {
namespace {

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// Characters that are not seen themselves, but change how others are.
bool is_steering(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool names_a_secret(std::string_view name) {
  constexpr std::array<std::string_view, 18> kSecrets{"res",    "xres", "ck",   "ik",     "ck'",   "ik'",
                                                      "ck||ik", "msk",  "emsk", "k_encr", "k_aut", "k_re",
                                                      "ha1",    "k",    "op",   "opc",    "top",   "topc"};
  constexpr std::array<std::string_view, 5> kParts{"key", "hmac-", "aes-", "des-", "secret"};
  const std::string word = lower(name);
  return std::ranges::find(kSecrets, word) != kSecrets.end() ||
         std::ranges::any_of(kParts, [&](std::string_view part) { return word.find(part) != std::string::npos; });
}

/// Masks `name`="..." in `value`, as often as it stands there.
void mask_parameter(std::string& value, std::string_view name) {
  const std::string opening = std::string(name) + "=\"";
  std::size_t at = 0;
  while ((at = value.find(opening, at)) != std::string::npos) {
    const bool is_word = at == 0 || value[at - 1] == ' ' || value[at - 1] == ',' || value[at - 1] == '\n';
    at += opening.size();
    const auto end = std::min(value.find('"', at), value.size());
    if (!is_word) continue;
    value.replace(at, end - at, "(hidden)");
    at += 8;
  }
}

}  // namespace

std::string printable(std::string_view text, bool keep_line_feeds) {
  std::string out;
  out.reserve(text.size());
  std::array<char, 16> escape{};
  while (!text.empty()) {
    const std::string_view before = text;
    const auto c = take_utf8(text);
    if (!c) {
      std::snprintf(escape.data(), escape.size(), "\\x%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(text[0])));
      out += escape.data();
      text.remove_prefix(1);
    } else if (*c == '\n' && keep_line_feeds) {
      out += '\n';
    } else if (is_steering(*c)) {
      std::snprintf(escape.data(), escape.size(), *c < 0x100 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(*c));
      out += escape.data();
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

std::string shortened(std::string_view value) {
  constexpr std::size_t kWhole = 32;
  constexpr std::size_t kShown = 16;
  if (value.size() <= kWhole || value.size() % 2 != 0 || !is_hex(value)) return std::string(value);
  return std::string(value.substr(0, kShown)) + "... (" + std::to_string(value.size() / 2) + " octets)";
}

std::string detail_text(std::string_view name, std::string_view value, bool show_secrets) {
  std::string out(value);
  if (show_secrets) return out;
  constexpr std::size_t kShortestSecret = 8;  // digits: RES has 4 octets at least
  std::string digits = out;
  std::erase_if(digits, [](char c) { return c == ' ' || c == '\n' || c == ':'; });
  if (names_a_secret(name) && digits.size() >= kShortestSecret && is_hex(digits)) {
    return "(" + std::to_string(digits.size() / 2) + " octets, hidden)";
  }
  mask_parameter(out, "ck");
  mask_parameter(out, "ik");
  return out;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & '\xc0') != '\x80'; }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  do {
    const auto line_feed = text.find('\n');
    std::string_view line = text.substr(0, line_feed);
    text = line_feed == std::string_view::npos ? std::string_view{} : text.substr(line_feed + 1);
    do {
      std::size_t end = 0;
      std::size_t last_space = std::string_view::npos;
      for (std::size_t count = 0; end < line.size(); ++end) {
        if ((line[end] & '\xc0') == '\x80') continue;
        if (count == width) break;
        if (line[end] == ' ' && count > width / 4) last_space = end;
        ++count;
      }
      std::size_t next = end;
      if (end < line.size() && line[end] == ' ') {
        next = end + 1;
      } else if (end < line.size() && last_space != std::string_view::npos) {
        end = last_space;
        next = end + 1;
      }
      lines.emplace_back(line.substr(0, end));
      line.remove_prefix(next);
    } while (!line.empty());
  } while (!text.empty());
  return lines;
}

std::string utc(std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  const auto whole = floor<std::chrono::seconds>(at);
  const std::time_t time = system_clock::to_time_t(whole);
  std::tm fields{};
  gmtime_r(&time, &fields);
  std::array<char, 40> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &fields);
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%06uZ",
                static_cast<unsigned>(duration_cast<microseconds>(at - whole).count() % 1'000'000));
  return std::string(text.data(), length) + fraction.data();
}

std::string seconds(std::chrono::system_clock::duration duration) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6f", std::chrono::duration<double>(duration).count());
  return text.data();
}

}  // namespace hss::lab
