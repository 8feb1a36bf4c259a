// The one writer: takes what waits in a bounded queue, runs it in one SQLite transaction, and lets the answers go when
// the commit is on disk; meanwhile it runs the next.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "db/database.h"
#include "db/key_vault.h"
#include "db/preloaded.h"
#include "hss/repository.h"

namespace hss::db {

struct TransactionLoopOptions {
  std::size_t queue_limit = 2048;                // transactions that may wait
  std::size_t batch_limit = 256;                 // transactions in one commit
  std::size_t memory = std::size_t{256} << 20U;  // octets for what is read again and again, about
  std::size_t generation = 0;                    // of SqliteRepository; 0: as `memory` allows. For tests.
  int checkpoint_pages = 0;                      // of Checkpointer; 0: as many as are usual. For tests.
  bool preload = true;                           // fill `memory` while there is nothing else to do
  bool always_read_ahead = false;                // not only when the disk is what takes long (ReadAhead). For tests.
  /// Makes what was committed durable, or throws; empty: fdatasync of the write-ahead log. For tests.
  std::function<void()> sync{};
  /// Called when all transactions of a batch have been told how it went. Must not throw; may be empty.
  std::function<void()> after_batch{};
  /// Told when the disk took long to write what so many transactions waited for. May be empty.
  std::function<void(std::chrono::milliseconds, std::size_t transactions)> on_slow_sync{};
  std::chrono::milliseconds slow_sync{100};  // what is long
  /// Told when everybody is in memory, or as many as there is room for. May be empty.
  std::function<void(const Preloaded&)> on_preloaded{};
  /// Told of faults (a failed commit, a transaction that threw), one line each. May be empty.
  std::function<void(const std::string&)> on_fault{};
};

class TransactionLoop final : public TransactionQueue {
 public:
  /// Takes the database over and starts the writer's thread.
  TransactionLoop(std::unique_ptr<Database> database, KeyVault vault, TransactionLoopOptions options);
  /// As close().
  ~TransactionLoop() override;

  bool submit(std::unique_ptr<Transaction>& transaction) override;
  [[nodiscard]] bool is_full() const noexcept override;
  [[nodiscard]] std::size_t waiting() const noexcept override;

  /// Takes nothing more, finishes what waits, and ends the thread. May be called again.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hss::db
