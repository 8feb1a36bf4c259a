// SPDX-License-Identifier: MIT
#include "db/key_rotation.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "db/change_journal.h"
#include "db/key_vault.h"
#include "db/new_database_file.h"
#include "db/sealed_keys.h"
#include "db/sqlite.h"

namespace hss::db {

namespace {

constexpr int kRows = 128;  // of a transaction: a millisecond or two of the server's time
constexpr std::chrono::milliseconds kBreak{5};

/// What is sealed: where, and how it is sealed anew.
struct Sealed {
  const char* page;  // some rows after an id
  const char* update;
  bool (*opens)(const KeyVault& vault, std::int64_t id, BytesView sealed);
  Bytes (*reseal)(const KeyVault& both, const KeyVault& next, std::int64_t id, BytesView sealed);
};

constexpr std::array<Sealed, 2> kSealed{{
    {"SELECT id, sealed FROM key_set WHERE id > ? ORDER BY id LIMIT ?", "UPDATE key_set SET sealed = ? WHERE id = ?",
     [](const KeyVault& vault, std::int64_t id, BytesView sealed) { return keys_open(vault, id, sealed); },
     [](const KeyVault& both, const KeyVault& next, std::int64_t id, BytesView sealed) {
       SecretOctets<32> k;
       SecretOctets<32> opc;
       open_keys(both, id, sealed, k, opc);
       return seal_keys(next, id, k, opc);
     }},
    {"SELECT private_identity, sealed FROM sip_digest WHERE private_identity > ? ORDER BY 1 LIMIT ?",
     "UPDATE sip_digest SET sealed = ? WHERE private_identity = ?",
     [](const KeyVault& vault, std::int64_t id, BytesView sealed) { return digest_opens(vault, id, sealed); },
     [](const KeyVault& both, const KeyVault& next, std::int64_t id, BytesView sealed) {
       return seal_digest(next, id, open_digest(both, id, {}, sealed));
     }},
}};

bool stands(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::symlink_status(file, ignored).type() != std::filesystem::file_type::not_found;
}

void rename_key(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) {
    throw KeyVaultError(from.string() + " cannot be renamed to " + to.string() + " (" + error.message() +
                        "); run as the owner of its directory");
  }
}

/// Root's new key is for whoever reads the old one: the server's user.
void give_to_owner_of(const std::filesystem::path& old_key, const std::filesystem::path& new_key) {
  struct stat owner {};
  if (::geteuid() != 0) return;
  if (::stat(old_key.c_str(), &owner) != 0 || ::chown(new_key.c_str(), owner.st_uid, owner.st_gid) != 0) {
    throw KeyVaultError(new_key.string() + " cannot be given to the owner of " + old_key.string() +
                        "; run as the user of the server");
  }
}

/// One pass over a table, after which all that it met is sealed under `next`.
class Pass {
 public:
  Pass(Database& database, const Sealed& what, const KeyVault& both, const KeyVault& next)
      : database_(database),
        what_(what),
        both_(both),
        next_(next),
        page_(database.handle(), what.page),
        update_(database.handle(), what.update) {}

  /// False at the end. What is right is only read; the rest is read again by who may write.
  bool step(std::uint64_t& done) {
    std::int64_t last = 0;
    bool wrong = false;
    database_.read([&] { last = look([&](std::int64_t, BytesView) { wrong = true; }); });
    if (wrong) {
      database_.write([&] {
        database_.journal().note_nothing();  // whoever has opened a value knows it
        std::vector<std::pair<std::int64_t, Bytes>> anew;
        last = look(
            [&](std::int64_t id, BytesView sealed) { anew.emplace_back(id, what_.reseal(both_, next_, id, sealed)); });
        for (const auto& [id, sealed] : anew) hss::db::run(update_, BytesView(sealed), id);
        done += anew.size();
      });
      std::this_thread::sleep_for(kBreak);
    }
    after_ = last;
    return last != 0;
  }

 private:
  /// Calls `wrong` for each of the page that does not open under the new key; the last id, 0 when there is none.
  std::int64_t look(const std::function<void(std::int64_t, BytesView)>& wrong) {
    std::int64_t last = 0;
    for (Rows rows(page_, after_, kRows); rows.next();) {
      last = rows.integer(0);
      if (!what_.opens(next_, last, rows.blob(1))) wrong(last, rows.blob(1));
    }
    return last;
  }

  Database& database_;
  const Sealed& what_;
  const KeyVault& both_;
  const KeyVault& next_;
  Statement page_, update_;
  std::int64_t after_ = 0;
};

}  // namespace

KeyRotation::KeyRotation(Database& database, std::filesystem::path key_file)
    : database_(database),
      file_(std::move(key_file)),
      next_(KeyVault::next_key_file(file_)),
      old_(file_.string() + ".old"),
      goes_on_(stands(next_)) {
  if (!goes_on_ && stands(old_)) {
    throw KeyVaultError(old_.string() +
                        " is the key of an earlier rotation; move it to where the keys of your backups are");
  }
  check_master_key(database_, KeyVault::open(file_));
}

bool KeyRotation::run(const Progress& progress) {
  if (!stands(next_)) {
    const std::filesystem::path making = next_.string() + ".new";
    std::error_code ignored;
    std::filesystem::remove(making, ignored);  // of one that was killed before anything was sealed under it
    KeyVault::create_key_file(making);
    give_to_owner_of(file_, making);
    rename_key(making, next_);
    sync_directory_of(next_);
  }
  const KeyVault both = KeyVault::open(file_);
  const KeyVault next = KeyVault::open(next_);
  for (std::uint64_t before = done_ + 1; before != done_;) {
    before = done_;
    for (const Sealed& what : kSealed) {
      Pass pass(database_, what, both, next);
      while (pass.step(done_)) {
        if (!progress(done_)) return false;
      }
    }
  }
  database_.write([&] { bind_master_key(database_, next); });
  keep_old();
  rename_key(next_, file_);
  sync_directory_of(file_);
  return true;
}

/// A second name of the old key: at every moment there is a key under the name of the file.
void KeyRotation::keep_old() const {
  std::error_code error;
  if (stands(old_) && std::filesystem::equivalent(file_, old_, error)) return;  // killed just after this
  std::filesystem::create_hard_link(file_, old_, error);
  if (error) {
    throw KeyVaultError(file_.string() + " cannot be kept as " + old_.string() + " (" + error.message() +
                        "); make that possible and repeat the command");
  }
}

}  // namespace hss::db
