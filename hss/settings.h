// Every setting of the HSS: the one file hss.toml, its defaults, and why each is there.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hss/subscriber.h"

namespace hss {

/// Indices of the SQN array, both ends included.
struct IndRange {
  unsigned first = 0;
  unsigned last = 0;
  friend bool operator==(const IndRange&, const IndRange&) = default;
};

enum class UnknownScheme : std::uint8_t { kOwn, kStrict };

struct CxSettings {
  UnknownScheme unknown_scheme = UnknownScheme::kOwn;
  unsigned max_vectors = 1;  // 1..5
  unsigned auth_pending_seconds = 300;
  /// The S-CSCFs for those who have none of their own: a SIP URI, and after a space its weight 1..100 (1 when left
  /// out).
  std::vector<std::string> scscf_pool;
  ChargingInformation charging;  // for subscriptions without charging functions of their own
  friend bool operator==(const CxSettings&, const CxSettings&) = default;
};

/// How a request of another 3GPP AAA server than the stored one is answered.
enum class OtherAaaServer : std::uint8_t {
  kAlreadyRegistered,  // DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED with 3GPP-AAA-Server-Name: since Release 12
  kRedirect,           // DIAMETER_REDIRECT_INDICATION with Redirect-Host: before
};

struct SwxSettings {
  unsigned max_vectors = 5;  // 1..5
  unsigned auth_pending_seconds = 300;
  OtherAaaServer other_aaa_server = OtherAaaServer::kAlreadyRegistered;
  bool accept_digest_scheme = false;  // "Digest-AKAv1-MD5" means EAP-AKA
  friend bool operator==(const SwxSettings&, const SwxSettings&) = default;
};

/// How requests to S-CSCFs and 3GPP AAA servers (RTR, PPR) are repeated. Seconds unless the name says otherwise.
struct PushSettings {
  unsigned answer_seconds = 10;  // how long an answer is awaited
  unsigned retry_seconds = 5;    // before the second attempt; doubled for each one after
  unsigned retry_most_seconds = 300;
  unsigned give_up_hours = 24;
  unsigned keep_days = 7;  // how long an outcome is shown
  friend bool operator==(const PushSettings&, const PushSettings&) = default;
};

struct SqnSettings {
  IndRange cx{0, 15};
  IndRange swx{16, 23};
  unsigned resynchronisations_per_minute = 20;  // of one key set; 0: as many as come
  friend bool operator==(const SqnSettings&, const SqnSettings&) = default;
};

struct Settings {
  // [store]; paths are absolute once read (relative ones count from the directory of hss.toml)
  std::filesystem::path database = "hss.db";
  std::filesystem::path master_key = "master.key";
  unsigned queue_limit = 2048;
  unsigned batch_limit = 256;
  unsigned cache_mib = 256;  // MiB
  // [diameter]
  std::vector<std::string> listen{"127.0.0.1"};
  std::vector<std::string> peers;                      // as parse_peer_entry() reads them
  std::vector<std::string> agents;                     // this and all below: as parse_peer_name() does
  std::vector<std::string> applications{"cx", "swx"};  // those that are served
  /// Those of `peers` that may use an application, or send its requests; empty: all of them.
  std::vector<std::string> cx_peers;
  std::vector<std::string> cx_icscf_peers;  // UAR, LIR
  std::vector<std::string> cx_scscf_peers;  // MAR, SAR
  std::vector<std::string> swx_peers;
  // [cx], [swx], [sqn]
  CxSettings cx;
  SwxSettings swx;
  SqnSettings sqn;
  // [push]
  PushSettings push;
  // [log]
  std::string log_level = "info";
  // [provisioning]
  std::string home_domain;  // lower case; empty: from the IMSI
  std::string default_amf = "8000";
  std::vector<std::string> default_apns{"ims"};  // APN templates of subscribers provisioned without any; the first is
                                                 // the default APN; empty: no non-3GPP subscription
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// A member of cx.scscf_pool.
struct PoolEntry {
  std::string server_name;  // SIP URI
  unsigned weight = 1;      // 1..100
};
/// "URI" or "URI WEIGHT"; nullopt for anything else.
std::optional<PoolEntry> parse_pool_entry(std::string_view text);

class SettingsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads hss.toml. Throws SettingsError, one line with file, line number, key and what to do: a file that cannot be
/// read, bad TOML, an unknown key (with the nearest known one), a value of the wrong type or out of range.
Settings read_settings(const std::filesystem::path& file);

/// The text of an hss.toml with `settings`: every key, its value, its default and one line of why. read_settings reads
/// it back equal (paths made absolute). Throws SettingsError when a value is one that read_settings would refuse.
std::string write_settings(const Settings& settings);

/// What a server that runs with one set of settings makes of another.
struct Reload {
  Settings settings;                       // those that are in force after it
  std::vector<std::string> changed;        // "cx.max_vectors": what is new in them
  std::vector<std::string> needs_restart;  // what is new in the file, and only a restart takes
};
/// Nothing is new in what only hssctl uses.
Reload reload(const Settings& running, const Settings& read);

/// One setting in words, for documents and help.
struct SettingDescription {
  std::string section;
  std::string key;
  std::string allowed;   // what may stand there
  std::string fallback;  // the default, as TOML writes it
  std::string why;
};
/// Every setting, in the order of the file.
std::vector<SettingDescription> describe_settings();

}  // namespace hss
