// hssctl check: looks for whatever is wrong in a database, or in a backup of it.
// SPDX-License-Identifier: MIT
#include <memory>
#include <optional>

#include "db/inspection.h"
#include "db/master_key.h"
#include "db/snapshot.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

void run_check(const std::string& file, Command& command) {
  const Settings settings = settings_of(command.directory);
  const bool backup = !file.empty();
  const std::filesystem::path database = backup ? std::filesystem::path(file) : settings.database;

  std::size_t findings = 0;
  const auto tell = [&](const db::Finding& finding) {
    ++findings;
    if (command.json) {
      command.out << compact({{"where", finding.where}, {"what", finding.what}, {"remedy", finding.remedy}}) << '\n';
    } else {
      command.out << one_line(finding.where + ": " + finding.what + ": " + finding.remedy) << '\n';
    }
  };
  std::optional<db::KeyVault> vault;
  try {
    vault.emplace(db::open_master_key(settings.master_key));
  } catch (const db::KeyVaultError& error) {
    const std::string text = error.what();
    const auto remedy = text.find("; ");
    tell({"master key", text.substr(0, remedy), remedy == std::string::npos ? "" : text.substr(remedy + 2)});
  }
  const db::Snapshot snapshot(database, backup ? db::Snapshot::Of::kBackup : db::Snapshot::Of::kLive);
  db::inspect(snapshot.handle(), vault ? &*vault : nullptr, tell);
  if (findings > 0) throw Failure(printable(database.string()) + ": " + count_of(findings, "finding"));
  if (!command.json) {
    command.out << printable(database.string()) << ": good, "
                << count_of(static_cast<std::size_t>(snapshot.subscribers()), "subscriber") << '\n';
  }
}

}  // namespace

void add_check(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("check", "look for damage in the database or a backup, and change nothing");
  const auto file = std::make_shared<std::string>();
  app->add_option("FILE", *file, "a backup; left out: the database of the directory")->type_name("");
  app->footer(
      "Each finding is a line: where, what, what to do; with --json an object a line. With one or more the exit code\n"
      "is 1. Looked at: the file itself, references between its tables, whether every key opens with the master key,\n"
      "sequence numbers, service profiles, registrations. A server may run meanwhile.\n"
      "Example:\n"
      "  hssctl -C ./hss check /backup/hss-monday.db");
  app->action([file, &command] { run_check(*file, command); });
}

}  // namespace hss::provisioning
