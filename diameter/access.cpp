// SPDX-License-Identifier: MIT
#include "diameter/access.h"

#include <algorithm>
#include <array>
#include <utility>

#include "diameter/applications.h"
#include "diameter/dictionary.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

/// The commands that one kind of peer sends, of those that use its application (TS 29.228 6.1, 6.3).
struct CommandRow {
  std::uint32_t application;
  std::uint32_t command;
  std::vector<std::string> Settings::*names;
  const char* setting;
};

constexpr std::array kCommandRows{
    CommandRow{kApplicationCx, command_code::kUserAuthorization, &Settings::cx_icscf_peers, "cx_icscf_peers"},
    CommandRow{kApplicationCx, command_code::kLocationInfo, &Settings::cx_icscf_peers, "cx_icscf_peers"},
    CommandRow{kApplicationCx, command_code::kMultimediaAuth, &Settings::cx_scscf_peers, "cx_scscf_peers"},
    CommandRow{kApplicationCx, command_code::kServerAssignment, &Settings::cx_scscf_peers, "cx_scscf_peers"},
};

std::vector<PeerName> names_of(const std::vector<std::string>& texts) {
  std::vector<PeerName> out;
  for (const std::string& text : texts) {
    if (auto name = parse_peer_name(text)) out.push_back(std::move(*name));
  }
  return out;
}

bool has(const std::vector<PeerName>& names, std::string_view identity) {
  return std::ranges::any_of(names, [identity](const PeerName& name) { return name.matches(identity); });
}

}  // namespace

Access::Access(const Settings& settings, std::vector<std::string> expelled)
    : agents_(names_of(settings.agents)), expelled_(std::move(expelled)) {
  for (const std::string& text : settings.peers) {
    if (auto entry = parse_peer_entry(text)) peers_.push_back(std::move(*entry));
  }
  const auto add = [this](std::uint32_t application, std::uint32_t command, const char* setting,
                          const std::vector<std::string>& names) {
    if (!names.empty()) senders_.push_back({application, command, setting, names_of(names)});
  };
  for (const ApplicationRow& row : kApplicationRows) add(row.id, 0, row.peers_setting, settings.*row.peers);
  for (const CommandRow& row : kCommandRows) add(row.application, row.command, row.setting, settings.*row.names);
}

Access::Entry Access::entry(std::string_view identity, std::string_view address) const {
  const auto from = parse_address_range(address);
  Entry out = Entry::kUnknown;
  for (const PeerEntry& peer : peers_) {
    if (!peer.name.matches(identity)) continue;
    const bool admitted =
        peer.addresses.empty() ||
        (from && std::ranges::any_of(peer.addresses, [&](const auto& range) { return range.contains(*from); }));
    if (admitted) return Entry::kAdmitted;
    out = Entry::kFromElsewhere;
  }
  return out;
}

bool Access::knows(std::string_view identity) const {
  return std::ranges::any_of(peers_, [identity](const PeerEntry& peer) { return peer.name.matches(identity); });
}

std::optional<Access::Refusal> Access::refusal(std::uint32_t application, std::uint32_t command, std::string_view peer,
                                               std::string_view origin_host) const {
  const auto is_peer = [peer](const std::string& name) { return ascii::same_without_case(name, peer); };
  if (std::ranges::any_of(expelled_, is_peer)) {
    return Refusal{result::kUnknownPeer, "the peer is not in `peers` in hss.toml any more: close its connection"};
  }
  for (const Senders& senders : senders_) {
    if (senders.application != application || (senders.command != 0 && senders.command != command)) continue;
    if (has(senders.names, peer)) continue;
    const ApplicationRow* const row = find_application(application);
    const std::string what = senders.command != 0
                                 ? "send this command"
                                 : "use " + std::string(row == nullptr ? "it" : name_of(row->application));
    const std::string remark =
        "the peer may not " + what + ": add it to `" + senders.setting + "` in hss.toml if it may";
    return Refusal{senders.command == 0 ? result::kApplicationUnsupported : result::kCommandUnsupported, remark};
  }
  if (origin_host.empty() || ascii::same_without_case(origin_host, peer) || has(agents_, peer)) return std::nullopt;
  return Refusal{result::kInvalidAvpValue,
                 "Origin-Host is not the peer's own name: add the peer to `agents` in hss.toml if it passes on what "
                 "others ask",
                 true};
}

}  // namespace hss::diameter
