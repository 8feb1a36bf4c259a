// One batch of the store: so many new SQNs, one commit that is on disk when it returns. The database is made in the
// working directory, which should be on a real disk.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <filesystem>
#include <future>
#include <latch>
#include <memory>
#include <random>
#include <vector>

#include "db/sqlite_repository.h"
#include "db/transaction_loop.h"
#include "tests/db/fixtures.h"

namespace hss::bench {
namespace {

constexpr unsigned kSubscribers = 20'000;

/// Holds the loop until all of a batch wait.
class Gate final : public Transaction {
 public:
  explicit Gate(std::latch& open) : open_(open) {}
  void run(Repository& /*repository*/) override { open_.wait(); }
  void committed() noexcept override {}
  void failed(const std::string& /*reason*/) noexcept override {}

 private:
  std::latch& open_;
};

class NextSqn final : public Transaction {
 public:
  NextSqn(KeySetId keys, std::latch& done, bool& failed) : keys_(keys), done_(done), failed_(failed) {}
  void run(Repository& repository) override {
    SequenceState sequence = repository.sequence(keys_);
    ++sequence.seq;
    repository.save_sequence(keys_, sequence);
  }
  void committed() noexcept override { done_.count_down(); }
  void failed(const std::string& /*reason*/) noexcept override {
    failed_ = true;
    done_.count_down();
  }

 private:
  KeySetId keys_;
  std::latch& done_;
  bool& failed_;
};

/// The file, with its subscribers, for all benchmarks of this process.
class Store {
 public:
  Store() : directory_(std::filesystem::current_path() / "store_bench") {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
    auto database = std::make_unique<db::Database>(directory_ / "hss.db", db::Database::Open::kCreate);
    const db::KeyVault vault(db::test::master_key());
    db::Administration administration(*database, vault);
    db::SqliteRepository repository(*database, vault);
    database->write([&] {
      for (unsigned i = 0; i < kSubscribers; ++i) {
        const SubscriptionId id = administration.add(db::test::usual_draft(i));
        key_sets_.push_back(repository.subscription(id)->private_identities[0].key_set.value());
      }
    });
    db::TransactionLoopOptions options{.queue_limit = 4096, .batch_limit = 1024, .on_fault = {}};
    loop_ = std::make_unique<db::TransactionLoop>(std::move(database), vault, std::move(options));
  }
  ~Store() {
    loop_.reset();
    std::filesystem::remove_all(directory_);
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] bool batch(std::ptrdiff_t size) {
    std::latch open(1);
    std::latch done(size);
    bool failed = false;
    std::unique_ptr<Transaction> next = std::make_unique<Gate>(open);
    bool taken = loop_->submit(next);
    for (std::ptrdiff_t i = 0; taken && i < size; ++i) {
      next = std::make_unique<NextSqn>(key_sets_[random_() % key_sets_.size()], done, failed);
      taken = loop_->submit(next);
    }
    open.count_down();
    if (!taken) return false;
    done.wait();
    return !failed;
  }

 private:
  std::filesystem::path directory_;
  std::vector<KeySetId> key_sets_;
  std::unique_ptr<db::TransactionLoop> loop_;
  std::mt19937_64 random_{1};
};

void store_batch(benchmark::State& state) {
  static Store store;
  for (auto _ : state) {
    if (!store.batch(state.range(0))) state.SkipWithError("a transaction failed");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(store_batch)->Arg(1)->Arg(32)->Arg(256)->UseRealTime();

}  // namespace
}  // namespace hss::bench
