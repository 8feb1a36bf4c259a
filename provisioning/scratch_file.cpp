// SPDX-License-Identifier: MIT
#include "provisioning/scratch_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "hss/error_text.h"
#include "provisioning/command.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

[[noreturn]] void fail(const std::filesystem::path& directory, const char* what, int error) {
  throw Failure(printable(directory.string()) + ": a temporary file there cannot be " + what + " (" +
                error_text(error) + "): make room on its disk, or correct its owner and mode");
}

/// Not every file system has files that never had a name.
int open_unnamed(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return descriptor;
  std::string name = (directory / "import.XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);  // mode 0600
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

ScratchFile::ScratchFile(const std::filesystem::path& directory)
    : directory_(directory.empty() ? "." : directory), descriptor_(open_unnamed(directory_)) {
  if (descriptor_ < 0) fail(directory_, "made", errno);
}

ScratchFile::~ScratchFile() { ::close(descriptor_); }

void ScratchFile::append(std::span<const std::byte> octets) {
  while (!octets.empty()) {
    const ssize_t count = ::pwrite(descriptor_, octets.data(), octets.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(directory_, "written", errno);
    size_ += static_cast<std::uint64_t>(count);
    octets = octets.subspan(static_cast<std::size_t>(count));
  }
}

void ScratchFile::read(std::uint64_t offset, std::span<std::byte> octets) const {
  while (!octets.empty()) {
    const ssize_t count = ::pread(descriptor_, octets.data(), octets.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(directory_, "read", count < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(count);
    octets = octets.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace hss::provisioning
