// The columns of CSV: their names, what they hold, and when export writes them.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "provisioning/subscriber_fields.h"

namespace hss::provisioning {

struct CsvColumn {
  enum class Written {
    kAlways,
    kWithKeys,  // a key that everybody has
    kWhenUsed,  // when somebody has something there
    kWhenUsedAndKeys,
    kNever,  // read only: export has another column for what follows from it
  };
  std::string_view name;
  Written written;
  void (*set)(SubscriberFields& fields, const std::string& text);
  std::string (*get)(const SubscriberFields& fields);
};

/// In the order in which export writes them.
std::span<const CsvColumn> csv_columns();

/// The fields that make_draft makes `draft` of; nullopt when no fields say all of it. Without keys, keys are filled
/// with zeros in the fields.
std::optional<SubscriberFields> csv_fields(db::SubscriptionDraft draft, bool with_keys, const Settings& settings);

}  // namespace hss::provisioning
