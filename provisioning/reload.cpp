// hssctl reload: has a running server read hss.toml again, and says what became of it.
// SPDX-License-Identifier: MIT
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "db/server_lock.h"
#include "hss/error_text.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kLook{20};

db::RunningServer server_of(const Settings& settings) {
  auto server = db::running_server(settings.database);
  if (!server) {
    throw Failure("no server runs on " + printable(settings.database.string()) +
                  ": it reads hss.toml when it starts (freeDiameterd -c DIR/freeDiameter.conf)");
  }
  return std::move(*server);
}

/// What the server that was there before says of the reload that follows.
std::string report_of(const db::RunningServer& before, const Settings& settings) {
  const std::string name = "the server (process " + std::to_string(before.process) + ")";
  if (::kill(before.process, SIGHUP) != 0) {
    throw Failure(name + " cannot be sent SIGHUP (" + error_text(errno) + "): run this as its user, or as root");
  }
  for (const auto until = steady_clock::now() + kPatience; steady_clock::now() < until;
       std::this_thread::sleep_for(kLook)) {
    const auto now = db::running_server(settings.database);
    if (!now || now->process != before.process) throw Failure(name + " has ended; look at its log");
    if (now->reloads > before.reloads) return now->report;
  }
  throw Failure(name + " was sent SIGHUP and has not answered for " + std::to_string(kPatience.count()) +
                " seconds: look at its log");
}

void run_reload(Command& command) {
  const Settings settings = settings_of(command.directory);  // what is no good is said here, and no server is asked
  const db::RunningServer before = server_of(settings);
  if (before.process == 0) {
    throw Failure("the server runs where its process cannot be seen (another container): send it SIGHUP there");
  }
  const std::string report = report_of(before, settings);
  if (command.json) {
    command.out << compact({{"process", before.process}, {"report", report}}) << '\n';
    return;
  }
  command.out << report;
}

}  // namespace

void add_reload(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("reload", "have a running server read hss.toml again");
  app->footer(
      "Connections stay. It says which settings are new, and which of them need a restart; with a file that is no "
      "good\n"
      "nothing changes. SIGHUP does the same ('systemctl reload minihss').\n"
      "Example:\n"
      "  hssctl -C ./hss reload");
  app->action([&command] { run_reload(command); });
}

}  // namespace hss::provisioning
