// SPDX-License-Identifier: MIT
#include "db/logged_states.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>
#include <stdexcept>

#include "db/administration.h"
#include "db/sequence_log.h"
#include "db/sqlite_repository.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::HasSubstr;
using testing::IsNull;
using testing::Pointee;
using Changes = std::map<KeySetId, SequenceState>;

class LoggedSequencesTest : public StoreTest {
 protected:
  static constexpr std::size_t kGeneration = 20;

  void SetUp() override {
    Administration administration(*database_, vault_);
    SqliteRepository repository(*database_, vault_);
    database_->write([&] {
      for (unsigned i = 0; i < 60; ++i) {
        const SubscriptionId id = administration.add(usual_draft(i));
        ids_.push_back(repository.subscription(id)->private_identities[0].key_set.value());
        expected_[ids_.back()] = repository.sequence(ids_.back());
      }
    });
  }
  SequenceState state(std::uint64_t seq) {
    SequenceState state{.seq = seq, .issued = {}};
    for (auto left = random_() % (kRememberedChallenges + 1); left > 0; --left) {
      state.issued.push_front({static_cast<std::uint8_t>(random_())});
    }
    return state;
  }
  void start() {
    kept_.emplace(database_->handle(), table_, kGeneration);
    database_->read([&] { kept_->read_all(); });
  }
  /// One batch of the server that keeps the log.
  void commit(const Changes& changes) {
    database_->write_batch([&] { kept_->write(changes); });
    kept_->committed(changes);
    for (const auto& [id, changed] : changes) expected_[id] = changed;
  }
  void commit(std::size_t key_set, std::uint64_t seq) { commit({{ids_[key_set], state(seq)}}); }
  /// What the server would take: what is logged, or else the table.
  SequenceState known(KeySetId id) {
    const SequenceState* const logged = kept_->find(id);
    return logged != nullptr ? *logged : table_.read(id);
  }
  std::int64_t in_table(std::size_t key_set) {
    return query("SELECT seq FROM sequence WHERE key_set = " + std::to_string(ids_[key_set]));
  }
  std::int64_t rows() { return query("SELECT count(*) FROM sequence_log"); }
  /// Server, other programs, and a server that starts after a crash agree on every key set.
  void expect_all() {
    const auto other = connect();
    SqliteRepository repository(*other, vault_);
    other->read([&] {
      for (const auto& [id, expected] : expected_) {
        EXPECT_EQ(known(id), expected);
        EXPECT_EQ(repository.sequence(id), expected);
      }
    });
  }

  std::mt19937 random_{20261121};
  std::vector<KeySetId> ids_;
  Changes expected_;
  SequenceTable table_{database_->handle()};
  std::optional<LoggedSequences> kept_{std::in_place, database_->handle(), table_, kGeneration};
};

TEST_F(LoggedSequencesTest, WhatIsLoggedCountsForEverybodyAndIsNotInTheTableYet) {
  EXPECT_THAT(kept_->find(ids_[0]), IsNull());
  const std::int64_t before = in_table(0);
  commit(0, 500);
  EXPECT_THAT(kept_->find(ids_[0]), Pointee(expected_[ids_[0]]));
  EXPECT_EQ(in_table(0), before);
  EXPECT_EQ(rows(), 1);
  expect_all();
}

TEST_F(LoggedSequencesTest, AGenerationGoesIntoTheTableBitByBitAndLeavesTheLog) {
  for (std::size_t i = 0; i < kGeneration; ++i) commit(i, 500 + i);
  EXPECT_EQ(rows(), 20);
  EXPECT_NE(in_table(0), 500) << "the generation is full: from now on it goes into the table";
  commit(40, 1);
  EXPECT_EQ(in_table(0), 500);
  EXPECT_EQ(in_table(1), 501);
  EXPECT_NE(in_table(2), 502);
  EXPECT_EQ(rows(), 21);
  for (std::uint64_t i = 0; i < 9; ++i) commit(40, 2 + i);
  EXPECT_EQ(in_table(19), 519);
  EXPECT_EQ(rows(), 20 - 16 + 10) << "sixteen rows of the older one leave with a batch";
  expect_all();
  commit(40, 11);
  EXPECT_EQ(rows(), 11) << "only the newer generation is left";
  expect_all();
}

TEST_F(LoggedSequencesTest, TheLogStaysSmallWhenFewAreServedAgainAndAgain) {
  std::int64_t most = 0;
  for (std::uint64_t i = 0; i < 10 * kGeneration; ++i) {
    commit(i % 2, 500 + i);
    most = std::max(most, rows());
  }
  EXPECT_LE(most, static_cast<std::int64_t>(kGeneration) + 2);
  EXPECT_GE(in_table(0), 500 + static_cast<std::int64_t>(8 * kGeneration));
  expect_all();
}

TEST_F(LoggedSequencesTest, WhatCameAgainMeanwhileIsNotPutBack) {
  for (std::size_t i = 0; i < kGeneration; ++i) commit(i, 500);
  for (std::size_t i = kGeneration; i-- > 0;) commit(i, 600);
  expect_all();
  for (std::size_t i = 0; i < kGeneration; ++i) commit(59, 700 + i);
  EXPECT_EQ(in_table(0), 600);
  expect_all();
}

TEST_F(LoggedSequencesTest, OtherProgramsSeeItAndAddToIt) {
  for (std::size_t i = 0; i < 30; ++i) commit(i, 500 + i);
  const auto other = connect();
  SqliteRepository repository(*other, vault_);
  const std::int64_t before = rows();
  other->write([&] {
    for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(repository.sequence(ids_[i]), expected_[ids_[i]]);
    for (const std::size_t i : {3U, 29U, 40U}) {  // of the log before, of the log, of neither
      SequenceState lower = expected_[ids_[i]];
      lower.seq = 7;
      repository.save_sequence(ids_[i], lower);
      expected_[ids_[i]] = lower;
      EXPECT_EQ(repository.sequence(ids_[i]).seq, 7U);
    }
  });
  EXPECT_EQ(rows(), before + 3);
  EXPECT_EQ(kept_->find(ids_[3])->seq, 503U) << "not told yet";
  database_->read([&] { kept_->read_on(); });  // as SqliteRepository does then
  expect_all();
  for (std::size_t i = 0; i < 2 * kGeneration; ++i) commit(59, 600 + i);
  EXPECT_EQ(in_table(3), 7);
  EXPECT_EQ(in_table(29), 7);
  expect_all();
}

TEST_F(LoggedSequencesTest, MoreThanItCanHoldFromOthersMustBeFolded) {
  commit(0, 500);
  SequenceLog others(database_->handle());
  for (std::size_t i = 0; i <= 2 * kGeneration; ++i) {
    expected_[ids_[i]] = state(600 + i);
    others.append({{ids_[i], expected_[ids_[i]]}});
  }
  database_->read([&] { kept_->read_on(); });
  expect_all();
  commit(59, 1);
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(in_table(0), 600);
  expect_all();
}

TEST_F(LoggedSequencesTest, AKeySetThatIsGoneIsNoHindrance) {
  commit(0, 500);
  commit(1, 501);
  execute(database_->handle(), ("DELETE FROM sequence WHERE key_set = " + std::to_string(ids_[0])).c_str());
  database_->fold_logs();
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(in_table(1), 501);
}

TEST_F(LoggedSequencesTest, ADamagedRowIsNamedAndNothingIsTakenFromIt) {
  commit(0, 500);
  const std::int64_t before = in_table(0);
  execute(database_->handle(), "UPDATE sequence_log SET content = substr(content, 1, length(content) - 1)");
  if (expected_[ids_[0]].issued.empty()) FAIL() << "the seed should give some RANDs";
  EXPECT_THAT(error_of<StoreFault>([&] { database_->fold_logs(); }), HasSubstr("log of sequence numbers is damaged"));
  EXPECT_THAT(error_of<StoreFault>([&] { (void)SequenceLog(database_->handle()).find(ids_[0]); }),
              HasSubstr("log of sequence numbers is damaged"));
  EXPECT_EQ(in_table(0), before);
  EXPECT_EQ(rows(), 1);
}

/// Batches are committed and lost meanwhile.
TEST_F(LoggedSequencesTest, ManyAreFoldedInTheOrderOfTheirNumbers) {
  constexpr std::int64_t kMany = 4200, kAgain = 50;
  const std::int64_t first = ids_.back() + 1, first_again = first + kMany - kAgain;
  const std::string rows = "WITH RECURSIVE n (i) AS (VALUES (" + std::to_string(first) +
                           ") UNION ALL SELECT i + 1 FROM n LIMIT " + std::to_string(kMany) + ") INSERT INTO ";
  execute(database_->handle(), (rows +
                                "key_set SELECT n.i, subscription, algorithm, sealed, parameters, test, amf,"
                                " ind_bits, delta FROM n, key_set WHERE id = " +
                                std::to_string(ids_[0]))
                                   .c_str());
  execute(database_->handle(), (rows + "sequence SELECT i, 0, x'' FROM n").c_str());
  kept_.emplace(database_->handle(), table_, std::size_t{kMany});
  Changes all;
  Changes again;
  for (KeySetId id = first; id < first + kMany; ++id) all.emplace_hint(all.end(), id, state(1));
  commit(all);
  const auto folded = [this] { return query("SELECT count(*) FROM sequence WHERE seq = 1"); };
  EXPECT_EQ(folded(), 0);
  for (std::uint64_t seq = 2; folded() < kMany - kAgain; ++seq) {
    for (KeySetId id = first_again; id < first + kMany; ++id) again[id] = state(seq);
    if (seq % 3 == 0) {
      EXPECT_THROW(database_->write_batch([&] {
        kept_->write(again);
        throw std::runtime_error("no");
      }),
                   std::runtime_error);
      kept_->rolled_back();
    }
    commit(again);
    ASSERT_EQ(query("SELECT count(*) FROM sequence WHERE seq = 1 AND key_set < " + std::to_string(first + folded())),
              folded())
        << "the lowest ones first";
  }
  EXPECT_EQ(query("SELECT max(seq) FROM sequence WHERE key_set >= " + std::to_string(first_again)), 0)
      << "later ones count";
  expect_all();
}

/// Batches of all sizes, rolled back ones, crashes and other writers, against what was committed.
TEST_F(LoggedSequencesTest, AgreesWithWhatWasCommittedWhateverHappens) {
  const auto other = connect();
  SqliteRepository repository(*other, vault_);
  std::int64_t most = 0;
  for (std::uint64_t step = 1; step <= 1500; ++step) {
    Changes changes;
    const std::size_t size = random_() % 8 == 0 ? 1 + random_() % 40 : 1 + random_() % 3;
    for (std::size_t i = 0; i < size; ++i) changes.insert_or_assign(ids_[random_() % ids_.size()], state(step));
    switch (random_() % 20) {
      case 0:  // rolled back
        EXPECT_THROW(database_->write_batch([&] {
          kept_->write(changes);
          throw std::runtime_error("no");
        }),
                     std::runtime_error);
        kept_->rolled_back();
        break;
      case 1:  // a crash or not, and a server that starts
        if (random_() % 3 == 0) database_->fold_logs();
        start();
        break;
      case 2:  // hssctl
        other->write([&] {
          for (const auto& [id, changed] : changes) repository.save_sequence(id, changed);
        });
        for (const auto& [id, changed] : changes) expected_[id] = changed;
        database_->read([&] { kept_->read_on(); });
        break;
      default:
        commit(changes);
    }
    most = std::max(most, rows());
    if (step % 25 == 0) expect_all();
    if (HasFailure()) FAIL() << "at step " << step;
  }
  EXPECT_LT(most, 5 * static_cast<std::int64_t>(kGeneration)) << "the log stays small";
}

}  // namespace
}  // namespace hss::db::test
