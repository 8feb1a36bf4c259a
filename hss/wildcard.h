// Wildcarded public identities (TS 23.003 13.4A, 13.5): a URI with one extended regular expression between two '!'.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hss {

/// Compiled once; matching takes time linear in the identity, whatever the expression (RE2, POSIX syntax). Copies share
/// the compiled form, and may be used from several threads.
class WildcardedIdentity {
 public:
  /// `text` is `sip:chat-!.*!@example.com`, `tel:+1555!.*!` or the like: sip:, sips: or tel:, exactly one expression
  /// between two '!' in the user part or the telephone number, what is outside of them in canonical form after this.
  /// nullopt, with one line of reason in `why` when it is given, for anything else; for an expression of more than 256
  /// octets, one that does not compile (back-references and Perl's classes do not), one that is empty or has an anchor
  /// of its own at an end.
  static std::optional<WildcardedIdentity> parse(std::string_view text, std::string* why = nullptr);

  /// The canonical text: how it is stored, shown and sent as Wildcarded-Public-Identity.
  [[nodiscard]] const std::string& text() const;
  /// Octets outside of the '!': of several matches the one with the most is taken.
  [[nodiscard]] std::size_t literal_octets() const;
  /// True when the whole of `canonical_identity` matches.
  [[nodiscard]] bool matches(std::string_view canonical_identity) const;

 private:
  struct Compiled;
  explicit WildcardedIdentity(std::shared_ptr<const Compiled> compiled);
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace hss
