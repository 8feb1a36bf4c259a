// SPDX-License-Identifier: MIT
#include "diameter/newcomers.h"

#include <exception>
#include <string_view>
#include <thread>
#include <utility>

#include "diameter/avp_reader.h"
#include "diameter/avp_table.h"
#include "diameter/cancellation.h"
#include "diameter/dictionary.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/peer_table.h"
#include "diameter/peers.h"
#include "diameter/repeated_lines.h"
#include "diameter/shown_certificate.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

constexpr std::chrono::seconds kPatience{1};
constexpr std::chrono::milliseconds kStep{2};

Newcomers::Known look_among_peers(const std::string& name) {
  Newcomers::Known known = Newcomers::Known::kNothing;
  for_each_peer([&](peer_hdr* peer) {  // a name is there once
    if (!ascii::same_without_case({peer->info.pi_diamid, peer->info.pi_diamidlen}, name)) return;
    if (peer->info.config.pic_flags.persist == PI_PRST_ALWAYS) {
      known = Newcomers::Known::kOurs;
    } else if (fd_peer_get_state(peer) != STATE_ZOMBIE) {
      known = Newcomers::Known::kPeer;
    }
  });
  return known;
}

Newcomers& newcomers() {
  static Newcomers instance(&look_among_peers);
  return instance;
}

/// Of the connection that this thread looks at; empty when there is none.
std::string& current() {
  thread_local std::string name;
  return name;
}

bool& told() {
  thread_local bool yes = false;
  return yes;
}

std::string origin_host(msg* message) {
  return ascii::lower(parsed_octets(find_avp(message, avps::kOriginHost), avps::kOriginHost));
}

bool wait_for_turn(const std::string& name) {
  const auto end = Newcomers::Clock::now() + kPatience;
  while (!newcomers().claim(name, Newcomers::Clock::now())) {
    if (Newcomers::Clock::now() > end) return false;
    std::this_thread::sleep_for(kStep);
  }
  return true;
}

}  // namespace

bool Newcomers::claim(const std::string& name, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(going_on_, [now](const auto& entry) { return now - entry.second > kLongest; });
  if (going_on_.find(name) != going_on_.end()) return false;
  const Known known = look_(name);
  if (known == Known::kPeer) return false;
  if (known == Known::kNothing) going_on_.emplace(name, now);
  return true;
}

void Newcomers::settled(const std::string& name) {
  const std::lock_guard lock(mutex_);
  going_on_.erase(name);
}

void take_capabilities(msg* message, const char* connection) noexcept {
  const NoCancellation guard;
  try {
    msg_hdr& header = fd::header(message);
    if (header.msg_code != command_code::kCapabilitiesExchange || (header.msg_flags & CMD_FLAG_REQUEST) == 0) return;
    const std::string name = origin_host(message);
    if (name.empty()) return;  // refused anyway
    if (look_among_peers(name) == Newcomers::Known::kOurs && !shown_certificate_names(name)) {
      header.msg_code = 0;  // as below
      told() = true;
      const std::string address = address_in(connection == nullptr ? "" : connection);
      repeated_warnings().tell("newcomer " + name,
                               "peer " + log::field(name) + " [" + address + "] refused: " + std::string(kOtherName));
      return;
    }
    if (wait_for_turn(name)) {
      current() = name;
      return;
    }
    header.msg_code = 0;  // a command that nobody knows: the connection is closed
    repeated_warnings().tell("newcomer " + name, "peer " + log::field(name) +
                                                     " refused: it is connected already, or connects twice at once");
  } catch (const std::exception& fault) {
    log::error(std::string("a CER is handed on unseen: ") + fault.what());
  }
}

bool told_of_newcomer() noexcept { return std::exchange(told(), false); }

void capabilities_settled(peer_hdr* peer) noexcept {
  const NoCancellation guard;
  try {
    if (peer != nullptr) {
      newcomers().settled(ascii::lower({peer->info.pi_diamid, peer->info.pi_diamidlen}));
    } else if (!current().empty()) {
      newcomers().settled(std::exchange(current(), {}));
    }
  } catch (const std::exception& fault) {
    log::error(std::string("a name is kept waiting: ") + fault.what());
  }
}

}  // namespace hss::diameter
