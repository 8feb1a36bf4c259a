// hssctl backup: a copy of the database in one file, made while the server runs.
// SPDX-License-Identifier: MIT
#include <memory>

#include "db/new_database_file.h"
#include "db/snapshot.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/progress.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

void run_backup(const std::string& file, Command& command) {
  const Settings settings = settings_of(command.directory);
  if (std::filesystem::exists(db::KeyVault::next_key_file(settings.master_key))) {
    throw Failure(printable(settings.master_key.string()) +
                  ": a rotation is under way, and a backup of now would need both keys: finish it with 'hssctl key "
                  "rotate', and try again");
  }
  const Interruptible interruptible;  // nothing half-made stays behind
  // What a running server has logged and not yet folded is in the copy as it is; a fold would be a write, after which
  // the server reads everything anew.
  const db::Snapshot live(settings.database, db::Snapshot::Of::kLive);
  db::NewDatabaseFile copy(file);
  Progress progress(command.err, command.err_is_terminal);
  const bool whole = copy.fill(live.handle(), [&](std::int64_t done, std::int64_t total) {
    progress.show("pages", static_cast<std::size_t>(done), static_cast<std::size_t>(total));
    return !Interruptible::interrupted();
  });
  progress.clear();
  if (!whole) throw Failure("interrupted: nothing was written");
  const std::int64_t subscribers = live.subscribers();
  copy.keep();
  if (command.json) {
    command.out << compact({{"file", file},
                            {"subscribers", subscribers},
                            {"octets", std::filesystem::file_size(file)},
                            {"holds_master_key", false}})
                << '\n';
    return;
  }
  command.out << "wrote " << count_of(static_cast<std::size_t>(subscribers), "subscriber") << " to " << printable(file)
              << '\n'
              << "The master key is not in it: keep " << printable(settings.master_key.string())
              << " at another place; without it the backup is of no use.\n";
}

}  // namespace

void add_backup(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("backup", "copy the database of a running server to one file (mode 0600)");
  const auto file = std::make_shared<std::string>();
  app->add_option("FILE", *file, "the copy; it must not exist")->required()->type_name("");
  app->footer(
      "It is the database as it is at one moment, whole and on disk when the command ends, or not there. Its keys are\n"
      "encrypted as in the database; the master key is not in it. See 'restore' and 'check'.\n"
      "Example:\n"
      "  hssctl -C ./hss backup /backup/hss-monday.db");
  app->action([file, &command] { run_backup(*file, command); });
}

}  // namespace hss::provisioning
