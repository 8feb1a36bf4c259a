// SPDX-License-Identifier: MIT
#include "provisioning/new_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "hss/error_text.h"
#include "provisioning/command.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

/// To the disk, with what was written before through any descriptor.
void sync(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!done) throw Failure(printable(path.string()) + ": cannot be brought to the disk (" + error_text(error) + ")");
}

}  // namespace

NewFile::NewFile(std::filesystem::path file) : file_(std::move(file)) {
  std::string name = file_.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);  // mode 0600
  if (descriptor < 0) {
    throw Failure(printable(file_.string()) + ": cannot be written (" + error_text(errno) +
                  "): name a file in a directory that exists and is writable");
  }
  ::close(descriptor);
  temporary_ = name;
  out_.open(temporary_, std::ios::binary | std::ios::trunc);
}

NewFile::~NewFile() {
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
}

void NewFile::keep() {
  out_.close();
  if (!out_) throw Failure(printable(file_.string()) + ": cannot be written whole: see whether the disk is full");
  sync(temporary_, O_RDONLY);
  std::error_code error;
  std::filesystem::rename(temporary_, file_, error);
  if (error) throw Failure(printable(file_.string()) + ": cannot be put there (" + error.message() + "): name another");
  temporary_.clear();
  sync(file_.has_parent_path() ? file_.parent_path() : ".", O_RDONLY | O_DIRECTORY);
}

}  // namespace hss::provisioning
