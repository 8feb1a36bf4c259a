// kill -9 at any moment of a busy server whose log of sequence numbers is folded all the time: what was answered
// stands.
// SPDX-License-Identifier: MIT
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <map>
#include <random>
#include <utility>

#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

constexpr unsigned kRounds = 25;
constexpr unsigned kSubscribers = 60;
constexpr std::size_t kWindow = 24;

/// What the child says when a transaction was committed.
struct Told {
  std::uint64_t key_set;  // its place in key_sets_
  std::uint64_t seq;
};

class TransactionLoopCrashTest : public TransactionLoopTest {
 protected:
  void SetUp() override {
    TransactionLoopTest::SetUp();
    Administration administration(*database_, vault_);
    SqliteRepository repository(*database_, vault_);
    database_->write([&] {
      for (unsigned i = 3; i < kSubscribers; ++i) {
        const SubscriptionId id = administration.add(usual_draft(i));
        key_sets_.push_back(repository.subscription(id)->private_identities[0].key_set.value());
      }
    });
    generation_ = 20;   // a third of the key sets: folded and removed every few batches
    sync_ = [] {};      // what a process has written survives it
    database_.reset();  // nothing of SQLite may be open over a fork
  }

  /// Serves until it is killed; `random` chooses the key sets.
  [[noreturn]] void serve(int out, std::mt19937::result_type seed) {
    try {
      start(4096, 7);
      std::mt19937 random(seed);
      std::mutex mutex;
      std::condition_variable changed;
      std::size_t on_their_way = 0;
      for (;;) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return on_their_way < kWindow; });
        ++on_their_way;
        lock.unlock();
        const auto told = std::make_shared<Told>(Told{random() % kSubscribers, 0});
        std::unique_ptr<Transaction> job = std::make_unique<Job>(
            [this, told](Repository& repository) {
              SequenceState state = repository.sequence(key_sets_[told->key_set]);
              told->seq = ++state.seq;
              if (told->seq % kRememberedChallenges == 0) state.issued = {};
              state.issued.push_front({static_cast<std::uint8_t>(told->seq)});
              repository.save_sequence(key_sets_[told->key_set], state);
            },
            [&, told](const Outcome& outcome) {
              // A pipe takes 16 octets whole, and keeps them when the writer dies.
              if (outcome || ::write(out, told.get(), sizeof(Told)) != sizeof(Told)) ::_exit(1);
              const std::lock_guard guard(mutex);
              --on_their_way;
              changed.notify_one();
            });
        if (!loop_->submit(job)) ::_exit(2);
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    ::_exit(3);
  }

  /// What a child tells: each SEQ one more than the one before, if nothing was lost between.
  void enter(const Told& told) {
    ASSERT_LT(told.key_set, kSubscribers);
    std::uint64_t& latest = told_[told.key_set];
    EXPECT_GT(told.seq, std::max<std::uint64_t>(latest, 100)) << "key set " << told.key_set;
    latest = told.seq;
  }

  /// hssctl beside a server that serves: from here on it must not give less.
  void raise_some(std::mt19937& random) {
    const auto hssctl = connect();
    SqliteRepository repository(*hssctl, vault_);
    for (int i = 0; i < 5; ++i) {
      const auto key_set = random() % kSubscribers;
      hssctl->write([&] {
        SequenceState state = repository.sequence(key_sets_[key_set]);
        state.seq += 1000;
        repository.save_sequence(key_sets_[key_set], state);
        raised_[key_set] = state.seq;
      });
    }
  }

  std::map<std::uint64_t, std::uint64_t> told_, raised_;
};

TEST_F(TransactionLoopCrashTest, WhatWasToldStandsWhateverTheMoment) {
  // Repeated with --gtest_shuffle, each run has choices of its own.
  const int seed_of_run = testing::UnitTest::GetInstance()->random_seed();
  std::mt19937 random(20261121U + static_cast<unsigned>(seed_of_run));
  std::size_t count = 0;
  for (unsigned round = 0; round < kRounds; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const auto seed = random();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      serve(pipe[1], seed);
    }
    ::close(pipe[1]);
    Told told{};
    const auto wanted = 1 + random() % 400;
    for (std::size_t i = 0; i < wanted && ::read(pipe[0], &told, sizeof told) == sizeof told; ++i, ++count) enter(told);
    if (round % 3 == 1) raise_some(random);
    EXPECT_EQ(::kill(child, SIGKILL), 0);
    for (; ::read(pipe[0], &told, sizeof told) == sizeof told; ++count) enter(told);
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);

    database_ = connect();
    EXPECT_EQ(query("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    for (const auto& [key_set, latest] : told_) EXPECT_GE(seq(key_set), latest) << "key set " << key_set;
    for (const auto& [key_set, latest] : raised_) EXPECT_GE(seq(key_set), latest) << "key set " << key_set;
    if (round % 2 == 0) database_->fold_logs();  // or the next server reads them
    database_.reset();
    if (HasFailure()) FAIL() << "in round " << round;
  }
  EXPECT_GT(count, kRounds * 20U);
}

}  // namespace
}  // namespace hss::db::test
