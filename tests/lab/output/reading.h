// An event of the trace as people read it: what it is called, how it ended, and of its message the AVPs that matter.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/lab/message.h"
#include "tests/lab/trace.h"

namespace hss::lab {

using Details = std::vector<std::pair<std::string, std::string>>;

struct Reading {
  std::string title;                 // "MAR", "401 Unauthorized"; printable, one line
  std::string result{};              // of an answer: "DIAMETER_SUCCESS (2001)"
  bool refused = false;              // the result is no success (2xxx)
  bool problem = false;              // kProblem, or octets that are no Diameter message
  std::optional<Message> message{};  // kDiameter, when its octets are one
  Details details{};                 // of the event; printable, secrets masked unless they are to be shown
};
/// An arrow of the ladder; all else is a note of `from`.
bool goes_to_another(const Event& event);

Reading read(const Event& event, bool show_secrets);

/// The AVPs that matter, each in words: not those of routing and session, nor the result; profiles as what they hold.
/// Secrets masked, and long octets shortened, unless they are to be shown.
Details what_matters(const Message& message, bool show_secrets);

/// User-Data (TS 29.228 Annex E): public identities and how many filter criteria; what is wrong with it, if it is no
/// XML.
Details user_data_summary(std::string_view xml);

/// Non-3GPP-User-Data (TS 29.273 8.2.3.1): access, APNs and the default one.
Details non_3gpp_summary(const Avp& user_data);

}  // namespace hss::lab
