// SPDX-License-Identifier: MIT
#include "db/inspection.h"

#include <cstdint>
#include <optional>

#include "db/migrations.h"
#include "db/pending_log.h"
#include "db/profile_reader.h"
#include "db/restored_sequences.h"
#include "db/sealed_keys.h"
#include "db/sequence_log.h"
#include "db/sequence_table.h"
#include "db/sqlite.h"
#include "hss/sqn.h"

namespace hss::db {

namespace {

constexpr int kMostOfAKind = 20;  // findings that one cause can bring about for every row

/// References within one subscription, which no foreign key holds, and state that nobody can have.
struct Rule {
  const char* rows;  // SELECT a name
  const char* where;
  const char* what;
  const char* remedy;
};

constexpr const char* kProvisionAgain = "hssctl subscriber remove and add it again, or import it with --update";
constexpr const char* kEndState = "hssctl deregister, or subscriber remove and add it again";

constexpr Rule kRules[] = {
    {"SELECT p.impi FROM private_identity p JOIN key_set k ON k.id = p.key_set WHERE k.subscription <> p.subscription",
     "private identity ", "its key set belongs to another subscription", kProvisionAgain},
    {"SELECT s.imsi FROM subscription s JOIN key_set k ON k.id = s.usim WHERE k.subscription <> s.id", "IMSI ",
     "its key set belongs to another subscription", kProvisionAgain},
    {"SELECT p.impi FROM association a JOIN private_identity p ON p.id = a.private_identity"
     " JOIN implicit_set i ON i.id = a.implicit_set WHERE i.subscription <> p.subscription",
     "private identity ", "it may use an implicit set of another subscription", kProvisionAgain},
    {"SELECT i.id FROM implicit_set i WHERE NOT EXISTS (SELECT 1 FROM public_identity p WHERE p.implicit_set = i.id)",
     "implicit set ", "it has no public identity", kProvisionAgain},
    {"SELECT p.impi FROM registration r JOIN private_identity p ON p.id = r.private_identity"
     " JOIN subscription s ON s.id = p.subscription WHERE s.s_cscf IS NULL AND r.server IS NULL",
     "private identity ", "it is registered, and no S-CSCF is stored", kEndState},
    {"SELECT coalesce(imsi, id) FROM subscription WHERE s_cscf IS NULL AND previous_s_cscf IS NOT NULL",
     "subscription ", "a previous S-CSCF is stored without a present one", kEndState},
};

class Inspection {
 public:
  Inspection(sqlite3* connection, const KeyVault* vault, const Tell& tell)
      : db_(connection), vault_(vault), tell_(tell) {}

  void run() {
    try {
      integrity();
      if (!version()) return;
      references();
      if (vault_ != nullptr) master_key();
      for (const Rule& rule : kRules) hold(rule);
      logs();
      key_sets();
      digests();
      profiles();
    } catch (const SqliteError& error) {
      tell_({"database", std::string("what follows cannot be read: ") + error.what(), kRestore});
    }
  }

 private:
  static constexpr const char* kRestore = "restore a backup (hssctl restore)";

  /// Constraints of the schema too, e.g. the length of what is remembered of challenges.
  void integrity() {
    Statement check(db_, "PRAGMA integrity_check(20)");
    for (Rows rows(check); rows.next();) {
      if (rows.text(0) != "ok") tell_({"database", "damaged: " + rows.text(0), kRestore});
    }
  }

  bool version() {
    const std::int64_t found = schema_version(db_);
    if (found == kSchemaVersion) return true;
    tell_({"database",
           "schema version " + std::to_string(found) + ", this program has " + std::to_string(kSchemaVersion) +
               ": nothing more was looked at",
           found < kSchemaVersion ? "any other verb that opens the database upgrades it, e.g. hssctl apn list"
                                  : "use the program that wrote it, or a later one"});
    return false;
  }

  void references() {
    Statement check(db_, "PRAGMA foreign_key_check");
    int count = 0;
    for (Rows rows(check); rows.next() && count < kMostOfAKind; ++count) {
      tell_({"table " + rows.text(0) + (rows.is_null(1) ? "" : ", row " + rows.text(1)),
             "an orphan: it refers to a row of " + rows.text(2) + " that is not there", kRestore});
    }
  }

  void master_key() {
    const MasterKeyMatch match = match_master_key(db_, *vault_);
    if (match == MasterKeyMatch::kSame) return;
    if (match == MasterKeyMatch::kUnbound &&
        query_integer(db_, "SELECT EXISTS (SELECT 1 FROM key_set) OR EXISTS (SELECT 1 FROM sip_digest)") == 0) {
      vault_ = nullptr;  // nothing was ever sealed
      return;
    }
    tell_({"master key",
           match == MasterKeyMatch::kOther ? "the database was filled under another one"
                                           : "the database holds keys but not the check value of their master key",
           match == MasterKeyMatch::kOther ? "give the master key that belongs to it" : kRestore});
    if (match == MasterKeyMatch::kOther) vault_ = nullptr;  // once is enough
  }

  void hold(const Rule& rule) {
    Statement find(db_, rule.rows);
    int count = 0;
    for (Rows rows(find); rows.next() && count < kMostOfAKind; ++count) {
      tell_({rule.where + rows.text(0), rule.what, rule.remedy});
    }
  }

  void logs() {
    if (readable<SequenceLog>("sequence_log", "the latest sequence numbers cannot be read")) log_.emplace(db_);
    readable<PendingLog>("auth_pending_log", "which authentications are pending cannot be read");
  }

  template <class Log>
  bool readable(const char* where, const char* what) {
    try {
      Log(db_).read_on(0, [](const auto&, const auto&) {});
      return true;
    } catch (const SqliteError&) {
      throw;
    } catch (const StoreFault&) {
      tell_({where, what, kRestore});
      return false;
    }
  }

  void key_sets() {
    Statement all(db_,
                  "SELECT k.id, k.sealed, k.parameters, k.ind_bits, q.seq FROM key_set k"
                  " LEFT JOIN sequence q ON q.key_set = k.id ORDER BY 1");
    for (Rows rows(all); rows.next();) {
      const std::int64_t id = rows.integer(0);
      opened(id, [&] {
        SecretOctets<32> k;
        SecretOctets<32> opc;
        if (vault_ != nullptr) open_keys(*vault_, id, rows.blob(1), k, opc);
        (void)decode_parameters(id, rows.blob(2));
      });
      if (rows.is_null(4)) {
        tell_({name_of_key_set(db_, id), "it has no sequence number", kProvisionAgain});
        continue;
      }
      auto seq = static_cast<std::uint64_t>(rows.integer(4));
      if (const SequenceState* latest = log_ ? log_->find(id) : nullptr) seq = latest->seq;
      sequence(id, seq, static_cast<unsigned>(rows.integer(3)));
    }
  }

  void sequence(std::int64_t id, std::uint64_t seq, unsigned ind_bits) {
    if (seq > max_seq(ind_bits)) {
      tell_({name_of_key_set(db_, id),
             "SEQ " + std::to_string(seq) + " is beyond the highest of " + std::to_string(ind_bits) + " IND bits, " +
                 std::to_string(max_seq(ind_bits)),
             kRestore});
    } else if (!next_seq(seq, ind_bits)) {
      tell_({name_of_key_set(db_, id), "SEQ is used up: no vector can be made",
             "give the subscriber a new card: hssctl subscriber set with its keys"});
    }
  }

  void digests() {
    if (vault_ == nullptr) return;
    Statement all(db_, "SELECT private_identity, realm, sealed FROM sip_digest ORDER BY 1");
    for (Rows rows(all); rows.next();) {
      opened(std::nullopt, [&] { (void)open_digest(*vault_, rows.integer(0), rows.text(1), rows.blob(2)); });
    }
  }

  void profiles() {
    ProfileReader reader(db_);
    Statement all(db_, "SELECT id, revision, name FROM service_profile ORDER BY 1");
    for (Rows rows(all); rows.next();) {
      try {
        (void)reader.read(rows.integer(0), rows.integer(1));
      } catch (const SqliteError&) {
        throw;
      } catch (const StoreFault& fault) {
        tell_({"service profile \"" + rows.text(2) + '"', fault.what(), "hssctl profile set, or shared-ifc set"});
      }
    }
    Statement sets(db_, "SELECT name, xml FROM shared_ifc_set ORDER BY 1");
    for (Rows rows(sets); rows.next();) {
      try {
        (void)parse_shared_ifc_set(rows.text(1));
      } catch (const ProfileError& error) {
        tell_({"shared iFC set \"" + rows.text(0) + '"', std::string("it cannot be read: ") + error.what(),
               "hssctl shared-ifc set"});
      }
    }
  }

  /// Tells of what `work` finds it cannot read: its text has where, what, and what to do after a semicolon.
  void opened(std::optional<std::int64_t> key_set, const std::function<void()>& work) {
    try {
      work();
    } catch (const SqliteError&) {
      throw;
    } catch (const StoreFault& fault) {
      const std::string text = fault.what();
      const auto remedy = text.find("; ");
      tell_({key_set ? name_of_key_set(db_, *key_set) : "sip_digest", text.substr(0, remedy),
             remedy == std::string::npos ? kRestore : text.substr(remedy + 2)});
    }
  }

  sqlite3* db_;
  const KeyVault* vault_;
  const Tell& tell_;
  std::optional<SequenceLog> log_;  // when it can be read
};

}  // namespace

void inspect(sqlite3* connection, const KeyVault* vault, const Tell& tell) {
  try {
    Inspection(connection, vault, tell).run();
  } catch (const SqliteError& error) {
    tell({"database", std::string("it cannot be read: ") + error.what(), "restore a backup (hssctl restore)"});
  }
}

}  // namespace hss::db
