// SPDX-License-Identifier: MIT
#include "diameter/reloader.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <exception>
#include <system_error>
#include <utility>
#include <vector>

#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/peers.h"

namespace hss::diameter {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

/// What the handler writes to; -1: nobody waits.
std::atomic<int> told = -1;
static_assert(std::atomic<int>::is_always_lock_free);

void on_hang_up(int /*signal*/) {
  const int before = errno;
  const std::uint64_t one = 1;
  const int file = told.load();
  if (file >= 0) static_cast<void>(::write(file, &one, sizeof one) == sizeof one);
  errno = before;
}

void handle_hang_up(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGHUP, &action, nullptr);
}

void mask_hang_up(int how) {
  sigset_t set{};
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(how, &set, nullptr);
}

}  // namespace

std::string reload_settings(const std::filesystem::path& file, LiveSettings& live) {
  std::string report;
  const auto tell = [&report](void (*level)(std::string_view), const std::string& line) {
    level(line);
    report += line + '\n';
  };
  try {
    const Reload reload = hss::reload(live.now().settings, read_settings(file));
    if (!reload.changed.empty()) {
      live.put(reload.settings, {});  // nobody else is let in who may not; then those who are in
      std::vector<std::string> expelled = not_admitted_by(live.now().access);
      for (const std::string& peer : expelled) {
        tell(log::warn, "peer " + log::field(peer) + " [" + peer_address(peer) +
                            "] is connected and not admitted any more: what it asks is refused from here on");
      }
      log::set_level(reload.settings.log_level);
      if (!expelled.empty()) live.put(reload.settings, std::move(expelled));
    }
    tell(log::info, "settings were read again: " + (reload.changed.empty() ? std::string("nothing is new")
                                                                           : "new are " + log::joined(reload.changed)));
    if (!reload.needs_restart.empty()) {
      tell(log::warn, "these settings have changed and need a restart: " + log::joined(reload.needs_restart));
    }
  } catch (const std::exception& error) {
    tell(log::error, "the settings stay as they are: " + log::without_contents(error.what()));
  }
  return report;
}

Reloader::Reloader() : signals_(checked(eventfd(0, EFD_CLOEXEC), "eventfd")) {
  told = signals_;
  handle_hang_up(on_hang_up);
  mask_hang_up(SIG_BLOCK);  // freeDiameter's threads need not be woken
}

Reloader::~Reloader() {
  handle_hang_up(SIG_IGN);
  stop_ = true;
  on_hang_up(SIGHUP);
  if (thread_.joinable()) thread_.join();
  told = -1;
  ::close(signals_);
}

void Reloader::start(std::function<void()> reload) {
  thread_ = std::thread([this, reload = std::move(reload)] { run(reload); });
}

void Reloader::run(const std::function<void()>& reload) const {
  mask_hang_up(SIG_UNBLOCK);
  std::uint64_t count = 0;
  pollfd come{signals_, POLLIN, 0};
  while (!stop_) {
    if (::poll(&come, 1, -1) < 0 && errno != EINTR) return;
    if ((come.revents & POLLIN) != 0 && ::read(signals_, &count, sizeof count) == sizeof count && !stop_) reload();
    come.revents = 0;
  }
}

}  // namespace hss::diameter
