// hssctl restore: puts a backup in the place of the database, with every SQN ahead of what may have been issued since.
// SPDX-License-Identifier: MIT
#include <memory>

#include "db/inspection.h"
#include "db/master_key.h"
#include "db/new_database_file.h"
#include "db/replaced_database.h"
#include "db/restored_sequences.h"
#include "db/snapshot.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/progress.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

struct Options {
  std::string file;
  bool replace = false;
  std::uint64_t jump = db::kSequenceJump;
};

/// A copy at `made` becomes what a server can go on with; the backup itself is left as it is.
db::SequenceJump prepare(const std::filesystem::path& made, const db::KeyVault& vault, const Options& options,
                         Command& command) {
  db::Database database(made, db::Database::Open::kExisting);  // of an older schema: upgraded
  std::size_t findings = 0;
  database.read([&] {
    db::inspect(database.handle(), &vault, [&](const db::Finding& finding) {
      ++findings;
      command.err << one_line(finding.where + ": " + finding.what) << '\n';
    });
  });
  if (findings > 0) {
    throw Failure(printable(options.file) + ": " + count_of(findings, "finding") +
                  ", nothing was restored: look at it with 'hssctl check', or give an older backup");
  }
  db::SequenceJump jumped;
  database.write([&] { jumped = db::jump_sequences(database, options.jump); });
  database.empty_log();
  return jumped;
}

void report(std::int64_t subscribers, const db::SequenceJump& jumped, const std::string& kept, const Options& options,
            Command& command) {
  if (command.json) {
    Json json{{"file", options.file},     {"subscribers", subscribers}, {"key_sets", jumped.key_sets},
              {"seq_jump", options.jump}, {"limited", jumped.limited},  {"exhausted", jumped.exhausted}};
    if (!kept.empty()) json["replaced"] = kept;
    command.out << compact(json) << '\n';
    return;
  }
  command.out << "restored " << count_of(static_cast<std::size_t>(subscribers), "subscriber") << "; SEQ of "
              << count_of(jumped.key_sets, "key set") << " went forward by " << options.jump
              << ", and no challenge of before is known any more\n";
  if (jumped.limited > 0) {
    command.out << count_of(jumped.limited, "key set") << " went forward by half of the delta of the card only (the "
                << "first: " << printable(jumped.first_limited)
                << "): the card would refuse more. Fewer vectors than that must have been issued since the backup\n";
  }
  for (const std::string& name : jumped.exhausted) {
    command.out << printable(name)
                << ": SEQ stands at its end, no vector can be made: give the subscriber a new card\n";
  }
  if (!kept.empty()) command.out << "the database that stood there is kept as " << printable(kept) << '\n';
}

void run_restore(const Options& options, Command& command) {
  const Settings settings = settings_of(command.directory);
  const db::KeyVault vault = db::open_master_key(settings.master_key);
  const Interruptible interruptible;
  db::ReplacedDatabase place(settings.database);
  if (place.is_there() && !options.replace) {
    throw Failure(printable(settings.database.string()) +
                  ": exists: give --replace to put the backup in its place; it is kept under another name");
  }
  const db::Snapshot backup(options.file, db::Snapshot::Of::kBackup);
  db::NewDatabaseFile copy(settings.database, db::NewDatabaseFile::Place::kMayBeTaken);
  Progress progress(command.err, command.err_is_terminal);
  const auto interrupted = [] { return Failure("interrupted: nothing was restored"); };
  const bool whole = copy.fill(backup.handle(), [&](std::int64_t done, std::int64_t total) {
    progress.show("pages", static_cast<std::size_t>(done), static_cast<std::size_t>(total));
    return !Interruptible::interrupted();
  });
  progress.clear();
  if (!whole) throw interrupted();
  const db::SequenceJump jumped = prepare(copy.made(), vault, options, command);
  copy.give_to_owner_of(place.is_there() ? settings.database : settings.database.parent_path());
  if (Interruptible::interrupted()) throw interrupted();
  const std::string kept = place.set_aside().string();
  copy.keep();
  report(backup.subscribers(), jumped, kept, options, command);
}

}  // namespace

void add_restore(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("restore", "put a backup in the place of the database; the server must be stopped");
  const auto options = std::make_shared<Options>();
  app->add_option("BACKUP", options->file, "a file that 'hssctl backup' wrote")->required()->type_name("");
  app->add_flag("--replace", options->replace, "there is a database: keep it beside as FILE-replaced");
  app->add_option("--seq-jump", options->jump,
                  "how far SEQ of every key set goes forward: more than the vectors that may have been issued for one "
                  "card since the backup")
      ->between(std::uint64_t{1}, std::uint64_t{1} << 40U)
      ->type_name("N")
      ->show_default();
  app->footer(
      "The backup is checked first, as 'check' does, with the master key of the directory. SEQ goes forward so that "
      "no\n"
      "SQN which the server issued after the backup is ever issued again; a card accepts a jump of up to its delta\n"
      "(2^28 unless it was given another). Registrations are those of the backup.\n"
      "Example:\n"
      "  hssctl -C ./hss restore /backup/hss-monday.db --replace");
  app->action([options, &command] { run_restore(*options, command); });
}

}  // namespace hss::provisioning
