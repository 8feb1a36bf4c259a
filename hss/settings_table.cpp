// The rows of hss.toml, and what their values may be.
// SPDX-License-Identifier: MIT
#include "hss/settings_table.h"

#include <algorithm>

#include "hss/settings_values.h"
#include "hss/sip_uri.h"

namespace hss::settings {
namespace {

const std::string& text(const Value& value) { return std::get<std::string>(value); }
unsigned number(const Value& value) { return static_cast<unsigned>(std::get<std::int64_t>(value)); }
bool truth(const Value& value) { return std::get<bool>(value); }
const std::vector<std::string>& list(const Value& value) { return std::get<std::vector<std::string>>(value); }

const Row kRows[] = {
    {.section = "store",
     .key = "database",
     .allowed = "a path",
     .why = "The SQLite file with the subscribers. A relative path counts from the directory of this file.",
     .get = [](const Settings& s) -> Value { return s.database.string(); },
     .set = [](Settings& s, const Value& value) { s.database = text(value); },
     .text_allowed = is_path,
     .is_path = true,
     .taken = Taken::kAtStart},
    {.section = "store",
     .key = "master_key",
     .allowed = "a path",
     .why = "The key file (mode 0600) under which subscribers' keys are encrypted; without it the database is useless.",
     .get = [](const Settings& s) -> Value { return s.master_key.string(); },
     .set = [](Settings& s, const Value& value) { s.master_key = text(value); },
     .text_allowed = is_path,
     .is_path = true,
     .taken = Taken::kAtStart},
    {.section = "store",
     .key = "queue_limit",
     .allowed = "",
     .why = "Requests that may wait for the store; when as many do (over TCP without TLS, seven eighths of it), others "
            "are answered DIAMETER_TOO_BUSY at once.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.queue_limit}; },
     .set = [](Settings& s, const Value& value) { s.queue_limit = number(value); },
     .least = 1,
     .most = 1'000'000,
     .taken = Taken::kAtStart},
    {.section = "store",
     .key = "batch_limit",
     .allowed = "",
     .why = "Requests that share one commit, at the most: more give throughput, fewer a shorter wait for the first.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.batch_limit}; },
     .set = [](Settings& s, const Value& value) { s.batch_limit = number(value); },
     .least = 1,
     .most = 65'536,
     .taken = Taken::kAtStart},
    {.section = "store",
     .key = "cache_mib",
     .allowed = "",
     .why = "Memory in MiB, for pages of the database and for subscribers, some 1,250 in each; it is filled "
            "after the start.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.cache_mib}; },
     .set = [](Settings& s, const Value& value) { s.cache_mib = number(value); },
     .least = 8,
     .most = 1'048'576,
     .taken = Taken::kAtStart},
    {.section = "diameter",
     .key = "listen",
     .allowed = "an IPv4 or IPv6 address",
     .why = "Addresses to accept connections on, loopback included; none: as freeDiameter.conf says.",
     .get = [](const Settings& s) -> Value { return s.listen; },
     .set = [](Settings& s, const Value& value) { s.listen = list(value); },
     .text_allowed = is_address,
     .taken = Taken::kAtStart},
    {.section = "diameter",
     .key = "peers",
     .allowed = kPeerEntry,
     .why = "Who may connect: CSCFs, 3GPP AAA servers and Diameter agents. Nobody else gets in.",
     .get = [](const Settings& s) -> Value { return s.peers; },
     .set = [](Settings& s, const Value& value) { s.peers = list(value); },
     .text_allowed = is_peer_entry},
    {.section = "diameter",
     .key = "agents",
     .allowed = kPeerName,
     .why = "Those of them that are Diameter agents: they may pass on what others ask. What anybody else sends must "
            "have its own name as Origin-Host.",
     .get = [](const Settings& s) -> Value { return s.agents; },
     .set = [](Settings& s, const Value& value) { s.agents = list(value); },
     .text_allowed = is_peer_name},
    {.section = "diameter",
     .key = "applications",
     .allowed = "'cx' or 'swx'",
     .why = "What is served: Cx for CSCFs (IMS), SWx for 3GPP AAA servers (Wi-Fi and other non-3GPP access).",
     .get = [](const Settings& s) -> Value { return s.applications; },
     .set = [](Settings& s, const Value& value) { s.applications = list(value); },
     .text_allowed = [](std::string_view name) { return name == "cx" || name == "swx"; },
     .least = 1,
     .taken = Taken::kAtStart},
    {.section = "diameter",
     .key = "cx_peers",
     .allowed = kPeerName,
     .why = "Peers that may use Cx, of all that may connect; empty: every one. Others are answered "
            "DIAMETER_APPLICATION_UNSUPPORTED.",
     .get = [](const Settings& s) -> Value { return s.cx_peers; },
     .set = [](Settings& s, const Value& value) { s.cx_peers = list(value); },
     .text_allowed = is_peer_name},
    {.section = "diameter",
     .key = "cx_icscf_peers",
     .allowed = kPeerName,
     .why = "Peers that may send UAR and LIR, of those that may use Cx: the I-CSCFs; empty: every one. Others are "
            "answered DIAMETER_COMMAND_UNSUPPORTED.",
     .get = [](const Settings& s) -> Value { return s.cx_icscf_peers; },
     .set = [](Settings& s, const Value& value) { s.cx_icscf_peers = list(value); },
     .text_allowed = is_peer_name},
    {.section = "diameter",
     .key = "cx_scscf_peers",
     .allowed = kPeerName,
     .why = "The same for MAR and SAR: the S-CSCFs.",
     .get = [](const Settings& s) -> Value { return s.cx_scscf_peers; },
     .set = [](Settings& s, const Value& value) { s.cx_scscf_peers = list(value); },
     .text_allowed = is_peer_name},
    {.section = "diameter",
     .key = "swx_peers",
     .allowed = kPeerName,
     .why = "As cx_peers, for SWx. A peer counts by its connection: name the agent that requests come through.",
     .get = [](const Settings& s) -> Value { return s.swx_peers; },
     .set = [](Settings& s, const Value& value) { s.swx_peers = list(value); },
     .text_allowed = is_peer_name},
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
     .why = "How long an S-CSCF that was given a vector keeps its claim on the user while its SAR does not come. "
            "Half as long, at the least, after the last of several requests.",
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
    {.section = "swx",
     .key = "max_vectors",
     .allowed = "",
     .why = "As cx.max_vectors. A 3GPP AAA server that asks for several keeps them for the next authentications.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.swx.max_vectors}; },
     .set = [](Settings& s, const Value& value) { s.swx.max_vectors = number(value); },
     .least = 1,
     .most = 5},
    {.section = "swx",
     .key = "auth_pending_seconds",
     .allowed = "",
     .why = "How long a 3GPP AAA server that was given a vector keeps its claim on the user while its SAR does not "
            "come.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.swx.auth_pending_seconds}; },
     .set = [](Settings& s, const Value& value) { s.swx.auth_pending_seconds = number(value); },
     .least = 1,
     .most = 86'400},
    {.section = "swx",
     .key = "other_aaa_server",
     .allowed = "'already-registered' or 'redirect'",
     .why = "How to answer another 3GPP AAA server than the user's: with the error and the server's name, as since "
            "Release 12, or with a redirect, as before.",
     .get = [](const Settings& s) -> Value {
       return std::string(s.swx.other_aaa_server == OtherAaaServer::kRedirect ? "redirect" : "already-registered");
     },
     .set =
         [](Settings& s, const Value& value) {
           s.swx.other_aaa_server =
               text(value) == "redirect" ? OtherAaaServer::kRedirect : OtherAaaServer::kAlreadyRegistered;
         },
     .text_allowed = [](std::string_view how) { return how == "already-registered" || how == "redirect"; }},
    {.section = "swx",
     .key = "accept_digest_scheme",
     .allowed = "",
     .why = "Take the scheme 'Digest-AKAv1-MD5', which some test tools send on SWx, for EAP-AKA.",
     .get = [](const Settings& s) -> Value { return s.swx.accept_digest_scheme; },
     .set = [](Settings& s, const Value& value) { s.swx.accept_digest_scheme = truth(value); }},
    {.section = "sqn",
     .key = "cx_ind",
     .allowed = "FIRST-LAST with 0 <= FIRST <= LAST <= 65535",
     .why = "SQN indices for vectors on Cx. An EPC HSS with the same cards must use others (TS 33.102 C.3.4).",
     .get = [](const Settings& s) -> Value { return range_text(s.sqn.cx); },
     .set = [](Settings& s, const Value& value) { s.sqn.cx = parse_ind_range(text(value)).value(); },
     .text_allowed = is_ind_range,
     .taken = Taken::kAtStart},
    {.section = "sqn",
     .key = "swx_ind",
     .allowed = "FIRST-LAST with 0 <= FIRST <= LAST <= 65535",
     .why = "SQN indices for vectors on SWx; apart from those of Cx, so that Wi-Fi and IMS do not disturb each other.",
     .get = [](const Settings& s) -> Value { return range_text(s.sqn.swx); },
     .set = [](Settings& s, const Value& value) { s.sqn.swx = parse_ind_range(text(value)).value(); },
     .text_allowed = is_ind_range,
     .taken = Taken::kAtStart},
    {.section = "sqn",
     .key = "resynchronisations_per_minute",
     .allowed = "",
     .why = "AUTS of one key set that are looked at within a minute, good or bad; 0: as many as come.",
     .get = [](const Settings& s) -> Value { return std::int64_t{s.sqn.resynchronisations_per_minute}; },
     .set = [](Settings& s, const Value& value) { s.sqn.resynchronisations_per_minute = number(value); },
     .least = 0,
     .most = 100'000},
    {.section = "push",
     .key = "answer_seconds",
     .allowed = "",
     .why = "How long the answer of an S-CSCF or 3GPP AAA server to an RTR or a PPR is awaited.",
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
     .text_allowed = is_log_level},
    {.section = "provisioning",
     .key = "home_domain",
     .allowed = "a domain name, or empty",
     .why = "Domain of the identities that hssctl derives; empty: ims.mncNNN.mccNNN.3gppnetwork.org of the IMSI.",
     .get = [](const Settings& s) -> Value { return s.home_domain; },
     .set = [](Settings& s, const Value& value) { s.home_domain = canonical_host_name(text(value)).value_or(""); },
     .text_allowed = [](std::string_view domain) { return domain.empty() || is_host_name(domain); },
     .taken = Taken::kByHssctl},
    {.section = "provisioning",
     .key = "default_amf",
     .allowed = "4 hexadecimal digits",
     .why = "AMF of subscribers provisioned without one; its first bit must be set for EPS and EAP-AKA' "
            "(TS 33.102 Annex H).",
     .get = [](const Settings& s) -> Value { return s.default_amf; },
     .set = [](Settings& s, const Value& value) { s.default_amf = text(value); },
     .text_allowed = is_amf,
     .taken = Taken::kByHssctl},
    {.section = "provisioning",
     .key = "default_apns",
     .allowed = "the name of an APN template ('hssctl apn list')",
     .why = "APNs for non-3GPP access (Wi-Fi) of subscribers provisioned without any; the first is the default APN. "
            "Empty: no such access.",
     .get = [](const Settings& s) -> Value { return s.default_apns; },
     .set = [](Settings& s, const Value& value) { s.default_apns = list(value); },
     .text_allowed = is_apn_template,
     .taken = Taken::kByHssctl},
};

}  // namespace

std::span<const Row> rows() { return kRows; }

namespace {

const Row* find_row(std::string_view section, std::string_view key) {
  return std::ranges::find_if(kRows, [&](const Row& row) { return row.section == section && row.key == key; });
}

}  // namespace

std::optional<Conflict> conflict(const Settings& settings) {
  const IndRange& cx = settings.sqn.cx;
  const IndRange& swx = settings.sqn.swx;
  if (cx.last >= swx.first && swx.last >= cx.first) {
    return Conflict{
        find_row("sqn", "swx_ind"), find_row("sqn", "cx_ind"),
        "is " + range_text(swx) + ", which overlaps sqn.cx_ind (" + range_text(cx) + "); give each its own indices"};
  }
  std::vector<std::string> apns = settings.default_apns;
  std::ranges::sort(apns);
  if (const auto twice = std::ranges::adjacent_find(apns); twice != apns.end()) {
    const Row* row = find_row("provisioning", "default_apns");
    return Conflict{row, row, "has '" + printable(*twice) + "' twice; name each once"};
  }
  return std::nullopt;
}

}  // namespace hss::settings
