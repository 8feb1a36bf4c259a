// Reads the AVPs of a received message or group against an ABNF table. Nothing of what a peer sent is trusted: an AVP
// that the dictionary does not know, or that has no value, is never looked into.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "diameter/abnf.h"
#include "diameter/fd.h"
#include "diameter/inline_vector.h"
#include "hss/bytes.h"
#include "hss/result.h"

namespace hss::diameter {

/// What goes into Failed-AVP (RFC 6733 7.5).
struct FailedAvp {
  const AvpDefinition* avp = nullptr;
  /// The offending AVP, in the request; null for a missing one, which an example of minimal zero value stands for.
  struct avp* received = nullptr;
  /// The groups it lies in, outermost first.
  std::vector<const AvpDefinition*> groups;
};

/// Why a request is refused before it reaches its procedure.
struct DecodeError {
  Result result;
  std::optional<FailedAvp> failed;
  std::string remark;  // for the log: names, never values
};

/// A message or a group that keeps its rules. Texts and octets point into the message.
class AvpReader {
 public:
  /// Walks the rules in their order; the first one that is broken is the error: missing is 5005, repeated 5009 with the
  /// first AVP too many, without a usable value 5004. An informational AVP (M neither in the specification nor set)
  /// without a usable value is ignored (RFC 6733 4.1).
  static std::variant<AvpReader, DecodeError> read(msg_or_avp* parent, Abnf rules);

  [[nodiscard]] bool has(const AvpDefinition& avp) const { return find(avp) != nullptr; }

  /// The value of the first such AVP; empty or 0 when there is none.
  [[nodiscard]] std::string text(const AvpDefinition& avp) const;
  [[nodiscard]] std::uint32_t unsigned32(const AvpDefinition& avp) const;

  /// The same, telling absence.
  [[nodiscard]] std::optional<std::string> optional_text(const AvpDefinition& avp) const;
  [[nodiscard]] std::optional<Bytes> octets(const AvpDefinition& avp) const;
  [[nodiscard]] std::optional<std::int32_t> enumerated(const AvpDefinition& avp) const;
  [[nodiscard]] std::optional<std::uint32_t> optional_unsigned32(const AvpDefinition& avp) const;

  /// The content of a grouped AVP, as octets (see content_of). For the AVPs of a message, not of a group.
  [[nodiscard]] std::optional<Bytes> content(const AvpDefinition& avp) const;

  /// All of them, in the order of the message.
  [[nodiscard]] std::vector<std::string> texts(const AvpDefinition& avp) const;
  [[nodiscard]] std::vector<AvpReader> groups(const AvpDefinition& avp) const;
  /// The first of them.
  [[nodiscard]] std::optional<AvpReader> group(const AvpDefinition& avp) const;

 private:
  struct Entry {
    const Rule* rule = nullptr;  // null: it has no usable value, and need not have one
    avp* received = nullptr;
  };
  [[nodiscard]] avp* find(const AvpDefinition& avp) const;
  msg_or_avp* parent_ = nullptr;
  InlineVector<Entry, 16> entries_;  // in the order of the message
};

// ---- Without rules: for the log, for Failed-AVP, and for messages that were refused ---------------------------------

/// The AVP of that row at `index` (0: the first) among the direct children; null when there is none.
avp* find_avp(msg_or_avp* parent, const AvpDefinition& definition, std::size_t index = 0);
/// True when the dictionary knows the AVP as that row and it has a value.
bool has_value(avp* avp, const AvpDefinition& definition);
/// The octets of an octet string AVP; empty for null, or without a value.
std::string_view octets_of(avp* avp, const AvpDefinition& definition);
/// The same of a message that may not have been parsed to its end (the core stops at the first error), or not yet.
std::string_view parsed_octets(avp* avp, const AvpDefinition& definition);
/// The content of the first AVP of that row in a message, as octets, also when it is grouped: what a peer sent, but for
/// padding. Encodes the whole message. Empty when there is none. Throws fd::Error.
Bytes content_of(msg* message, const AvpDefinition& definition);

}  // namespace hss::diameter
