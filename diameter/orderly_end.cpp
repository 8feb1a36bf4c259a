// SPDX-License-Identifier: MIT
#include "diameter/orderly_end.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

#include <chrono>
#include <ctime>
#include <exception>
#include <future>
#include <memory>
#include <string>

#include "diameter/log.h"
#include "diameter/open_files.h"
#include "diameter/peer_table.h"

// Of libfdcore, exported and not in its public headers: what its own end begins with. Both may come again.
extern "C" {
int fd_servers_stop(void);
int fd_psm_terminate(struct fd_peer* peer, char* reason);
}

namespace hss::diameter {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kForRequests{1500};
constexpr milliseconds kForAnswers{200};      // to leave freeDiameter's queues
constexpr milliseconds kForPeers{2000};       // to answer DPR
constexpr milliseconds kForSockets{500};      // to be noticed as closed
constexpr milliseconds kForTheirThread{200};  // to begin to wait at its queue
constexpr milliseconds kLook{50};
constexpr int kNothing = -1;

fifo* exchange_main_queue(fifo* queue) {
  return __atomic_exchange_n(&fd_g_config->cnf_main_ev, queue, __ATOMIC_ACQ_REL);
}

std::size_t connected_peers() {
  std::size_t count = 0;
  for_each_peer([&](peer_hdr* peer) {
    if (fd_peer_get_state(peer) != STATE_ZOMBIE) ++count;
  });
  return count;
}

bool all_gone_within(milliseconds time) {
  for (const auto until = steady_clock::now() + time; connected_peers() > 0; std::this_thread::sleep_for(kLook)) {
    if (steady_clock::now() >= until) return false;
  }
  return true;
}

/// Nothing but Diameter is connected over IP here. Whoever waits for the other side is woken.
void shut_connections() {
  for (const int file : open_files()) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    if (getpeername(file, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    if (peer.ss_family == AF_INET || peer.ss_family == AF_INET6) ::shutdown(file, SHUT_RDWR);
  }
}

}  // namespace

OrderlyEnd::~OrderlyEnd() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  if (finishing_.joinable()) finishing_.join();
}

void OrderlyEnd::start() {
  thread_ = std::thread([this] { run(); });
}

void OrderlyEnd::run() {
  try {
    if (!fd::wait_until_served()) return;
    // It reads where its queue is once, and waits there. Should it still be on its way, it ends as it does by itself.
    std::this_thread::sleep_for(kForTheirThread);
    fd::check(fd_fifo_new(&ours_, 0), "make a queue of main events");
    theirs_ = exchange_main_queue(ours_);
    log::debug("an orderly end is prepared");
    relay();
    exchange_main_queue(theirs_);
    fd_fifo_del(&ours_);
  } catch (const std::exception& error) {
    log::warn("the end may take longer than it should: " + std::string(error.what()));
  }
}

void OrderlyEnd::relay() {
  while (!stop_) {
    timespec until{};
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    int code = kNothing;
    std::size_t size = 0;
    void* data = nullptr;
    if (fd_event_timedget(ours_, &until, kNothing, &code, &size, &data) != 0) return;
    if (code == kNothing) continue;
    const bool end = code == FDEV_TERMINATE_INT;
    if (end) drain();
    exchange_main_queue(theirs_);
    fd_event_send(theirs_, code, size, data);
    if (end) return;
    std::this_thread::sleep_for(kForTheirThread);
    exchange_main_queue(ours_);
  }
}

void OrderlyEnd::drain() {
  log::info("the end was asked for: what was accepted is answered, then peers are disconnected");
  std::promise<void> finished;
  auto done = finished.get_future();
  finishing_ = std::thread([this, told = std::move(finished)]() mutable {
    finish_();
    told.set_value();
  });
  fd_servers_stop();
  if (done.wait_for(kForRequests) != std::future_status::ready) {
    log::warn("some requests are not answered: their peers do not read, or the disk is slow");
  }
  // freeDiameter may send an answer over a connection that it is closing, and free it meanwhile: there must be none.
  fall_silent_();
  std::this_thread::sleep_for(kForAnswers);
  static char reason[] = "REBOOTING";
  for_each_peer([](peer_hdr* peer) { fd_psm_terminate(reinterpret_cast<fd_peer*>(peer), reason); });
  if (all_gone_within(kForPeers)) return;
  log::info(std::to_string(connected_peers()) + " peers do not answer DPR: their connections are closed");
  shut_connections();
  all_gone_within(kForSockets);
}

}  // namespace hss::diameter
