// SPDX-License-Identifier: MIT
#include "db/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "db/change_journal.h"
#include "db/migrations.h"
#include "db/pending_log.h"
#include "db/sequence_log.h"
#include "db/sequence_table.h"
#include "db/sqlite.h"
#include "db/turnstile.h"
#include "hss/error_text.h"

namespace hss::db {

namespace {

/// Says what SQLite would not: it creates what is missing and opens read-only what it cannot write. Nothing is opened
/// here, for closing a descriptor of the file would drop the locks that another connection of this process holds on it.
void check_existing(const std::filesystem::path& file) {
  const std::string name = file.string();
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      throw DatabaseError(name + " does not exist; run hssctl init DIR to create a database");
    }
    throw DatabaseError(name + " cannot be looked at (" + error_text(errno) +
                        "); make its directory accessible for this user");
  }
  if (S_ISDIR(status.st_mode)) {
    throw DatabaseError(name + " is a directory; name the database file in it, or run hssctl init DIR to create one");
  }
  if (!S_ISREG(status.st_mode)) {
    throw DatabaseError(name + " is not a regular file; run hssctl init DIR to create a database");
  }
  if (status.st_size == 0) {
    throw DatabaseError(name + " is empty, not a database; remove it and run hssctl init DIR to create one");
  }
  if (::faccessat(AT_FDCWD, file.c_str(), R_OK | W_OK, AT_EACCESS) != 0) {
    throw DatabaseError(name + " cannot be read and written by this user (" + error_text(errno) +
                        "); run as its owner, or correct its owner and mode");
  }
  const std::filesystem::path directory = file.has_parent_path() ? file.parent_path() : ".";
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw DatabaseError(directory.string() + ", the directory of " + file.filename().string() +
                        ", cannot be written by this user (" + error_text(errno) +
                        "); run as its owner, or correct its owner and mode");
  }
}

/// An empty file that only its owner may read; -wal and -shm get the same mode from SQLite.
void create_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    const int error = errno;
    if (error == EEXIST) {
      throw DatabaseError(file.string() + " exists already; choose another directory, or remove it to start anew");
    }
    throw DatabaseError(file.string() + " cannot be created (" + error_text(error) +
                        "); name a directory that exists and is writable for this user");
  }
  ::close(descriptor);
}

void remove_file(const std::filesystem::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-turn"}) {
    std::error_code ignored;  // it was new and is of no use: what cannot be removed is named when it is created again
    std::filesystem::remove(file.string() + suffix, ignored);
  }
}

Database::Handle connect(const std::filesystem::path& file) {
  // It would count every allocation under one lock, for statistics that nobody reads. Refused once SQLite is in use.
  static const int counting [[maybe_unused]] = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database::Handle connection(raw);
  if (code != SQLITE_OK) {  // the connection knows no file yet
    throw DatabaseError(file.string() + " cannot be opened (" + sqlite3_errstr(code) +
                        "); look at the disk, and at the owner and mode of the file and its directory");
  }
  return connection;
}

/// True when the file was removed, or another is in its place. Costs one stat().
bool has_moved(sqlite3* connection) {
  int moved = 0;
  check(connection, sqlite3_file_control(connection, "main", SQLITE_FCNTL_HAS_MOVED, &moved));
  return moved != 0;
}

void configure(sqlite3* connection) {
  Statement wal(connection, "PRAGMA journal_mode = WAL");
  Rows rows(wal);
  if (!rows.next() || rows.text(0) != "wal") {
    throw SqliteError(SQLITE_ERROR, std::string(sqlite3_db_filename(connection, "main")) +
                                        ": this file system allows no write-ahead log; move it to a local disk");
  }
  // Temporary in memory: the savepoint of every request would cost a temporary file otherwise.
  execute(connection,
          "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
          "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864");
}

}  // namespace

struct Database::Impl {
  std::filesystem::path file;
  BusyWait busy;
  Handle connection;
  std::unique_ptr<Turnstile> turnstile;
  std::unique_ptr<Statement> begin_write, begin_read, commit, rollback, version;
  std::unique_ptr<SequenceTable> sequences;
  std::unique_ptr<SequenceLog> sequence_log;
  std::unique_ptr<PendingTable> pending;
  std::unique_ptr<PendingLog> pending_log;
  std::unique_ptr<ChangeJournal> journal;
  bool inside = false;

  void open(bool fresh) {
    connection = connect(file);
    sqlite3* handle = connection.get();
    busy.attach(handle);
    if (!fresh && query_integer(handle, "PRAGMA application_id") != kApplicationId) {
      throw DatabaseError(file.string() + " is a database of another program; run hssctl init DIR to create ours");
    }
    turnstile = std::make_unique<Turnstile>(file);
    if (has_moved(handle)) {  // hssctl restore was faster; from here on, the turnstile keeps it away
      throw DatabaseError(file.string() + " was replaced while it was opened; try again");
    }
    configure(handle);
    if (fresh) create_schema(handle);
    refuse_newer(schema_version(handle));
    migrate(handle, migration_steps(), kSchemaVersion);
    begin_write = std::make_unique<Statement>(handle, "BEGIN IMMEDIATE");
    begin_read = std::make_unique<Statement>(handle, "BEGIN DEFERRED");
    commit = std::make_unique<Statement>(handle, "COMMIT");
    rollback = std::make_unique<Statement>(handle, "ROLLBACK");
    version = std::make_unique<Statement>(handle, "PRAGMA user_version");
    sequences = std::make_unique<SequenceTable>(handle);
    sequence_log = std::make_unique<SequenceLog>(handle);
    pending = std::make_unique<PendingTable>(handle);
    pending_log = std::make_unique<PendingLog>(handle);
    journal = std::make_unique<ChangeJournal>(handle);
  }

  void refuse_newer(std::int64_t found) const {
    if (found <= kSchemaVersion) return;
    throw DatabaseError(file.string() + " is of schema version " + std::to_string(found) + " and this program knows " +
                        std::to_string(kSchemaVersion) + "; use the program that upgraded it, or a later one");
  }

  /// False when the transaction is still open; then the next one tries again.
  bool roll_back() noexcept {
    if (sqlite3_get_autocommit(connection.get()) != 0) return true;  // SQLite did so by itself (disk full, I/O error)
    try {
      run(*rollback);
    } catch (const std::exception&) {
      return sqlite3_get_autocommit(connection.get()) != 0;
    }
    return true;
  }

  /// SQLite would go on with a file that nobody else sees any more, while others begin with the one in its place: two
  /// sets of sequence numbers.
  void refuse_moved() const {
    if (!has_moved(connection.get())) return;
    throw StoreFault(file.string() +
                     " is not the file that was opened: it was removed, or another is in its place;"
                     " put it back, or stop the server before the database is replaced, and start it again");
  }

  void transact(Statement& begin, const Turnstile* turn, const std::function<void()>& work) {
    if (inside) throw std::logic_error("a transaction is begun inside another one of the same database");
    if (!roll_back()) throw SqliteError(connection.get(), SQLITE_IOERR);
    if (turn == nullptr) {
      run(begin);
    } else {
      const Turnstile::Turn mine(*turn);
      run(begin);
    }
    inside = true;
    try {
      refuse_moved();
      {
        // A newer hssctl may have upgraded the file under a running server.
        Rows rows(*version);
        if (rows.next()) refuse_newer(rows.integer(0));
      }
      work();
      run(*commit);
    } catch (...) {
      roll_back();
      inside = false;
      throw;
    }
    inside = false;
  }
};

Database::Database(const std::filesystem::path& file, Open how) : impl_(std::make_unique<Impl>()) {
  impl_->file = file;
  const bool fresh = how == Open::kCreate;
  fresh ? create_file(file) : check_existing(file);
  try {
    impl_->open(fresh);
  } catch (const std::exception& fault) {
    impl_.reset();
    if (fresh) remove_file(file);
    const auto* error = dynamic_cast<const SqliteError*>(&fault);
    if (error == nullptr) throw;
    if ((error->code() & 0xff) == SQLITE_NOTADB) {
      throw DatabaseError(file.string() + " is not a database; restore it, or run hssctl init DIR to create one");
    }
    throw DatabaseError(error->what());
  }
}

Database::~Database() = default;

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Handle Database::connect_again() const {
  Handle connection = connect(impl_->file);
  impl_->refuse_moved();  // by now it may be another file
  configure(connection.get());
  query_integer(connection.get(), "SELECT count(*) FROM sqlite_schema");  // now it has the log open
  return connection;
}

void Database::write(const std::function<void()>& work) {
  write_batch([&] {
    impl_->journal->begin();
    const auto before = sqlite3_total_changes64(handle());
    work();
    if (sqlite3_total_changes64(handle()) != before) impl_->journal->append();
  });
}

void Database::fold_logs() {
  if (impl_->sequence_log->empty() && impl_->pending_log->empty()) return;
  write_batch([&] {
    impl_->sequence_log->fold(*impl_->sequences);
    impl_->pending_log->fold(*impl_->pending);
  });
}

ChangeJournal& Database::journal() const { return *impl_->journal; }

void Database::write_batch(const std::function<void()>& work) {
  impl_->transact(*impl_->begin_write, impl_->turnstile.get(), work);
}

void Database::read(const std::function<void()>& work) { impl_->transact(*impl_->begin_read, nullptr, work); }

void Database::empty_log() {
  sqlite3* const connection = handle();
  sqlite3_busy_handler(connection, nullptr, nullptr);
  const int code = sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  impl_->busy.attach(connection);
  check(connection, code);
}

sqlite3* Database::handle() const { return impl_->connection.get(); }

const std::filesystem::path& Database::file() const { return impl_->file; }

}  // namespace hss::db
