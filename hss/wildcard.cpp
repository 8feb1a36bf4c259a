// Takes a wildcarded identity apart, and compiles it as one expression over the whole identity.
// SPDX-License-Identifier: MIT
#include "hss/wildcard.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>

#include "hss/ascii.h"
#include "hss/identity.h"

namespace hss {
namespace {

constexpr std::size_t kLongestExpression = 256;   // octets
constexpr std::int64_t kMatcherMemory = 1 << 18;  // octets; a smaller automaton is slower, never wrong
constexpr char kDelimiter = '!';                  // TS 23.003 13.5
constexpr std::string_view kTel = "tel:";

/// What stands around the expression, in canonical form.
struct Literals {
  std::string before;
  std::string after;
};

/// The user part holds no '!' of its own, so one can stand for the expression while the rest takes its form.
std::optional<Literals> sip_literals(std::string_view before, std::string_view after) {
  const auto canonical = canonical_public_identity(std::string(before) + kDelimiter + std::string(after));
  if (!canonical || std::ranges::count(*canonical, kDelimiter) != 1) return std::nullopt;
  const auto at = canonical->find(kDelimiter);
  return Literals{canonical->substr(0, at), canonical->substr(at + 1)};
}

/// Of a telephone number only visual separators and parameters go, so a digit that stands for the expression is found
/// again by counting.
std::optional<Literals> tel_literals(std::string_view before, std::string_view after) {
  std::size_t kept = 0;
  for (const char c : before) kept += std::string_view("-.()").find(c) == std::string_view::npos ? 1U : 0U;
  // Where nothing is before it, the expression holds the '+' of a global number, unless a context makes it a local one.
  for (const std::string_view stand_in : {"0", "+0"}) {
    if (stand_in.size() > 1 && before.size() != kTel.size()) break;
    const auto canonical = canonical_public_identity(std::string(before) + std::string(stand_in) + std::string(after));
    if (canonical) return Literals{canonical->substr(0, kept), canonical->substr(kept + stand_in.size())};
  }
  return std::nullopt;
}

RE2::Options options() {
  RE2::Options options;
  options.set_posix_syntax(true);  // extended regular expressions, IEEE 1003.1 chapter 9, TS 23.003 13.5
  options.set_one_line(true);
  options.set_never_capture(true);
  options.set_max_mem(kMatcherMemory);
  options.set_encoding(RE2::Options::EncodingLatin1);  // canonical identities are ASCII
  options.set_log_errors(false);
  return options;
}

bool ends_with_anchor(std::string_view expression) {
  if (!expression.ends_with('$')) return false;
  expression.remove_suffix(1);
  const auto escapes = expression.size() - std::min(expression.find_last_not_of('\\') + 1, expression.size());
  return escapes % 2 == 0;
}

/// What is wrong with an expression that stands alone; empty: nothing.
std::string complaint(std::string_view expression) {
  if (expression.empty()) return "there is nothing between the two '!'; write .* for anything";
  if (expression.size() > kLongestExpression) {
    return "the expression is longer than " + std::to_string(kLongestExpression) + " octets";
  }
  if (!std::ranges::all_of(expression, ascii::is_visible)) return "the expression holds a blank or a control character";
  if (expression.starts_with('^') || ends_with_anchor(expression)) {
    return "the expression holds ^ or $; leave them out, it always stands for all between its neighbours";
  }
  // Alone, so that a ')' of it cannot close what is put around it below.
  const RE2 alone(re2::StringPiece(expression.data(), expression.size()), options());
  return alone.ok() ? "" : "the expression does not compile: " + alone.error();
}

}  // namespace

struct WildcardedIdentity::Compiled {
  std::string text;
  std::size_t literal_octets;
  RE2 matcher;
};

WildcardedIdentity::WildcardedIdentity(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

std::optional<WildcardedIdentity> WildcardedIdentity::parse(std::string_view text, std::string* why) {
  const auto refuse = [&](std::string reason) {
    if (why != nullptr) *why = std::move(reason);
    return std::nullopt;
  };
  // DEVIATION: TS 23.003 13.5: of more than two '!' the outer two would delimit. They are refused: two expressions in
  // one identity, which nothing could match, are the likelier intention.
  const auto first = text.find(kDelimiter);
  const auto second = first == std::string_view::npos ? first : text.find(kDelimiter, first + 1);
  if (second == std::string_view::npos) return refuse("there is no expression between two '!'");
  if (text.find(kDelimiter, second + 1) != std::string_view::npos) return refuse("there are more than two '!'");

  const std::string_view before = text.substr(0, first);
  const std::string_view expression = text.substr(first + 1, second - first - 1);
  const std::string_view after = text.substr(second + 1);
  if (std::string wrong = complaint(expression); !wrong.empty()) return refuse(std::move(wrong));

  const bool tel = ascii::lower(before.substr(0, kTel.size())) == kTel;
  if (!tel && (before.find('@') != std::string_view::npos || after.find('@') == std::string_view::npos)) {
    return refuse("the expression is not in the user part of a SIP URI or in a telephone number");
  }
  if (tel && before.find(';') != std::string_view::npos) return refuse("the expression is in a parameter");
  const auto literals = tel ? tel_literals(before, after) : sip_literals(before, after);
  if (!literals) return refuse("what is outside of the two '!' is no part of a SIP or tel URI");

  const std::string pattern =
      RE2::QuoteMeta(literals->before) + '(' + std::string(expression) + ')' + RE2::QuoteMeta(literals->after);
  auto compiled = std::shared_ptr<const Compiled>(
      new Compiled{literals->before + kDelimiter + std::string(expression) + kDelimiter + literals->after,
                   literals->before.size() + literals->after.size(), RE2(pattern, options())});
  if (!compiled->matcher.ok()) return refuse("the expression does not compile: " + compiled->matcher.error());
  return WildcardedIdentity(std::move(compiled));
}

const std::string& WildcardedIdentity::text() const { return compiled_->text; }

std::size_t WildcardedIdentity::literal_octets() const { return compiled_->literal_octets; }

bool WildcardedIdentity::matches(std::string_view canonical_identity) const {
  return RE2::FullMatch(re2::StringPiece(canonical_identity.data(), canonical_identity.size()), compiled_->matcher);
}

}  // namespace hss
