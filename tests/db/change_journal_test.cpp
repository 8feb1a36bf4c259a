// What a server forgets of what it has read when hssctl was there: those who were changed, and nobody else.
// SPDX-License-Identifier: MIT
#include "db/change_journal.h"

#include <gmock/gmock.h>

#include "db/administration.h"
#include "db/sqlite_repository.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ChangeJournalTest : public StoreTest {
 protected:
  void SetUp() override {
    other_->write([&] {
      for (unsigned i = 0; i < 3; ++i) ids_.push_back(administration_.add(usual_draft(i)));
    });
    (void)taken();
  }
  ChangeJournal::Changes taken() {
    ChangeJournal::Changes changes;
    database_->write_batch([&] { changes = reader_.take(); });
    return changes;
  }
  std::int64_t rows() { return query("SELECT count(*) FROM change_journal"); }
  void change_something() { execute(other_->handle(), "UPDATE subscription SET loose_route = 1 WHERE id = 1"); }
  SubscriptionDraft draft_of(SubscriptionId id) { return administration_.read(id, true).value().draft; }

  std::unique_ptr<Database> other_ = connect();  // hssctl
  Administration administration_{*other_, vault_};
  ChangeJournal reader_{database_->handle()};
  std::vector<SubscriptionId> ids_;
};

TEST_F(ChangeJournalTest, TheFirstLookFindsEverythingChangedAndTheNextNothingKnown) {
  ChangeJournal fresh(database_->handle());
  EXPECT_TRUE(fresh.take().everything);
  EXPECT_TRUE(fresh.take().everything) << "somebody changed something and wrote nothing down";
}

TEST_F(ChangeJournalTest, WhoSaysNothingHasChangedEverything) {
  other_->write([&] { change_something(); });
  EXPECT_TRUE(taken().everything);
}

TEST_F(ChangeJournalTest, ATransactionThatChangedNothingLeavesNothing) {
  const std::int64_t before = rows();
  other_->write([&] { other_->journal().note(ids_[0]); });
  EXPECT_THROW(other_->write([&] {
    change_something();
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(rows(), before);
}

TEST_F(ChangeJournalTest, TellsWhoWasChangedInSeveralTransactions) {
  other_->write([&] { administration_.replace(ids_[1], draft_of(ids_[1])); });
  other_->write([&] { administration_.add(usual_draft(7)); });
  other_->write([&] {
    administration_.remove(ids_[0]);
    administration_.replace(ids_[2], draft_of(ids_[2]));
  });
  const auto changes = taken();
  EXPECT_FALSE(changes.everything);
  EXPECT_FALSE(changes.every_subscription);
  EXPECT_THAT(changes.subscriptions, ElementsAre(ids_[1], ids_[0], ids_[2]));
}

TEST_F(ChangeJournalTest, WhatIsNotRememberedConcernsNobody) {
  ApnConfiguration apn = administration_.apn("ims").value();
  apn.qci = 6;
  other_->write([&] { administration_.save_apn("ims", apn); });
  other_->write([&] { administration_.repository().save_non_3gpp_registration(ids_[0], {}); });
  other_->write([&] { administration_.add(usual_draft(7)); });
  const auto changes = taken();
  EXPECT_FALSE(changes.everything);
  EXPECT_FALSE(changes.every_subscription);
  EXPECT_THAT(changes.subscriptions, IsEmpty());
}

TEST_F(ChangeJournalTest, AProfileConcernsEverySubscription) {
  other_->write([&] { administration_.save_profile("default", ""); });
  const auto changes = taken();
  EXPECT_FALSE(changes.everything);
  EXPECT_TRUE(changes.every_subscription);
}

TEST_F(ChangeJournalTest, StateThatIsSavedOutsideABatchIsNoted) {
  Repository& repository = administration_.repository();
  other_->write([&] {
    const auto subscription = repository.subscription(ids_[2]);
    repository.save_sequence(subscription->private_identities[0].key_set.value(), {.seq = 5000, .issued = {}});
  });
  EXPECT_THAT(taken().subscriptions, ElementsAre(ids_[2]));
  other_->write([&] {
    Registration registration;
    registration.server = AssignedServer{"sip:scscf.example.org", "scscf.example.org", "example.org"};
    repository.save_registration(ids_[1], registration);
  });
  EXPECT_THAT(taken().subscriptions, ElementsAre(ids_[1]));
}

TEST_F(ChangeJournalTest, MoreThanItHoldsIsEverything) {
  other_->write([&] {
    change_something();
    for (SubscriptionId id = 1; id <= 1025; ++id) other_->journal().note(id);
  });
  EXPECT_TRUE(taken().every_subscription);
  for (SubscriptionId id = 1; id <= 5000; ++id) {
    execute(other_->handle(), "BEGIN");
    other_->journal().begin();
    other_->journal().note(id);
    other_->journal().append();
    execute(other_->handle(), "COMMIT");
  }
  EXPECT_EQ(rows(), 4096);
  EXPECT_TRUE(taken().everything) << "some rows are gone already";
}

/// A server's repository, and batches of it.
class ForgettingTest : public ChangeJournalTest {
 protected:
  void batch(const std::function<void()>& work) {
    database_->write_batch([&] {
      server_.begin_batch();
      server_.begin_request();
      work();
      server_.end_request();
      server_.write_batch();
    });
    server_.batch_committed();
  }
  std::string display_name(SubscriptionId id) {
    std::string name;
    batch([&] { name = server_.subscription(id)->public_identities[1].display_name; });
    return name;
  }
  /// Changes the store behind the server's back, who notices only if it forgets.
  void write_names(const std::string& name) {
    other_->write([&] {
      other_->journal().note_nothing();
      execute(other_->handle(), ("UPDATE public_identity SET display_name = '" + name + "'").c_str());
    });
  }
  KeySetId key_set(SubscriptionId id) {
    KeySetId found = 0;
    batch([&] { found = server_.subscription(id)->private_identities[0].key_set.value(); });
    return found;
  }
  void issue(KeySetId id, std::uint64_t seq) {
    batch([&] { server_.save_sequence(id, {.seq = seq, .issued = {{1}}}); });
  }
  SequenceState sequence(KeySetId id) {
    SequenceState state;
    batch([&] { state = server_.sequence(id); });
    return state;
  }
  std::uint64_t seq_for_hssctl(SubscriptionId id) {
    std::uint64_t seq = 0;
    other_->read([&] { seq = draft_of(id).key_sets[0].seq; });
    return seq;
  }
  void set_seq(SubscriptionId id, std::uint64_t seq) {
    other_->write([&] {
      SubscriptionDraft draft = draft_of(id);
      draft.key_sets[0].seq = seq;
      administration_.replace(id, draft);
    });
  }

  SqliteRepository server_{*database_, vault_, std::size_t{1} << 20U};
};

TEST_F(ForgettingTest, OnlyWhoWasChangedIsReadAnew) {
  for (const SubscriptionId id : ids_) EXPECT_EQ(display_name(id), "");
  write_names("Anew");
  for (const SubscriptionId id : ids_) EXPECT_EQ(display_name(id), "") << "the test itself: nothing was forgotten";
  other_->write([&] { administration_.replace(ids_[1], draft_of(ids_[1])); });
  EXPECT_EQ(display_name(ids_[0]), "");
  EXPECT_EQ(display_name(ids_[1]), "Anew");
  EXPECT_EQ(display_name(ids_[2]), "");
  other_->write([&] { administration_.save_profile("default", ""); });
  EXPECT_EQ(display_name(ids_[0]), "Anew");
}

TEST_F(ForgettingTest, WhatAnotherConnectionHasReadCountsUnlessItWasChangedSince) {
  batch([] {});
  for (const SubscriptionId id : {ids_[0], ids_[1]}) {
    Subscription read = *server_.subscription(id);
    read.public_identities[1].display_name = "Read";
    Registration registration;
    registration.server = AssignedServer{"sip:scscf.example.org", "scscf.example.org", "example.org"};
    server_.remember(std::make_shared<const Subscription>(read), registration);
  }
  other_->write([&] { administration_.replace(ids_[1], draft_of(ids_[1])); });
  EXPECT_EQ(display_name(ids_[0]), "Read");
  EXPECT_EQ(display_name(ids_[1]), "");
  batch([&] {
    EXPECT_TRUE(server_.registration(ids_[0]).server);
    EXPECT_FALSE(server_.registration(ids_[1]).server);
  });
}

TEST_F(ForgettingTest, WhoIsRemovedAndAddedIsSomebodyNew) {
  const SubscriptionId last = ids_[2];
  const KeySetId before = key_set(last);
  issue(before, 9000);
  other_->write([&] { administration_.remove(last); });
  SubscriptionId again = 0;
  other_->write([&] { again = administration_.add(usual_draft(9)); });
  EXPECT_EQ(again, last) << "the number of the subscription is given again";
  EXPECT_GT(key_set(again), before) << "that of the key set never: the log may hold its SEQ";
  EXPECT_EQ(sequence(key_set(again)).seq, usual_draft(9).key_sets[0].seq);
  database_->fold_logs();
  EXPECT_EQ(sequence(key_set(again)).seq, usual_draft(9).key_sets[0].seq);
}

TEST_F(ForgettingTest, ASeqThatHssctlSetsCountsForAServerThatHasLoggedAnother) {
  const KeySetId id = key_set(ids_[0]);
  issue(id, 700);
  issue(key_set(ids_[1]), 800);
  EXPECT_EQ(seq_for_hssctl(ids_[0]), 700U);
  set_seq(ids_[0], 300);
  EXPECT_EQ(seq_for_hssctl(ids_[0]), 300U);
  EXPECT_EQ(sequence(id).seq, 300U);
  EXPECT_EQ(sequence(id).issued.size(), 1U) << "its challenges are still known";
  EXPECT_EQ(sequence(key_set(ids_[1])).seq, 800U);
  issue(id, 301);
  EXPECT_EQ(seq_for_hssctl(ids_[0]), 301U);
  database_->fold_logs();
  EXPECT_EQ(seq_for_hssctl(ids_[0]), 301U);
  EXPECT_EQ(seq_for_hssctl(ids_[1]), 800U);
}

TEST_F(ForgettingTest, AChangeThatLeavesTheSeqDoesNotTouchTheLog) {
  const KeySetId id = key_set(ids_[0]);
  issue(id, 700);
  other_->write([&] {
    SubscriptionDraft draft = draft_of(ids_[0]);
    draft.public_identities[1].display_name = "Alice";
    administration_.replace(ids_[0], draft);
  });
  EXPECT_EQ(query("SELECT count(*) FROM sequence_log"), 1);
  EXPECT_EQ(display_name(ids_[0]), "Alice");
  EXPECT_EQ(sequence(id).seq, 700U);
}

TEST_F(ForgettingTest, AfterALostBatchEverythingIsReadAnew) {
  EXPECT_EQ(display_name(ids_[0]), "");
  write_names("Anew");
  EXPECT_EQ(display_name(ids_[0]), "");
  EXPECT_THROW(database_->write_batch([&] {
    server_.begin_batch();
    throw std::runtime_error("the disk");
  }),
               std::runtime_error);
  server_.batch_lost();
  EXPECT_EQ(display_name(ids_[0]), "Anew");
}

}  // namespace
}  // namespace hss::db::test
