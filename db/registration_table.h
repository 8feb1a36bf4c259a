// Registration state on SQLite: for each pair a narrow row of its state, and one of the authentication that is pending,
// while there is any. The S-CSCF of the subscription stands in these rows: the registered ones have that which made the
// registrations, the pending ones that which challenges. Only what they cannot say is written to the subscription.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "db/pending_log.h"
#include "db/server_names.h"
#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

/// True when a pair is listed, in whatever state.
bool holds(const Registration& registration, ImplicitSetId implicit_set, PrivateIdentityId private_identity);

class RegistrationTable {
 public:
  /// `servers` must live as long.
  RegistrationTable(sqlite3* connection, ServerNames& servers) : db_(connection), servers_(servers) {}

  /// What a log says of a pair, or null: then the table counts. None: there is no log.
  using Logged = std::function<const PendingAuthentication*(const PairKey&)>;

  /// Empty for a subscription that is not known.
  Registration read(SubscriptionId subscription, const Logged& logged);
  /// Writes what differs from `before`, which is what is stored, but for what is pending: that is put into `pending`.
  void write(SubscriptionId subscription, const Registration& before, const Registration& after,
             PendingLog::Changes& pending);

 private:
  /// One that is elsewhere, or null.
  class Server {
   public:
    Server() = default;
    explicit Server(const std::optional<AssignedServer>& server) : server_(server ? &*server : nullptr) {}
    [[nodiscard]] const AssignedServer* get() const { return server_; }
    friend bool operator==(const Server& a, const Server& b) {
      return a.server_ == b.server_ || (a.server_ != nullptr && b.server_ != nullptr && *a.server_ == *b.server_);
    }

   private:
    const AssignedServer* server_ = nullptr;
  };

  /// What the rows of the pairs say, or the subscription itself.
  struct Servers {
    Server present;
    Server previous;
    friend bool operator==(const Servers&, const Servers&) = default;
  };

  /// What is stored of one pair.
  struct PairRows {
    RegistrationStatus status = RegistrationStatus::kNotRegistered;
    Server holder;  // of that state
    std::optional<UnixTime> pending_until;
    Server challenger;
  };

  static Servers servers_of(bool served, Server holder, bool pending, Server challenger);
  static Servers exceptional(const Registration& registration);
  static PairRows rows_of(const Registration& registration, const PairState& pair);
  void write(const PairState& pair, const PairRows& before, const PairRows& after, PendingLog::Changes& pending);
  std::optional<std::int64_t> id_of(const Server& server);

  struct Challenge {
    PairKey pair;
    UnixTime until = 0;
    std::optional<AssignedServer> challenger;
  };
  std::vector<Challenge> challenges(SubscriptionId subscription, const Logged& logged);

  sqlite3* db_;
  ServerNames& servers_;

  Statement serving_{db_,
                     "SELECT c.name, c.diameter_host, c.diameter_realm, o.name, o.diameter_host, o.diameter_realm,"
                     " s.reassignment_pending FROM subscription s LEFT JOIN server c ON c.id = s.s_cscf"
                     " LEFT JOIN server o ON o.id = s.previous_s_cscf WHERE s.id = ?"};
  Statement save_serving_{
      db_, "UPDATE subscription SET s_cscf = ?, previous_s_cscf = ?, reassignment_pending = ? WHERE id = ?"};
  Statement pairs_{db_,
                   "SELECT r.implicit_set, r.private_identity, r.status, v.name, v.diameter_host, v.diameter_realm"
                   " FROM implicit_set s JOIN registration r ON r.implicit_set = s.id"
                   " LEFT JOIN server v ON v.id = r.server WHERE s.subscription = ?"};
  Statement pending_{db_,
                     "SELECT p.implicit_set, p.private_identity, p.until, v.name, v.diameter_host, v.diameter_realm"
                     " FROM implicit_set s JOIN auth_pending p ON p.implicit_set = s.id"
                     " LEFT JOIN server v ON v.id = p.server WHERE s.subscription = ?"};
  Statement save_status_{db_,
                         "INSERT INTO registration (implicit_set, private_identity, status, server) VALUES (?, ?, ?, ?)"
                         " ON CONFLICT DO UPDATE SET status = excluded.status, server = excluded.server"};
  Statement remove_status_{db_, "DELETE FROM registration WHERE implicit_set = ? AND private_identity = ?"};
  Statement associations_{db_,
                          "SELECT a.implicit_set, a.private_identity FROM implicit_set s"
                          " JOIN association a ON a.implicit_set = s.id WHERE s.subscription = ?"};
  Statement server_{db_, "SELECT name, diameter_host, diameter_realm FROM server WHERE id = ?"};
};

}  // namespace hss::db
