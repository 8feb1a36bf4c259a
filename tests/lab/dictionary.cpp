// SPDX-License-Identifier: MIT
#include "tests/lab/dictionary.h"

#include <arpa/inet.h>

#include <algorithm>

#include "hss/utf8.h"
#include "tests/lab/dictionary_table.h"

namespace hss::lab {
namespace {

/// Deeper nests nobody who means well.
constexpr unsigned kDeepest = 16;

struct CommandInfo {
  std::uint32_t code;
  bool base;  // of RFC 6733 itself
  std::string_view name;
  std::string_view letters;
};
constexpr CommandInfo kCommands[] = {
    {command::kCapabilitiesExchange, true, "Capabilities-Exchange", "CE"},
    {command::kDeviceWatchdog, true, "Device-Watchdog", "DW"},
    {command::kDisconnectPeer, true, "Disconnect-Peer", "DP"},
    {command::kUserAuthorization, false, "User-Authorization", "UA"},
    {command::kServerAssignment, false, "Server-Assignment", "SA"},
    {command::kLocationInfo, false, "Location-Info", "LI"},
    {command::kMultimediaAuth, false, "Multimedia-Auth", "MA"},
    {command::kRegistrationTermination, false, "Registration-Termination", "RT"},
    {command::kPushProfile, false, "Push-Profile", "PP"},
};

/// Other applications use the same codes for other commands.
const CommandInfo* command_of(const Message& message) {
  if (message.application != 0 && message.application != kCx && message.application != kSwx) return nullptr;
  for (const CommandInfo& row : kCommands) {
    if (row.code == message.command && row.base == (message.application == 0)) return &row;
  }
  return nullptr;
}

std::string_view name_of_result(const ResultOf& result) {
  const auto row = std::ranges::find(result_table(), result, &ResultInfo::result);
  return row == result_table().end() ? std::string_view() : row->name;
}

std::string with_number(std::string_view name, const std::string& number) {
  return name.empty() ? number : std::string(name) + " (" + number + ")";
}

std::string enumerated_text(AvpId id, std::uint32_t value) {
  std::string_view name;
  if (id == avp::kResultCode) name = name_of_result({0, value});
  // Its Vendor-Id is another AVP, and on Cx and SWx always 3GPP's.
  if (id == avp::kExperimentalResultCode) name = name_of_result({kVendor3gpp, value});
  for (const ValueInfo& row : value_table()) {
    if (row.id == id && row.value == value) name = row.name;
  }
  return with_number(name, std::to_string(value));
}

std::string number_text(const Avp& avp) {
  if (const auto value = avp.number()) return std::to_string(*value);
  if (avp.data.size() != 8) return to_hex(avp.data);
  std::uint64_t value = 0;
  for (const std::uint8_t octet : avp.data) value = value << 8 | octet;
  return std::to_string(value);
}

void append_escaped(std::string& out, std::uint8_t octet) {
  out += "\\x";
  out += to_hex(std::span(&octet, 1));
}

/// On one line, and without anything that a terminal takes for a command.
std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view before = text;
    const auto character = take_utf8(text);
    if (!character) {
      append_escaped(out, static_cast<std::uint8_t>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    const std::string_view taken = before.substr(0, before.size() - text.size());
    if (*character == '\n') {
      out += "\\n";
    } else if (*character == '\t') {
      out += "\\t";
    } else if (*character == '\\') {
      out += "\\\\";
    } else if (*character < 0x20 || (*character >= 0x7F && *character < 0xA0)) {
      for (const char one : taken) append_escaped(out, static_cast<std::uint8_t>(one));
    } else {
      out += taken;
    }
  }
  return out;
}

/// RFC 6733 4.3.1; four octets alone are an address of RADIUS (RFC 7155 4.4.10.5.1).
std::string address_text(const Bytes& data) {
  char text[INET6_ADDRSTRLEN] = {};
  const auto is = [&data](std::uint8_t family, std::size_t size) {
    return data.size() == size && data[0] == 0 && data[1] == family;
  };
  const char* shown = nullptr;
  if (data.size() == 4) shown = inet_ntop(AF_INET, data.data(), text, sizeof text);
  if (is(1, 6)) shown = inet_ntop(AF_INET, data.data() + 2, text, sizeof text);
  if (is(2, 18)) shown = inet_ntop(AF_INET6, data.data() + 2, text, sizeof text);
  return shown == nullptr ? to_hex(data) : shown;
}

bool is_secret(const Avp& avp) {
  constexpr std::size_t kRandAndAuts = 30;
  const AvpInfo* const info = info_of(avp.id);
  if (info == nullptr || !info->secret) return false;
  // In a MAR it is no XRES: RAND || AUTS went by radio already.
  return avp.id != avp::kSipAuthorization || avp.data.size() != kRandAndAuts;
}

void describe(const std::vector<Avp>& avps, unsigned depth, bool show_secrets, std::vector<AvpLine>& out) {
  for (const Avp& avp : avps) {
    out.push_back({depth, name_of(avp.id), value_text(avp, show_secrets)});
    const AvpInfo* const info = info_of(avp.id);
    if (info == nullptr || info->kind != AvpKind::kGrouped) continue;
    const auto members = depth < kDeepest ? avp.members() : std::nullopt;
    if (members) {
      describe(*members, depth + 1, show_secrets, out);
      continue;
    }
    // Not in hexadecimal: there may be a key among them.
    out.back().value = "(" + std::to_string(avp.data.size()) +
                       (depth < kDeepest ? " octets that are not whole AVPs)" : " octets in it, too deep to show)");
  }
}

}  // namespace

const AvpInfo* info_of(AvpId id) {
  const auto row = std::ranges::find(avp_table(), id, &AvpInfo::id);
  return row == avp_table().end() ? nullptr : &*row;
}

std::string name_of(AvpId id) {
  if (const AvpInfo* const info = info_of(id)) return std::string(info->name);
  std::string out = "AVP " + std::to_string(id.code);
  if (id.vendor != 0) out += " of vendor " + std::to_string(id.vendor);
  return out;
}

std::string short_name(const Message& message) {
  const CommandInfo* const row = command_of(message);
  if (row == nullptr) return std::to_string(message.command);
  std::string out = message.application == kSwx ? "SWx-" : "";
  out += row->letters;
  return out + (message.request ? "R" : "A");
}

std::string long_name(const Message& message) {
  const CommandInfo* const row = command_of(message);
  return (row == nullptr ? std::to_string(message.command) : std::string(row->name)) +
         (message.request ? "-Request" : "-Answer");
}

std::string result_text(const ResultOf& result) {
  std::string number = std::to_string(result.code);
  if (result.vendor == kVendor3gpp) {
    number = "3GPP " + number;
  } else if (result.vendor != 0) {
    number = "vendor " + std::to_string(result.vendor) + " " + number;
  }
  const std::string_view name = name_of_result(result);
  return with_number(name.empty() ? "unknown result" : name, number);
}

std::string value_text(const Avp& avp, bool show_secrets) {
  if (!show_secrets && is_secret(avp)) return "(" + std::to_string(avp.data.size()) + " octets, hidden)";
  const AvpInfo* const info = info_of(avp.id);
  switch (info == nullptr ? AvpKind::kOctets : info->kind) {
    case AvpKind::kText:
      return printable(avp.text());
    case AvpKind::kNumber:
      return number_text(avp);
    case AvpKind::kEnumerated:
      if (const auto value = avp.number()) return enumerated_text(avp.id, *value);
      return to_hex(avp.data);
    case AvpKind::kAddress:
      return address_text(avp.data);
    case AvpKind::kGrouped:
      return {};
    case AvpKind::kOctets:
      break;
  }
  return to_hex(avp.data);
}

std::vector<AvpLine> describe(const Message& message, bool show_secrets) {
  std::vector<AvpLine> out;
  describe(message.avps, 0, show_secrets, out);
  return out;
}

}  // namespace hss::lab
