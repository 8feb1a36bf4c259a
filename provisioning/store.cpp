// SPDX-License-Identifier: MIT
#include "provisioning/store.h"

#include "db/master_key.h"
#include "hss/identity.h"
#include "hss/wildcard.h"
#include "provisioning/command.h"
#include "provisioning/text.h"

namespace hss::provisioning {

Settings settings_of(const std::string& directory) {
  if (directory.empty()) throw UsageError("no directory: give -C DIR or set HSS_DIR");
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    throw Failure(printable(directory) + ": no such directory: make it with 'hssctl init', or give another with -C");
  }
  const auto file = std::filesystem::path(directory) / "hss.toml";
  if (!std::filesystem::exists(file, error)) {
    throw Failure(printable(file.string()) + ": there is none: give the directory that 'hssctl init' made with -C");
  }
  return read_settings(file);
}

Store::Store(const std::string& directory)
    : settings_(settings_of(directory)),
      database_(settings_.database, db::Database::Open::kExisting),
      vault_(db::open_master_key(settings_.master_key)),
      administration_(database_, vault_) {}

std::string lookup_form(std::string_view identity) {
  std::string text(trim(identity));
  if (text.find('!') != std::string::npos) {
    if (const auto wildcarded = WildcardedIdentity::parse(text)) return wildcarded->text();
  }
  if (const auto impu = canonical_public_identity(text)) return *impu;
  if (const auto impi = canonical_private_identity(text)) return *impi;
  return text;
}

std::optional<SubscriptionId> Store::find(std::string_view identity) {
  return administration_.find(lookup_form(identity));
}

SubscriptionId Store::require(std::string_view identity) {
  if (const auto id = find(identity)) return *id;
  throw Failure(printable(lookup_form(identity)) +
                ": no such subscriber: give an IMSI, MSISDN, IMPI or IMPU as 'subscriber list' shows them");
}

}  // namespace hss::provisioning
