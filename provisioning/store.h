// The store of a directory that hssctl init made, opened for a verb.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "db/administration.h"
#include "db/database.h"
#include "db/key_vault.h"
#include "hss/settings.h"

namespace hss::provisioning {

/// What DIR/hss.toml says, for a verb that opens the database in a way of its own. Throws UsageError without a
/// directory, Failure, SettingsError.
Settings settings_of(const std::string& directory);

class Store {
 public:
  /// Reads DIR/hss.toml and opens what it names. Throws UsageError without a directory, and one line each for whatever
  /// is missing or wrong: Failure, SettingsError, DatabaseError, KeyVaultError.
  explicit Store(const std::string& directory);

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] db::Database& database() { return database_; }
  [[nodiscard]] db::Administration& administration() { return administration_; }

  /// Looks a subscriber up by whatever a person types: IMSI, MSISDN, IMPI or IMPU. Inside read or write.
  std::optional<SubscriptionId> find(std::string_view identity);
  /// As find(), or Failure.
  SubscriptionId require(std::string_view identity);

 private:
  Settings settings_;
  db::Database database_;
  db::KeyVault vault_;
  db::Administration administration_;
};

/// The text under which an identity is stored, for a lookup; as it is when it has no such form.
std::string lookup_form(std::string_view identity);

}  // namespace hss::provisioning
