// SPDX-License-Identifier: MIT
#include "diameter/open_files.h"

#include <sys/stat.h>

#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>

namespace hss::diameter {

std::vector<int> open_files() {
  std::vector<int> out;
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    const std::string name = files->path().filename();
    int file = -1;
    if (std::from_chars(name.data(), name.data() + name.size(), file).ec == std::errc()) out.push_back(file);
  }
  return out;
}

ino_t socket_inode(int file) noexcept {
  struct stat found {};
  return fstat(file, &found) == 0 && S_ISSOCK(found.st_mode) ? found.st_ino : 0;
}

}  // namespace hss::diameter
