// A transaction loop on a real file, jobs for it, and a way to make what is submitted one batch.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "db/sqlite.h"
#include "db/sqlite_repository.h"
#include "db/transaction_loop.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {

/// What became of a job: nothing for committed(), the reason for failed().
using Outcome = std::optional<std::string>;

class Job final : public Transaction {
 public:
  using Work = std::function<void(Repository&)>;
  using Done = std::function<void(const Outcome&)>;
  Job(Work work, Done done, Subject subject = {})
      : work_(std::move(work)), done_(std::move(done)), subject_(std::move(subject)) {}
  [[nodiscard]] Subject subject() const override { return subject_; }
  void run(Repository& repository) override { work_(repository); }
  void committed() noexcept override { done_(std::nullopt); }
  void failed(const std::string& reason) noexcept override { done_(reason); }

 private:
  Work work_;
  Done done_;
  Subject subject_;
};

class TransactionLoopTest : public StoreTest {
 protected:
  void SetUp() override {
    Administration administration(*database_, vault_);
    SqliteRepository repository(*database_, vault_);
    database_->write([&] {
      for (unsigned i = 0; i < 3; ++i) {
        const SubscriptionId id = administration.add(usual_draft(i));
        subscriptions_.push_back(repository.subscription(id));
        key_sets_.push_back(subscriptions_.back()->private_identities[0].key_set.value());
      }
    });
  }
  void TearDown() override { loop_.reset(); }

  /// database_ stays open as the other program.
  void start(std::size_t queue_limit = 4096, std::size_t batch_limit = 256) {
    auto own = connect();
    handle_ = own->handle();
    sqlite3_commit_hook(
        handle_,
        [](void* self) {
          auto& test = *static_cast<TransactionLoopTest*>(self);
          ++test.commits_;
          return test.refuse_commits_.load() ? 1 : 0;
        },
        this);
    TransactionLoopOptions options{.queue_limit = queue_limit,
                                   .batch_limit = batch_limit,
                                   .generation = generation_,
                                   .checkpoint_pages = checkpoint_pages_,
                                   .preload = !always_read_ahead_,  // who is in memory is not read ahead
                                   .always_read_ahead = always_read_ahead_,
                                   .sync = sync_};
    options.slow_sync = slow_sync_;
    options.memory = memory_;
    options.on_preloaded = on_preloaded_;
    options.on_slow_sync = [this](std::chrono::milliseconds, std::size_t transactions) {
      const std::lock_guard lock(mutex_);
      slow_.push_back(transactions);
    };
    options.on_fault = [this](const std::string& fault) {
      const std::lock_guard lock(mutex_);
      faults_.push_back(fault);
    };
    loop_ = std::make_unique<TransactionLoop>(std::move(own), vault_, std::move(options));
  }

  std::future<Outcome> submit(Job::Work work, Subject subject = {}) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    std::unique_ptr<Transaction> job = std::make_unique<Job>(
        std::move(work), [promise](const Outcome& outcome) { promise->set_value(outcome); }, std::move(subject));
    EXPECT_TRUE(loop_->submit(job));
    EXPECT_EQ(job, nullptr);
    return promise->get_future();
  }
  Outcome outcome(std::future<Outcome>& future) {
    if (future.wait_for(std::chrono::seconds(60)) != std::future_status::ready) {
      ADD_FAILURE() << "no answer";
      return "no answer";
    }
    return future.get();
  }
  Outcome run(Job::Work work) {
    auto future = submit(std::move(work));
    return outcome(future);
  }
  /// Keeps the loop busy with a transaction that writes nothing, so that what is submitted next becomes one batch.
  class Hold {
   public:
    explicit Hold(TransactionLoopTest& test) : test_(test) {
      const auto begun = std::make_shared<std::promise<void>>();
      done_ = test.submit([begun, released = released_.get_future().share()](Repository&) {
        begun->set_value();
        released.wait();
      });
      EXPECT_EQ(begun->get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
    }
    ~Hold() {
      released_.set_value();
      EXPECT_EQ(test_.outcome(done_), std::nullopt);
    }

   private:
    TransactionLoopTest& test_;
    std::promise<void> released_;
    std::future<Outcome> done_;
  };
  Job::Work next_seq(std::size_t key_set) {
    return [id = key_sets_[key_set]](Repository& repository) {
      SequenceState state = repository.sequence(id);
      state.seq += 1;
      repository.save_sequence(id, state);
    };
  }
  /// Has a challenge outstanding until then: a row of a table that is written at the end of the batch.
  Job::Work challenge(std::size_t subscription, UnixTime until) {
    return [subscription = subscriptions_[subscription], until](Repository& repository) {
      Registration registration = repository.registration(subscription->id);
      registration.pairs = {{.implicit_set = subscription->public_identities[0].implicit_set,
                             .private_identity = subscription->private_identities[0].id,
                             .status = RegistrationStatus::kNotRegistered,
                             .auth_pending_until = until}};
      repository.save_registration(subscription->id, registration);
    };
  }
  /// As another program sees it.
  std::optional<UnixTime> pending_until(std::size_t subscription) {
    std::optional<UnixTime> found;
    database_->read([&] {
      const Registration registration =
          SqliteRepository(*database_, vault_).registration(subscriptions_[subscription]->id);
      if (!registration.pairs.empty()) found = registration.pairs[0].auth_pending_until;
    });
    return found;
  }
  /// As another program sees it, through `database` or database_.
  std::uint64_t seq(std::size_t key_set, Database* database = nullptr) {
    Database& other = database == nullptr ? *database_ : *database;
    std::uint64_t found = 0;
    other.read([&] { found = SqliteRepository(other, vault_).sequence(key_sets_[key_set]).seq; });
    return found;
  }
  std::vector<std::string> faults() {
    const std::lock_guard lock(mutex_);
    return faults_;
  }

  std::function<void(const Preloaded&)> on_preloaded_;
  std::size_t memory_ = TransactionLoopOptions{}.memory;
  std::chrono::milliseconds slow_sync_ = std::chrono::hours(1);
  std::vector<std::size_t> slow_;  // transactions that waited for a slow sync; behind mutex_
  std::function<void()> sync_;     // given to the loop by start(), as the next is
  std::size_t generation_ = 0;
  int checkpoint_pages_ = 0;
  bool always_read_ahead_ = false;
  std::vector<std::shared_ptr<const Subscription>> subscriptions_;
  std::vector<KeySetId> key_sets_;
  sqlite3* handle_ = nullptr;  // of the loop's thread
  std::atomic<int> commits_ = 0;
  std::atomic<bool> refuse_commits_ = false;
  std::mutex mutex_;
  std::vector<std::string> faults_;
  std::unique_ptr<TransactionLoop> loop_;
};

}  // namespace hss::db::test
