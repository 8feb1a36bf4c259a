// The loop under load: many producers, another process beside it, a crash.
// SPDX-License-Identifier: MIT
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <set>
#include <thread>

#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

TEST_F(TransactionLoopTest, EightProducersNeverGetTheSameNumber) {
  constexpr unsigned kProducers = 8;
  constexpr unsigned kEach = 500;
  start();
  std::mutex mutex;
  std::condition_variable all_done;
  std::multiset<std::uint64_t> promised;
  unsigned answers = 0;
  unsigned failures = 0;
  const auto produce = [&] {
    for (unsigned i = 0; i < kEach; ++i) {
      const auto mine = std::make_shared<std::uint64_t>(0);
      std::unique_ptr<Transaction> job = std::make_unique<Job>(
          [this, mine](Repository& repository) {
            SequenceState state = repository.sequence(key_sets_[0]);
            *mine = ++state.seq;
            repository.save_sequence(key_sets_[0], state);
          },
          [&, mine](const Outcome& outcome) {
            const std::lock_guard lock(mutex);
            if (outcome) ++failures;
            promised.insert(*mine);
            if (++answers == kProducers * kEach) all_done.notify_one();
          });
      while (!loop_->submit(job)) std::this_thread::yield();
    }
  };
  std::vector<std::thread> producers;
  for (unsigned i = 0; i < kProducers; ++i) producers.emplace_back(produce);
  for (auto& producer : producers) producer.join();
  std::unique_lock lock(mutex);
  ASSERT_TRUE(all_done.wait_for(lock, std::chrono::seconds(100), [&] { return answers == kProducers * kEach; }));
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(promised.size(), kProducers * kEach);
  EXPECT_EQ(std::set(promised.begin(), promised.end()).size(), kProducers * kEach);
  EXPECT_EQ(*promised.rbegin(), 100U + kProducers * kEach);
  EXPECT_EQ(seq(0), 100 + kProducers * kEach);
  EXPECT_LT(commits_, static_cast<int>(kProducers * kEach)) << "some of them shared a commit";
}

/// A process that writes short transactions of its own, as hssctl import does, beside a loop that is never idle.
TEST_F(TransactionLoopTest, AnotherProcessWritesBesideABusyLoop) {
  constexpr int kImported = 200;
  database_.reset();  // nothing of SQLite may be open over a fork
  std::array<int, 2> go{};
  ASSERT_EQ(::pipe(go.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int code = 1;
    try {
      ::close(go[1]);
      char octet = 0;
      if (::read(go[0], &octet, 1) == 1) {
        const auto own = connect();
        Administration administration(*own, vault_);
        for (unsigned i = 0; i < kImported; ++i) {
          own->write([&] { administration.add(usual_draft(1000 + i)); });
        }
        code = 42;
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    ::_exit(code);
  }
  ::close(go[0]);
  start();
  std::atomic<bool> stop = false;
  std::atomic<int> answered = 0;
  std::atomic<int> failed = 0;
  std::atomic<int> submitted = 0;
  std::thread producer([&] {
    while (!stop) {
      if (submitted - answered > 100) {
        std::this_thread::yield();
        continue;
      }
      std::unique_ptr<Transaction> job = std::make_unique<Job>(next_seq(0), [&](const Outcome& outcome) {
        if (outcome) ++failed;
        ++answered;
      });
      if (loop_->submit(job)) ++submitted;
    }
  });
  while (answered < 100) std::this_thread::yield();
  const int before = answered;
  EXPECT_EQ(::write(go[1], "g", 1), 1);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  const int during = answered - before;
  stop = true;
  producer.join();
  loop_->close();
  ::close(go[1]);

  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42) << "the other process met no busy database";
  EXPECT_GT(during, 0) << "and the loop went on beside it";
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(answered, submitted);
  database_ = connect();
  EXPECT_EQ(query("SELECT count(*) FROM subscription"), 3 + kImported);
  EXPECT_EQ(seq(0), 100 + submitted);
  EXPECT_THAT(faults(), testing::IsEmpty());
}

/// What was answered is on disk, whatever becomes of the process.
TEST_F(TransactionLoopTest, WhatWasAnsweredSurvivesACrash) {
  database_.reset();
  const int code = in_child([&] {
    start();
    for (int i = 0; i < 20; ++i) {
      if (run(next_seq(0)).has_value()) return 1;
    }
    run([this](Repository& repository) {
      next_seq(0)(repository);
      ::_exit(42);
    });
    return 2;
  });
  ASSERT_EQ(code, 42);
  database_ = connect();
  EXPECT_EQ(seq(0), 120);
}

}  // namespace
}  // namespace hss::db::test
