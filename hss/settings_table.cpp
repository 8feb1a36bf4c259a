// The rows of hss.toml, and what their values may be.
// SPDX-License-Identifier: MIT
#include "hss/settings_table.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/sip_uri.h"
#include "hss/utf8.h"

namespace hss::settings {
namespace {

constexpr unsigned kLargestInd = 65535;  // 16 bits, the most that ind_bits can be
constexpr std::array<std::string_view, 6> kLogLevels{"trace", "debug", "info", "warn", "error", "off"};

const std::string& text(const Value& value) { return std::get<std::string>(value); }
unsigned number(const Value& value) { return static_cast<unsigned>(std::get<std::int64_t>(value)); }
const std::vector<std::string>& list(const Value& value) { return std::get<std::vector<std::string>>(value); }

std::optional<unsigned> parse_ind(std::string_view digits) {
  unsigned value = 0;
  if (digits.empty() || digits.size() > 5 || !ascii::all_digits(digits)) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (value > kLargestInd) return std::nullopt;
  return value;
}

std::optional<IndRange> parse_ind_range(std::string_view range) {
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_ind(range.substr(0, dash));
  const auto last = parse_ind(range.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return IndRange{*first, *last};
}

std::string range_text(const IndRange& range) { return std::to_string(range.first) + '-' + std::to_string(range.last); }

/// In lower case, without a final dot.
std::optional<std::string> canonical_host_name(std::string_view name) {
  if (name.find_first_of("@:;?[") != std::string_view::npos) return std::nullopt;
  const auto uri = parse_sip_uri("sip:" + std::string(name));
  if (!uri) return std::nullopt;
  return uri->host;
}

bool is_host_name(std::string_view name) { return canonical_host_name(name).has_value(); }

bool is_address(std::string_view address) {
  if (address.size() >= INET6_ADDRSTRLEN) return false;
  in6_addr octets{};
  const std::string terminated(address);
  return address.find('\0') == std::string_view::npos && (inet_pton(AF_INET, terminated.c_str(), &octets) == 1 ||
                                                          inet_pton(AF_INET6, terminated.c_str(), &octets) == 1);
}

bool is_peer(std::string_view peer) { return is_host_name(peer.starts_with("*.") ? peer.substr(2) : peer); }

bool is_path(std::string_view path) { return !path.empty() && path.find('\0') == std::string_view::npos; }

bool is_pool_entry(std::string_view entry) { return parse_pool_entry(entry).has_value(); }

/// RFC 6733 4.3.1: scheme, host, port and the parameters transport and protocol, in that order.
bool is_charging_function(std::string_view uri) { return uri.empty() || is_diameter_uri(uri); }

constexpr std::string_view kChargingFunction = "a DiameterURI, aaa://host:port;transport=tcp or aaas://..., or empty";

bool is_ind_range(std::string_view range) { return parse_ind_range(range).has_value(); }

bool is_amf(std::string_view amf) { return amf.size() == 4 && std::ranges::all_of(amf, ascii::is_hex); }

const Row kRows[] = {
    {.section = "store",
     .key = "database",
     .allowed = "a path",
     .why = "The SQLite file with the subscribers. A relative path counts from the directory of this file.",
     .get = [](const Settings& s) -> Value { return s.database.string(); },
     .set = [](Settings& s, const Value& value) { s.database = text(value); },
     .text_allowed = is_path,
     .is_path = true},
    {.section = "store",
     .key = "master_key",
     .allowed = "a path",
     .why = "The key file (mode 0600) under which subscribers' keys are encrypted; without it the database is useless.",
     .get = [](const Settings& s) -> Value { return s.master_key.string(); },
     .set = [](Settings& s, const Value& value) { s.master_key = text(value); },
     .text_allowed = is_path,
     .is_path = true},
    {.section = "store",
     .key = "queue_limit",
     .allowed = "",
     .why = "Requests that may wait for the store; one more is answered DIAMETER_TOO_BUSY at once.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.queue_limit}; },
     .set = [](Settings& s, const Value& value) { s.queue_limit = number(value); },
     .least = 1,
     .most = 1'000'000},
    {.section = "store",
     .key = "batch_limit",
     .allowed = "",
     .why = "Requests that share one commit, at the most: more give throughput, fewer a shorter wait for the first.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.batch_limit}; },
     .set = [](Settings& s, const Value& value) { s.batch_limit = number(value); },
     .least = 1,
     .most = 65'536},
    {.section = "diameter",
     .key = "listen",
     .allowed = "an IPv4 or IPv6 address",
     .why = "Addresses to accept connections on, loopback included; none: as freeDiameter.conf says.",
     .get = [](const Settings& s) -> Value { return s.listen; },
     .set = [](Settings& s, const Value& value) { s.listen = list(value); },
     .text_allowed = is_address},
    {.section = "diameter",
     .key = "peers",
     .allowed = "a Diameter identity (host name), or '*.' and a realm for all its hosts",
     .why = "Who may connect without TLS: CSCFs and Diameter agents. Nobody else gets in.",
     .get = [](const Settings& s) -> Value { return s.peers; },
     .set = [](Settings& s, const Value& value) { s.peers = list(value); },
     .text_allowed = is_peer},
    {.section = "cx",
     .key = "unknown_scheme",
     .allowed = "'own' or 'strict'",
     .why = "How to answer scheme 'Unknown': with the identity's own scheme, as most S-CSCFs expect, or as the "
            "specification says.",
     .get = [](const Settings& s) -> Value {
       return std::string(s.cx.unknown_scheme == UnknownScheme::kStrict ? "strict" : "own");
     },
     .set =
         [](Settings& s, const Value& value) {
           s.cx.unknown_scheme = text(value) == "strict" ? UnknownScheme::kStrict : UnknownScheme::kOwn;
         },
     .text_allowed = [](std::string_view scheme) { return scheme == "own" || scheme == "strict"; }},
    {.section = "cx",
     .key = "max_vectors",
     .allowed = "",
     .why = "Authentication vectors in one answer, at the most. Each one uses up an SQN, so one is best.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.cx.max_vectors}; },
     .set = [](Settings& s, const Value& value) { s.cx.max_vectors = number(value); },
     .least = 1,
     .most = 5},
    {.section = "cx",
     .key = "auth_pending_seconds",
     .allowed = "",
     .why = "How long an S-CSCF that was given a vector keeps its claim on the user while its SAR does not come.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.cx.auth_pending_seconds}; },
     .set = [](Settings& s, const Value& value) { s.cx.auth_pending_seconds = number(value); },
     .least = 1,
     .most = 86'400},
    {.section = "cx",
     .key = "scscf_pool",
     .allowed = "a SIP URI, or a SIP URI, a space and a weight from 1 to 100",
     .why =
         "S-CSCFs to offer for users that have no servers or capabilities of their own; each user gets its own order, "
         "and a server comes first as often as its weight says.",
     .get = [](const Settings& s) -> Value { return s.cx.scscf_pool; },
     .set = [](Settings& s, const Value& value) { s.cx.scscf_pool = list(value); },
     .text_allowed = is_pool_entry},
    {.section = "cx",
     .key = "primary_event_charging",
     .allowed = kChargingFunction,
     .why = "The online charging function that S-CSCFs are told of (Charging-Information), for users without one of "
            "their own.",
     .get = [](const Settings& s) -> Value { return s.cx.charging.primary_event; },
     .set = [](Settings& s, const Value& value) { s.cx.charging.primary_event = text(value); },
     .text_allowed = is_charging_function},
    {.section = "cx",
     .key = "secondary_event_charging",
     .allowed = kChargingFunction,
     .why = "The online charging function to use when the primary one fails.",
     .get = [](const Settings& s) -> Value { return s.cx.charging.secondary_event; },
     .set = [](Settings& s, const Value& value) { s.cx.charging.secondary_event = text(value); },
     .text_allowed = is_charging_function},
    {.section = "cx",
     .key = "primary_charging_collection",
     .allowed = kChargingFunction,
     .why = "The offline charging function (CDF) that S-CSCFs are told of, for users without one of their own.",
     .get = [](const Settings& s) -> Value { return s.cx.charging.primary_collection; },
     .set = [](Settings& s, const Value& value) { s.cx.charging.primary_collection = text(value); },
     .text_allowed = is_charging_function},
    {.section = "cx",
     .key = "secondary_charging_collection",
     .allowed = kChargingFunction,
     .why = "The offline charging function to use when the primary one fails.",
     .get = [](const Settings& s) -> Value { return s.cx.charging.secondary_collection; },
     .set = [](Settings& s, const Value& value) { s.cx.charging.secondary_collection = text(value); },
     .text_allowed = is_charging_function},
    {.section = "sqn",
     .key = "cx_ind",
     .allowed = "FIRST-LAST with 0 <= FIRST <= LAST <= 65535",
     .why = "SQN indices for vectors on Cx. An EPC HSS with the same cards must use others (TS 33.102 C.3.4).",
     .get = [](const Settings& s) -> Value { return range_text(s.sqn.cx); },
     .set = [](Settings& s, const Value& value) { s.sqn.cx = parse_ind_range(text(value)).value(); },
     .text_allowed = is_ind_range},
    {.section = "sqn",
     .key = "swx_ind",
     .allowed = "FIRST-LAST with 0 <= FIRST <= LAST <= 65535",
     .why = "SQN indices for vectors on SWx; apart from those of Cx, so that Wi-Fi and IMS do not disturb each other.",
     .get = [](const Settings& s) -> Value { return range_text(s.sqn.swx); },
     .set = [](Settings& s, const Value& value) { s.sqn.swx = parse_ind_range(text(value)).value(); },
     .text_allowed = is_ind_range},
    {.section = "push",
     .key = "answer_seconds",
     .allowed = "",
     .why = "How long the answer of an S-CSCF to an RTR or a PPR is awaited.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.push.answer_seconds}; },
     .set = [](Settings& s, const Value& value) { s.push.answer_seconds = number(value); },
     .least = 1,
     .most = 300},
    {.section = "push",
     .key = "retry_seconds",
     .allowed = "",
     .why = "Wait before the second attempt; it doubles with each one after.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.push.retry_seconds}; },
     .set = [](Settings& s, const Value& value) { s.push.retry_seconds = number(value); },
     .least = 1,
     .most = 3600},
    {.section = "push",
     .key = "retry_most_seconds",
     .allowed = "",
     .why = "The longest wait between two attempts.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.push.retry_most_seconds}; },
     .set = [](Settings& s, const Value& value) { s.push.retry_most_seconds = number(value); },
     .least = 1,
     .most = 86400},
    {.section = "push",
     .key = "give_up_hours",
     .allowed = "",
     .why = "How long attempts go on before a request is given up.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.push.give_up_hours}; },
     .set = [](Settings& s, const Value& value) { s.push.give_up_hours = number(value); },
     .least = 1,
     .most = 720},
    {.section = "push",
     .key = "keep_days",
     .allowed = "",
     .why = "How long the outcome of a request is kept for 'hssctl push list'.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.push.keep_days}; },
     .set = [](Settings& s, const Value& value) { s.push.keep_days = number(value); },
     .least = 1,
     .most = 3650},
    {.section = "log",
     .key = "level",
     .allowed = "'trace', 'debug', 'info', 'warn', 'error' or 'off'",
     .why = "From 'info' on there is a line for every transaction. Keys are written at no level.",
     .get = [](const Settings& s) -> Value { return s.log_level; },
     .set = [](Settings& s, const Value& value) { s.log_level = text(value); },
     .text_allowed = [](std::string_view level) { return std::ranges::find(kLogLevels, level) != kLogLevels.end(); }},
    {.section = "provisioning",
     .key = "home_domain",
     .allowed = "a domain name, or empty",
     .why = "Domain of the identities that hssctl derives; empty: ims.mncNNN.mccNNN.3gppnetwork.org of the IMSI.",
     .get = [](const Settings& s) -> Value { return s.home_domain; },
     .set = [](Settings& s, const Value& value) { s.home_domain = canonical_host_name(text(value)).value_or(""); },
     .text_allowed = [](std::string_view domain) { return domain.empty() || is_host_name(domain); }},
    {.section = "provisioning",
     .key = "default_amf",
     .allowed = "4 hexadecimal digits",
     .why = "AMF of subscribers provisioned without one; its first bit must be set for EPS and EAP-AKA' "
            "(TS 33.102 Annex H).",
     .get = [](const Settings& s) -> Value { return s.default_amf; },
     .set = [](Settings& s, const Value& value) { s.default_amf = text(value); },
     .text_allowed = is_amf},
};

}  // namespace

std::span<const Row> rows() { return kRows; }

std::string full_name(const Row& row) { return std::string(row.section) + '.' + std::string(row.key); }

std::string allowed_values(const Row& row) {
  const Value sample = row.get(Settings{});
  if (std::holds_alternative<std::int64_t>(sample)) {
    return "a whole number from " + std::to_string(row.least) + " to " + std::to_string(row.most);
  }
  const std::string allowed(row.allowed);
  return std::holds_alternative<std::string>(sample) ? "a text in quotes: " + allowed
                                                     : "a list of texts, each " + allowed;
}

std::optional<std::string> complaint(const Row& row, const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (*whole >= row.least && *whole <= row.most) return std::nullopt;
    return "is " + std::to_string(*whole) + "; it must be " + allowed_values(row);
  }
  if (const auto* one = std::get_if<std::string>(&value)) {
    if (row.text_allowed(*one) && is_utf8(*one)) return std::nullopt;
    return "must be " + allowed_values(row);
  }
  for (const std::string& member : list(value)) {
    if (!row.text_allowed(member) || !is_utf8(member)) {
      return "has '" + printable(member) + "', which is not " + std::string(row.allowed);
    }
  }
  return std::nullopt;
}

std::optional<Conflict> conflict(const Settings& settings) {
  const IndRange& cx = settings.sqn.cx;
  const IndRange& swx = settings.sqn.swx;
  if (cx.last < swx.first || swx.last < cx.first) return std::nullopt;
  return Conflict{
      std::ranges::find(kRows, "swx_ind", &Row::key), std::ranges::find(kRows, "cx_ind", &Row::key),
      "is " + range_text(swx) + ", which overlaps sqn.cx_ind (" + range_text(cx) + "); give each its own indices"};
}

std::string to_toml(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* one = std::get_if<std::string>(&value)) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char c : *one) {
      if (ascii::is_control(c)) {
        const auto code = static_cast<unsigned char>(c);
        out += "\\u00";
        out += kDigits[code / 16U];
        out += kDigits[code % 16U];
      } else {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
    }
    return out + '"';
  }
  std::string out = "[";
  for (const std::string& member : list(value)) {
    if (out.size() > 1) out += ", ";
    out += to_toml(member);
  }
  return out + ']';
}

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out(text.substr(0, kLongest));
  std::ranges::replace_if(
      out, [](char c) { return !ascii::is_visible(c) && c != ' '; }, '?');
  return text.size() > kLongest ? out + "..." : out;
}

}  // namespace hss::settings
