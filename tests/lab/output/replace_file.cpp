// open(2) rather than a stream: the mode has to be right from the first octet on.
// SPDX-License-Identifier: MIT
#include "tests/lab/output/replace_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>

#include "hss/error_text.h"

namespace hss::lab {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, int error) {
  throw std::runtime_error("cannot write " + file.string() + ": " + error_text(error));
}

/// 0, or errno.
int write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

void replace_file(const std::filesystem::path& file, std::string_view content, mode_t mode) {
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  const bool in_place = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
  std::filesystem::path target = std::filesystem::exists(status) ? std::filesystem::canonical(file, ignored) : file;
  if (target.empty()) target = file;
  std::filesystem::path beside = target;
  if (!in_place) beside += ".new-" + std::to_string(::getpid());

  const int flags = in_place ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  const int descriptor = ::open(in_place ? file.c_str() : beside.c_str(), flags, mode);
  if (descriptor < 0) refuse(file, errno);
  int error = write_all(descriptor, content);
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (!in_place && error == 0 && ::rename(beside.c_str(), target.c_str()) != 0) error = errno;
  if (error == 0) return;
  if (!in_place) ::unlink(beside.c_str());
  refuse(file, error);
}

}  // namespace hss::lab
