// The extension that freeDiameter loads: the one place where the wire meets the store. From hss.toml it builds
// everything, or says in one line why it cannot; at the end it takes everything down in the reverse order.
// SPDX-License-Identifier: MIT
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <freeDiameter/extension.h>
#pragma GCC diagnostic pop

#include "db/database.h"
#include "db/master_key.h"
#include "db/server_lock.h"
#include "db/transaction_loop.h"
#include "diameter/applications.h"
#include "diameter/cancellation.h"
#include "diameter/connection_watch.h"
#include "diameter/dispatch.h"
#include "diameter/fd.h"
#include "diameter/gathered_answers.h"
#include "diameter/listening.h"
#include "diameter/live_settings.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/orderly_end.h"
#include "diameter/overload.h"
#include "diameter/peers.h"
#include "diameter/preloaded_line.h"
#include "diameter/push.h"
#include "diameter/refusal_sender.h"
#include "diameter/reloader.h"
#include "diameter/scheduling.h"
#include "diameter/short_way.h"
#include "diameter/shown_certificate.h"
#include "diameter/supervision.h"
#include "hss/random.h"
#include "hss/resynchronisation_limit.h"
#include "hss/settings.h"

namespace hss::diameter {
namespace {

namespace fs = std::filesystem;

/// What lives from fd_ext_init to fd_ext_fini. The sender and the dispatcher go first: what they began is still
/// finished by the loop.
struct Server {
  explicit Server(const Settings& read) : settings(read) {}

  LiveSettings settings;
  SystemRandom system_random;
  PooledRandom random{system_random};
  ResynchronisationLimit resynchronisations;
  std::unique_ptr<db::ServerLock> lock;
  std::unique_ptr<GatheredAnswers> answers;
  std::unique_ptr<db::TransactionLoop> loop;
  std::unique_ptr<Overload> overload;
  std::unique_ptr<ShortWay> short_way;
  std::unique_ptr<Dispatcher> dispatcher;
  std::unique_ptr<PushSender> pushes;
  std::unique_ptr<ConnectionWatch> watch;
  std::unique_ptr<Supervision> supervision;
  std::unique_ptr<OrderlyEnd> end;
  std::unique_ptr<Reloader> reloader;
};

std::unique_ptr<Server>& server() {
  static std::unique_ptr<Server> instance;
  return instance;
}

/// The settings file that LoadExtension names; a relative name counts from the directory of freeDiameter's own
/// configuration, wherever freeDiameterd was started.
fs::path settings_file(const char* argument) {
  const fs::path configuration = fs::absolute(fd_g_config->cnf_file);
  if (argument == nullptr || *argument == '\0') {
    throw SettingsError(configuration.string() +
                        ": LoadExtension of hss.fdx names no settings: write LoadExtension = \"hss.fdx\" : "
                        "\"/path/to/hss.toml\";");
  }
  return configuration.parent_path() / argument;
}

void open_store(Server& server, const Settings& settings) {
  auto vault = db::open_master_key(settings.master_key);
  auto database = std::make_unique<db::Database>(settings.database, db::Database::Open::kExisting);
  server.lock = std::make_unique<db::ServerLock>(settings.database);
  db::TransactionLoopOptions options;
  options.queue_limit = settings.queue_limit;
  options.batch_limit = settings.batch_limit;
  options.memory = std::size_t{settings.cache_mib} << 20U;
  options.after_batch = [] {
    GatheredAnswers::flush_instance();
    log::flush();
  };
  options.on_slow_sync = [](std::chrono::milliseconds taken, std::size_t transactions) {
    log::warn("the disk took " + std::to_string(taken.count()) + " ms to write a commit, for which " +
              std::to_string(transactions) + (transactions == 1 ? " request" : " requests") + " waited");
  };
  options.on_preloaded = [mib = settings.cache_mib](const db::Preloaded& preloaded) {
    if (preloaded.all == 0) return;
    const std::string line = preloaded_line(preloaded, mib);
    preloaded.everybody ? log::info(line) : log::warn(line);
  };
  options.on_fault = [](const std::string& line) { log::error(line); };
  server.answers = std::make_unique<GatheredAnswers>();
  server.loop = std::make_unique<db::TransactionLoop>(std::move(database), std::move(vault), std::move(options));
}

void announce(const Settings& settings) {
  const std::size_t addresses = settings.listen.size();
  log::info("minihss " MINIHSS_VERSION ": database " + settings.database.string() + ", listening on " +
            std::to_string(addresses) + (addresses == 1 ? " address" : " addresses") +
            (addresses == 0 ? " of hss.toml (freeDiameter.conf decides)" : ": " + log::joined(settings.listen)) +
            ", port " + std::to_string(fd_g_config->cnf_port) + ", TLS port " +
            std::to_string(fd_g_config->cnf_port_tls));
  std::vector<std::string> served;
  for (const ApplicationRow& row : kApplicationRows) {
    if (is_served(settings, row.application)) served.emplace_back(name_of(row.application));
  }
  log::info("applications: " +
            (served.empty() ? std::string("none (see `applications` in hss.toml)") : log::joined(served)));
  if (settings.peers.empty()) {
    log::warn(
        "nobody can connect: the list of peers is empty; add the Diameter identities of CSCFs and 3GPP AAA servers to "
        "`peers` in hss.toml");
  }
}

/// One would hold every key that is in memory.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) log::warn("a crash may leave a core file, with keys in it");
}

void reload(const fs::path& file) {
  const std::string report = reload_settings(file, server()->settings);
  try {
    server()->lock->tell_reload(report);
  } catch (const std::exception& error) {
    log::warn(std::string("hssctl reload waits in vain: ") + error.what());
  }
}

void start(const char* argument) {
  const fs::path file = settings_file(argument);
  server() = std::make_unique<Server>(read_settings(file));
  const Settings& settings = server()->settings.now().settings;
  log::start(settings.log_level);
  server()->reloader = std::make_unique<Reloader>();  // before there are threads
  forbid_core_dumps();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that reaches a limit is an error of its write, not the end
  open_store(*server(), settings);
  if (const std::string problem = prefer_throughput(); !problem.empty()) {
    log::debug("the batch scheduling policy is not in force, throughput is less: " + problem);
  }
  listen_on(settings.listen);
  admit_peers(server()->settings);
  keep_shown_certificates();
  track_peer_addresses();
  const Services services{*server()->loop, server()->settings, server()->random, &server()->resynchronisations,
                          &RefusalSender::submit_to_instance};
  server()->overload = std::make_unique<Overload>(*server()->loop, settings);
  server()->short_way = std::make_unique<ShortWay>(services, settings);
  server()->dispatcher = std::make_unique<Dispatcher>(services);
  server()->pushes = std::make_unique<PushSender>(services, push_network());
  server()->pushes->start();
  server()->watch =
      std::make_unique<ConnectionWatch>(std::vector<std::uint16_t>{fd_g_config->cnf_port, fd_g_config->cnf_port_tls},
                                        static_cast<std::size_t>(std::max(1, fd_g_config->cnf_thr_srv)));
  server()->watch->start();
  announce(settings);
  server()->supervision = std::make_unique<Supervision>(*server()->loop, fd::wait_until_served);
  server()->supervision->start();
  server()->end = std::make_unique<OrderlyEnd>(
      [] {
        server()->supervision.reset();
        server()->loop->close();
      },
      [] {
        server()->overload->fall_silent();
        server()->short_way->fall_silent();
        server()->dispatcher->fall_silent();
      });
  server()->end->start();
  server()->reloader->start([file] { reload(file); });
}

void stop() noexcept {
  fd::give_up_waiting();
  if (server() != nullptr) {
    server()->reloader.reset();
    server()->end.reset();
    server()->supervision.reset();
    server()->watch.reset();
    server()->pushes.reset();
    server()->dispatcher.reset();
    if (server()->loop != nullptr) server()->loop->close();
  }
  forget_peers();
  server().reset();
  log::stop();
}

/// Ends freeDiameterd (exit code 255) when it returns anything but 0.
int enter(char* argument) {
  const NoCancellation guard;
  try {
    start(argument);
    return 0;
  } catch (const std::exception& error) {
    // To standard error whatever the log's level is: without it nobody would know why there is no server.
    std::fprintf(stderr, "hss.fdx: %s\n", log::without_contents(error.what()).c_str());
  } catch (...) {
    std::fprintf(stderr, "hss.fdx: an unknown error at start\n");
  }
  stop();
  return EINVAL;
}

void leave() {
  const NoCancellation guard;
  try {
    if (server() != nullptr) log::info("minihss is stopping");  // null when it never started
    stop();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hss.fdx: %s\n", log::without_contents(error.what()).c_str());
  }
}

}  // namespace
}  // namespace hss::diameter

extern "C" {
#pragma GCC visibility push(default)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
EXTENSION_ENTRY("hss", hss::diameter::enter)
#pragma GCC diagnostic pop
void fd_ext_fini() { hss::diameter::leave(); }
#pragma GCC visibility pop
}
