// Where the master key comes from: a credential of systemd, the environment, or the file that the settings name.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "db/key_vault.h"

namespace hss::db {

/// The credential: LoadCredentialEncrypted=minihss.master-key (systemd.exec(5)); systemd keeps it from others.
inline constexpr const char* kMasterKeyCredential = "minihss.master-key";
/// The variable. Who may look at the process sees it: a credential is better.
inline constexpr const char* kMasterKeyVariable = "MINIHSS_MASTER_KEY";

/// The first that is there of: $CREDENTIALS_DIRECTORY/minihss.master-key, $MINIHSS_MASTER_KEY, `file` (KeyVault::open).
/// One that is there and is no key is refused (KeyVaultError), never passed over.
KeyVault open_master_key(const std::filesystem::path& file);

/// Whether that would be `file`.
bool master_key_is_of_file();

}  // namespace hss::db
