// The two stores that owe the domain the same, and what the tests of their contract share: the suites run on SQLite and
// on the one in memory, so that the double cannot lie.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "db/sqlite_repository.h"
#include "tests/db/fixtures.h"
#include "tests/support/memory_repository.h"

namespace hss::db::test {

class SqliteWorld {
 public:
  SqliteWorld() {
    database_.write([&] {
      for (const auto& [name, configuration] : apn_templates()) administration_.save_apn(name, configuration);
    });
  }
  Repository& repository() { return repository_; }
  void provision(const SubscriptionDraft& draft) {
    database_.write([&] { administration_.add(draft); });
  }
  void remove(SubscriptionId id) {
    database_.write([&] { administration_.remove(id); });
  }
  void transact(const std::function<void()>& work) { database_.write(work); }
  std::optional<ResynchronisationRecord> resynchronisation(std::string_view impi);

 private:
  TemporaryDirectory directory_;
  Database database_{directory_ / "hss.db", Database::Open::kCreate};
  KeyVault vault_{master_key()};
  Administration administration_{database_, vault_};
  SqliteRepository repository_{database_, vault_};
};

/// SQLite as the server uses it: in batches, remembering from one to the next, while another program provisions.
class BatchWorld {
 public:
  BatchWorld() {
    other_.write([&] {
      for (const auto& [name, configuration] : apn_templates()) administration_.save_apn(name, configuration);
    });
  }
  Repository& repository() { return repository_; }
  void provision(const SubscriptionDraft& draft) {
    other_.write([&] { administration_.add(draft); });
  }
  void remove(SubscriptionId id) {
    other_.write([&] { administration_.remove(id); });
  }
  void transact(const std::function<void()>& work);
  std::optional<ResynchronisationRecord> resynchronisation(std::string_view impi);

 private:
  TemporaryDirectory directory_;
  Database other_{directory_ / "hss.db", Database::Open::kCreate};
  Database database_{directory_ / "hss.db", Database::Open::kExisting};
  KeyVault vault_{master_key()};
  Administration administration_{other_, vault_};
  SqliteRepository repository_{database_, vault_, std::size_t{1} << 20U};
};

class MemoryWorld {
 public:
  Repository& repository() { return repository_; }
  void provision(const SubscriptionDraft& draft);
  void remove(SubscriptionId id) { repository_.remove(id); }
  void transact(const std::function<void()>& work) { repository_.transact(work); }
  std::optional<ResynchronisationRecord> resynchronisation(std::string_view impi);

 private:
  hss::test::MemoryRepository repository_;
  std::int64_t last_id_ = 0;
};

template <typename World>
class RepositoryContract : public testing::Test {
 protected:
  void SetUp() override {
    world_.provision(usual_draft(1));
    world_.provision(usual_draft(2));
    world_.provision(rich_draft());
  }
  Repository& store() { return world_.repository(); }
  void transact(const std::function<void()>& work) { world_.transact(work); }

  std::shared_ptr<const Subscription> rich() { return store().find_by_private_identity("zoe@example.org"); }
  std::shared_ptr<const Subscription> usual(unsigned number) {
    return store().find_by_private_identity(usual_draft(number).private_identities[0].impi);
  }
  PairState pair_of(const Subscription& subscription, RegistrationStatus status,
                    std::optional<UnixTime> until = std::nullopt) {
    return {subscription.public_identities[0].implicit_set, subscription.private_identities[0].id, status, until};
  }
  World world_;
};

using Worlds = testing::Types<SqliteWorld, BatchWorld, MemoryWorld>;
class WorldNames {
 public:
  template <typename World>
  static std::string GetName(int) {
    return std::is_same_v<World, SqliteWorld> ? "Sqlite" : std::is_same_v<World, BatchWorld> ? "Batch" : "Memory";
  }
};

inline const AssignedServer kServer{"sip:scscf.test:6060", "scscf.test", "test"};
inline const AssignedServer kOther{"sip:scscf2.test:6060", "scscf2.test", "test"};

}  // namespace hss::db::test
