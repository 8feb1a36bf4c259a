// hssctl key rotate: a new master key, while the server runs.
// SPDX-License-Identifier: MIT
#include "db/key_rotation.h"
#include "db/master_key.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/progress.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::key {
namespace {

void run_rotate(Command& command) {
  const Settings settings = settings_of(command.directory);
  if (!db::master_key_is_of_file()) {
    throw Failure(
        "the master key comes from a credential or the environment, which nobody can replace in a running server: see "
        "'hssctl key rotate --help'");
  }
  db::Database database(settings.database, db::Database::Open::kExisting);
  db::KeyRotation rotation(database, settings.master_key);
  const Interruptible interruptible;
  Progress progress(command.err, command.err_is_terminal);
  const bool whole = rotation.run([&](std::uint64_t done) {
    progress.show("records", static_cast<std::size_t>(done), 0);
    return !Interruptible::interrupted();
  });
  progress.clear();
  if (!whole) throw Failure("interrupted: both keys are needed until the same command has come to its end");
  if (command.json) {
    command.out << compact({{"records", rotation.done()},
                            {"continued", rotation.goes_on()},
                            {"master_key", settings.master_key.string()},
                            {"old_key", rotation.old_file().string()}})
                << '\n';
    return;
  }
  command.out << (rotation.goes_on() ? "went on where it was left: " : "") << count_of(rotation.done(), "record")
              << " sealed under a new master key, " << printable(settings.master_key.string())
              << ": put a copy of it where it is safe\n"
              << "The old one is " << printable(rotation.old_file().string())
              << ", and is needed for backups of before only: move it to where those keys are.\n";
}

}  // namespace

void add_rotate(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("rotate", "make a new master key and encrypt everything under it");
  app->footer(
      "The server goes on meanwhile and needs no restart. After an interruption, run it again: it goes on. Until it\n"
      "has come to its end both master.key and master.key.next are needed.\n"
      "It is for a key in the file of `master_key`. For a server with a credential or the environment variable: stop\n"
      "it, write its key into that file (mode 0600), rotate without the variable, make the credential anew of the\n"
      "file, start the server.\n"
      "Example:\n"
      "  hssctl -C ./hss key rotate");
  app->action([&command] { run_rotate(command); });
}

}  // namespace hss::provisioning::key
