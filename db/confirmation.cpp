// SPDX-License-Identifier: MIT
#include "db/confirmation.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "hss/error_text.h"

namespace hss::db {

namespace {

/// So many batches may wait for one sync; with more, each would only be smaller.
constexpr std::size_t kOnTheWay = 2;

}  // namespace

Confirmation::Confirmation(Options options) : options_(std::move(options)), thread_([this] { loop(); }) {}

Confirmation::~Confirmation() { close(); }

void Confirmation::add(CommittedBatch batch) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < kOnTheWay; });
    waiting_.push_back(std::move(batch));
  }
  changed_.notify_all();
}

void Confirmation::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

/// All that waits; waits for something. Empty when closed and done.
std::deque<CommittedBatch> Confirmation::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  return std::exchange(waiting_, {});
}

void Confirmation::loop() {
  for (auto batches = take(); !batches.empty(); batches = take()) {
    changed_.notify_all();  // there is room again
    tell(std::move(batches));
  }
}

void Confirmation::sync(const std::deque<CommittedBatch>& batches) const {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begun = Clock::now();
  options_.sync();
  const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  if (taken < options_.slow_sync || !options_.on_slow_sync) return;
  std::size_t transactions = 0;
  for (const CommittedBatch& batch : batches) transactions += batch.transactions.size();
  try {
    options_.on_slow_sync(taken, transactions);
  } catch (...) {
    // Whoever was to be told could not listen: what was committed is on disk all the same.
  }
}

void Confirmation::tell(std::deque<CommittedBatch> batches) {
  std::string fault;
  if (std::ranges::any_of(batches, &CommittedBatch::wrote)) {
    try {
      sync(batches);
    } catch (const std::exception& error) {
      fault = error.what();
      lost_epoch_ = batches.back().epoch;
      if (options_.report) options_.report("what was committed may not be on disk, and is answered so: " + fault);
    }
  }
  for (CommittedBatch& batch : batches) {
    const bool lost = batch.epoch <= lost_epoch_;
    for (std::size_t i = 0; i < batch.transactions.size(); ++i) {
      Transaction& transaction = *batch.transactions[i];
      if (batch.faults[i]) {
        transaction.failed(*batch.faults[i]);
      } else if (lost) {
        transaction.failed(fault.empty() ? "an earlier write failed" : fault);
      } else {
        transaction.committed();
      }
    }
  }
  batches.clear();
  if (options_.after) options_.after();
}

WalFile::WalFile(const std::string& database)
    : name_(database + "-wal"), descriptor_(::open(name_.c_str(), O_RDWR | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw StoreFault(name_ + " cannot be opened (" + error_text(errno) + "); correct its owner and mode");
  }
  // It may be new: its name must be on disk too.
  const std::string directory = std::filesystem::absolute(name_).parent_path();
  const int parent = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int error = parent >= 0 && ::fsync(parent) == 0 ? 0 : errno;
  if (parent >= 0) ::close(parent);
  if (error != 0) {
    ::close(descriptor_);
    throw StoreFault(directory + " cannot be written to disk (" + error_text(error) + "); see to the disk");
  }
}

WalFile::~WalFile() { ::close(descriptor_); }

void WalFile::sync() const {
  // Nothing but this: once the time of a file was asked for, the kernel (since 6.13) notes the next write's exactly,
  // and ext4 without a journal writes that with every fdatasync.
  struct statx status {};
  if (::statx(descriptor_, "", AT_EMPTY_PATH, STATX_NLINK, &status) == 0 && status.stx_nlink == 0) {
    throw StoreFault(name_ + " was removed while it was in use; restart the server");
  }
  while (::fdatasync(descriptor_) != 0) {
    if (errno != EINTR) {
      throw StoreFault(name_ + " cannot be written to disk (" + error_text(errno) + "); see to the disk");
    }
  }
}

}  // namespace hss::db
