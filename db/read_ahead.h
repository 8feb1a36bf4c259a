// What a batch will ask of a database that is not in memory is read by many threads at once before it is run: a disk
// takes about as long for thirty pages as for one, and a subscriber who was not seen for long is on a dozen of them.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "db/database.h"
#include "hss/repository.h"
#include "hss/subscriber.h"

namespace hss::db {

/// Pages of 4 KiB that the calling thread has had to wait for since it began: read from the disk and not from the
/// kernel's memory.
std::uint64_t pages_from_disk() noexcept;

/// Threads with a connection each. Subscriptions that they find are the writer's to remember, which it can do in a
/// fraction of the time that it takes to read them; of cards they read the pages, which from then on are in the
/// kernel's memory. What they do not find, or fail to read, the writer looks for itself.
class ReadAhead {
 public:
  static constexpr unsigned kThreads = 24;

  /// `database` lives as long.
  explicit ReadAhead(const Database& database, unsigned threads = kThreads);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// As it was committed at some time since read() was called.
  struct Found {
    std::shared_ptr<const Subscription> subscription;
    Registration registration;  // without what a log says of it
  };
  struct Done {
    std::vector<Found> found;  // of those that were asked for, in any order
    std::uint64_t pages = 0;   // from the disk
  };
  /// Returns when everything is read that is read on behalf of somebody, and no transaction of its is open. By the
  /// thread that uses the database: it makes the connections too, and threads go without where that fails.
  Done read(const std::vector<Subject>& subjects);

 private:
  class Reader;
  struct Part {
    std::unique_ptr<Reader> reader;
    std::vector<Found> found;
  };
  void connect();
  void loop(Part& part);

  const Database& database_;
  std::vector<Part> parts_;  // of each thread; of read() while no thread is busy

  std::mutex mutex_;  // of what follows, but the counter of subjects
  std::condition_variable wanted_;
  std::condition_variable done_;
  const std::vector<Subject>* subjects_ = nullptr;  // null: nothing is asked for
  std::uint64_t round_ = 0;                         // counts the calls of read()
  std::size_t busy_ = 0;                            // threads that have not ended their part of it
  std::uint64_t pages_ = 0;
  bool closed_ = false;
  std::atomic<std::size_t> next_ = 0;  // of the subjects
  std::vector<std::thread> threads_;
};

}  // namespace hss::db
