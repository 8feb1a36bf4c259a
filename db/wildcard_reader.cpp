// SPDX-License-Identifier: MIT
#include "db/wildcard_reader.h"

namespace hss::db {

namespace {

constexpr char kDelimiter = '!';  // TS 23.003 13.5

/// What is outside of the two delimiters is literal: a glance at it spares most expressions.
bool literals_fit(std::string_view text, std::string_view impu) {
  return impu.starts_with(text.substr(0, text.find(kDelimiter))) &&
         impu.ends_with(text.substr(text.rfind(kDelimiter) + 1));
}

}  // namespace

const WildcardedIdentity& WildcardReader::compiled(const std::string& text) {
  const auto found = compiled_.find(text);
  if (found != compiled_.end()) return found->second;
  std::string why;
  auto wildcard = WildcardedIdentity::parse(text, &why);
  if (!wildcard) throw StoreFault("the wildcarded identity " + text + " cannot be read: " + why);
  if (compiled_.size() >= kMostCompiled) compiled_.clear();
  return compiled_.emplace(text, std::move(*wildcard)).first->second;
}

std::optional<WildcardReader::Match> WildcardReader::find(std::string_view impu) {
  std::optional<PublicIdentityId> best;
  std::size_t most_literal = 0;
  for (Rows rows(all_); rows.next();) {
    const std::string text = rows.text(0);
    if (!literals_fit(text, impu)) continue;
    const WildcardedIdentity& wildcard = compiled(text);
    if ((best && wildcard.literal_octets() <= most_literal) || !wildcard.matches(impu)) continue;
    best = rows.integer(1);
    most_literal = wildcard.literal_octets();
  }
  if (!best) return std::nullopt;
  Rows rows(owner_, *best);
  if (!rows.next()) throw StoreFault("public identity " + std::to_string(*best) + " is in no implicit set");
  return Match{rows.integer(0), *best};
}

}  // namespace hss::db
