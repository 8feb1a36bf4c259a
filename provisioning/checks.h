// Is this text a key, a number, an identity? Each check says what is wrong in words, and never repeats the text: a
// key may have been put into the wrong column.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hss/aka.h"
#include "hss/identity.h"
#include "hss/secret.h"

namespace hss::provisioning {

/// What is wrong with one field of a subscriber.
struct FieldProblem {
  std::string field;
  std::string reason;
  friend bool operator==(const FieldProblem&, const FieldProblem&) = default;
};

using FieldProblems = std::vector<FieldProblem>;

/// How problems call a field: "imsi" in a file, "--imsi" on the command line.
enum class FieldNames { kColumns, kOptions };
/// "optional_capability" of a file is "--optional-capability" of the command line; "impus" there is "--impu".
std::string field_name(std::string_view column, FieldNames names);

/// A public identity in the form in which it is stored.
struct PublicName {
  std::string impu;
  bool wildcarded = false;
};

/// Every check returns what was read, or adds a problem under `field` and returns nullopt or false. White space at the
/// ends is dropped first, inside it is refused.
class Checker {
 public:
  explicit Checker(FieldProblems& problems) : problems_(problems) {}

  void refuse(std::string_view field, std::string reason) {
    problems_.push_back({std::string(field), std::move(reason)});
  }

  /// Exactly out.size() octets in hexadecimal.
  bool hex(std::string_view field, std::string_view text, std::span<std::uint8_t> out);
  /// A key of one of these lengths (octets), in hexadecimal.
  bool secret(std::string_view field, std::string_view text, std::initializer_list<std::size_t> octets,
              SecretOctets<32>& out);
  /// Digits of an IMSI.
  std::optional<std::string> imsi(std::string_view field, std::string_view text);
  /// Digits of an MSISDN, one leading '+' dropped.
  std::optional<std::string> msisdn(std::string_view field, std::string_view text);
  /// Canonical forms.
  std::optional<std::string> impi(std::string_view field, std::string_view text);
  std::optional<std::string> impu(std::string_view field, std::string_view text);
  /// As impu(), and a wildcarded one: an expression between two '!'.
  std::optional<PublicName> public_name(std::string_view field, std::string_view text);
  /// Text that User-Data can carry: UTF-8 without control characters that XML does not know.
  bool label(std::string_view field, std::string_view text);
  /// A SIP URI that can be a Server-Name.
  std::optional<std::string> server_name(std::string_view field, std::string_view text);
  /// A DiameterURI (RFC 6733 4.3.1): aaa://host or aaas://host, then what may follow.
  std::optional<std::string> diameter_uri(std::string_view field, std::string_view text);
  /// 12 hexadecimal digits; the SEQ must leave room for another.
  std::optional<std::uint64_t> seq(std::string_view field, std::string_view text, unsigned ind_bits);
  /// A decimal number from `min` to `max`.
  std::optional<std::uint64_t> number(std::string_view field, std::string_view text, std::uint64_t max,
                                      std::uint64_t min = 0);

 private:
  std::optional<std::string_view> compact(std::string_view field, std::string_view text);
  std::optional<std::string> digits(std::string_view field, std::string_view text, std::size_t min, std::size_t max,
                                    std::string_view what);

  FieldProblems& problems_;
};

/// 12 hexadecimal digits of the SQN with this SEQ and IND 0.
std::string sqn_text(std::uint64_t seq, unsigned ind_bits);

}  // namespace hss::provisioning
