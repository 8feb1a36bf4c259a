// A file that is there whole or as it was before.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace hss::lab {

/// Writes `content` to `file`: beside it first, then in its place, with `mode` (the umask takes its bits). A device or
/// a pipe (/dev/stdout) is written to as it is; of a symbolic link, the target is replaced. Throws std::runtime_error,
/// one line, when it cannot.
void replace_file(const std::filesystem::path& file, std::string_view content, mode_t mode);

}  // namespace hss::lab
