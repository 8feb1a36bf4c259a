// hssctl init: the directory of a new server, whole or not at all.
// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <system_error>

#include "db/administration.h"
#include "hss/ascii.h"
#include "hss/error_text.h"
#include "hss/identity.h"
#include "hss/peer_entry.h"
#include "hss/settings.h"
#include "provisioning/checks.h"
#include "provisioning/command_line.h"
#include "provisioning/freediameter_conf.h"
#include "provisioning/json.h"
#include "provisioning/systemd_unit.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTlsNote =
    "For TLS put here: cert.pem (its name is the Identity of ../freeDiameter.conf), key.pem (mode 0600) and ca.pem "
    "(who\n"
    "signed the peers' certificates). Then follow the lines on TLS in ../freeDiameter.conf.\n";

struct Options {
  std::string directory;
  std::string realm = "ims.mnc001.mcc001.3gppnetwork.org";
  std::string host;
  std::vector<std::string> listen;
  std::uint16_t port = 3868;
  std::vector<std::string> peers;
  std::string extension;
  std::vector<std::string> scscfs;
};

/// Labels of letters, digits and inner hyphens, with dots between (RFC 1123 2.1), as a Diameter identity has them.
bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 255) return false;
  const std::string padded = '.' + std::string(text) + '.';
  for (std::size_t i = 0; i < padded.size(); ++i) {
    const char c = padded[i];
    if (!ascii::is_alpha(c) && !ascii::is_digit(c) && c != '-' && c != '.') return false;
    if (i > 0 && c == '.' && (padded[i - 1] == '.' || padded[i - 1] == '-')) return false;
    if (c == '-' && padded[i - 1] == '.') return false;
  }
  return true;
}

bool is_address(const std::string& text, int family) {
  std::array<unsigned char, sizeof(in6_addr)> unused{};
  return ::inet_pton(family, text.c_str(), unused.data()) == 1;
}

void complete(Options& options) {
  const auto check_name = [](const std::string& option, const std::string& text) {
    if (!is_host_name(text)) {
      throw UsageError(option + ": not a domain name: write letters, digits, '-' and '.', such as hss.example.org");
    }
  };
  check_name("--realm", options.realm);
  if (options.host.empty()) options.host = "hss." + options.realm;
  check_name("--host", options.host);
  for (const std::string& peer : options.peers) {
    if (!parse_peer_entry(peer)) {
      throw UsageError(
          "--peer: not a Diameter identity: write scscf.example.org or *.example.org, and after a blank each the "
          "addresses that it may come from, if need be");
    }
  }
  for (const std::string& address : options.listen) {
    if (!is_address(address, AF_INET) && !is_address(address, AF_INET6)) {
      throw UsageError("--listen: not an IPv4 or IPv6 address: write numbers such as 127.0.0.1, no name");
    }
  }
  for (const std::string& scscf : options.scscfs) {
    const auto space = scscf.find(' ');
    if (!is_sip_uri(scscf.substr(0, space))) {
      throw UsageError(
          "--scscf: not a SIP URI: write sip:host or sip:host:port, and a weight after a blank if need be");
    }
    if (space == std::string::npos) continue;
    FieldProblems problems;
    if (!Checker(problems).number("--scscf", scscf.substr(space + 1), 100, 1)) {
      throw UsageError("--scscf: the weight after the URI must be a number from 1 to 100");
    }
  }
  if (options.listen.empty()) options.listen = {"127.0.0.1"};
  if (options.peers.empty())
    options.peers = {"icscf." + options.realm, "scscf." + options.realm, "aaa." + options.realm};
  if (options.scscfs.empty()) options.scscfs = {"sip:scscf." + options.realm + ":6060"};
}

bool is_loopback_only(const std::vector<std::string>& addresses) {
  return std::ranges::all_of(addresses, [](const std::string& a) { return a.starts_with("127.") || a == "::1"; });
}

/// Who is to run the server: whoever makes its directory, but never root.
std::string user() {
  const uid_t id = ::geteuid();
  const passwd* const entry = id == 0 ? nullptr : ::getpwuid(id);
  return entry == nullptr ? "minihss" : entry->pw_name;
}

fs::path find_extension(const std::string& given, const fs::path& executable) {
  std::error_code error;
  if (!given.empty()) {
    if (fs::is_regular_file(given, error)) return fs::absolute(given);
    throw Failure(printable(given) + ": no such file: --extension names hss.fdx");
  }
  const fs::path lib = executable.parent_path().parent_path() / "lib";
  for (const fs::path& candidate :
       {lib / "hss.fdx", lib / "freeDiameter/hss.fdx", fs::path("/usr/lib/freeDiameter/hss.fdx")}) {
    if (fs::is_regular_file(candidate, error)) return candidate;
  }
  throw Failure("hss.fdx is neither in " + printable(lib.string()) +
                " nor in /usr/lib/freeDiameter: build or install it, or name it with --extension");
}

/// Files appear in a directory of their own inside DIR and are moved out of it when all are there. What was begun is
/// removed unless finish() was reached.
class NewDirectory {
 public:
  explicit NewDirectory(const fs::path& target) : target_(target) {
    std::error_code error;
    created_ = fs::create_directories(target_, error);
    if (error) fail("cannot be created", error.message());
    if (created_) ::chmod(target_.c_str(), 0700);
    std::string name = (target_ / ".init-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) fail("cannot be written to", error_text(errno));
    work_ = name;
  }
  NewDirectory(const NewDirectory&) = delete;
  NewDirectory& operator=(const NewDirectory&) = delete;
  ~NewDirectory() {
    std::error_code ignored;
    for (const fs::path& path : moved_) fs::remove_all(path, ignored);
    fs::remove_all(work_, ignored);
    if (created_ && !finished_) fs::remove(target_, ignored);
  }

  [[nodiscard]] const fs::path& work() const { return work_; }

  void write(const char* name, std::string_view text) const {
    std::ofstream out(work_ / name, std::ios::binary);
    out << text;
    out.close();
    if (!out) fail(std::string("is where ") + name + " cannot be written", "is the disk full?");
  }

  void finish() {
    std::vector<fs::path> names;
    for (const auto& entry : fs::directory_iterator(work_)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    for (const fs::path& name : names) {
      fs::rename(work_ / name, target_ / name);
      moved_.push_back(target_ / name);
    }
    moved_.clear();
    finished_ = true;
  }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& why) const {
    throw Failure(printable(target_.string()) + ": " + what + " (" + why + "): name a directory that you may write");
  }

  fs::path target_;
  fs::path work_;
  std::vector<fs::path> moved_;
  bool created_ = false;
  bool finished_ = false;
};

void refuse_used(const fs::path& directory) {
  for (const char* name : {"freeDiameter.conf", "hss.toml", "hss.db", "master.key", "tls", "minihss.service"}) {
    std::error_code error;
    if (fs::symlink_status(directory / name, error).type() == fs::file_type::not_found) continue;
    if (error && error != std::errc::not_a_directory) {
      throw Failure(printable(directory.string()) + ": cannot be looked at (" + error.message() + "): check its mode");
    }
    throw Failure(printable((directory / name).string()) +
                  ": is there already: name another directory, or remove it if that server is not needed");
  }
}

void print_next(const Options& options, const fs::path& directory, bool named_peers, Command& command) {
  const std::string dir = printable(options.directory);
  command.out << "made " << printable(directory.string()) << ": " << options.host << ", port " << options.port << " of "
              << join(options.listen, ", ") << '\n';
  if (!named_peers) {
    command.out << "peers that may connect: " << join(options.peers, ", ") << " (no --peer was given)\n";
  }
  command.out << "S-CSCFs to offer: " << join(options.scscfs, ", ") << '\n'
              << "Keep " << dir << "/master.key: without it the keys in hss.db are lost.\n"
              << "Next:\n"
              << "  hssctl -C " << dir
              << " subscriber add --imsi 001010000000001 --msisdn 491510000001 --keys-file card.keys\n"
              << "  freeDiameterd -c " << dir << "/freeDiameter.conf\n";
}

void run_init(Options options, Command& command) {
  const bool named_peers = !options.peers.empty();
  complete(options);
  const fs::path directory = fs::absolute(options.directory).lexically_normal();
  const fs::path target = directory.has_filename() ? directory : directory.parent_path();
  const fs::path extension = find_extension(options.extension, command.executable);
  for (const std::string& path : {target.string(), extension.string()}) {  // freeDiameter knows no escapes in texts
    if (path.find_first_of("\"\\\n\r") != std::string::npos) {
      throw UsageError(printable(path) + ": a quote, backslash or line end cannot be in a path of freeDiameter.conf");
    }
  }
  refuse_used(target);

  Settings settings;
  settings.listen = options.listen;
  settings.peers = options.peers;
  settings.cx.scscf_pool = options.scscfs;
  settings.home_domain = options.realm;
  const bool ipv6 = std::ranges::any_of(options.listen, [](const auto& a) { return is_address(a, AF_INET6); });

  NewDirectory made(target);
  made.write("freeDiameter.conf", write_freediameter_conf({.host = options.host,
                                                           .realm = options.realm,
                                                           .port = options.port,
                                                           .ipv6 = ipv6,
                                                           .extension = extension,
                                                           .directory = target}));
  made.write("hss.toml", write_settings(settings));
  const UnitConfiguration unit{.directory = target, .user = user(), .loopback_only = is_loopback_only(options.listen)};
  if (const std::string problem = unit_problem(unit); problem.empty()) {
    made.write("minihss.service", write_systemd_unit(unit));
  } else if (!command.json) {
    command.err << "hssctl: no minihss.service is made: " << printable(problem) << '\n';
  }
  fs::create_directory(made.work() / "tls");
  made.write("tls/README", kTlsNote);
  db::KeyVault::create_key_file(made.work() / "master.key");
  {
    db::Database database(made.work() / "hss.db", db::Database::Open::kCreate);
    const db::KeyVault vault = db::KeyVault::open(made.work() / "master.key");
    const db::Administration administration(database, vault);  // ties the database to this master key
  }
  made.finish();

  if (command.json) {
    command.out << compact({{"directory", target.string()},
                            {"host", options.host},
                            {"realm", options.realm},
                            {"port", options.port},
                            {"listen", options.listen},
                            {"peers", options.peers},
                            {"scscfs", options.scscfs},
                            {"extension", extension.string()}})
                << '\n';
  } else {
    print_next(options, target, named_peers, command);
  }
}

}  // namespace

void add_init(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("init", "make the directory of a new server: configuration, database, master key");
  const auto options = std::make_shared<Options>();
  const auto list = [&](const char* name, std::vector<std::string>& out, const char* description, const char* type) {
    app->add_option(name, out, description)->type_name(type)->one_value_each();
  };
  app->add_option("DIR", options->directory, "the directory; it is made when it is missing")->required()->type_name("");
  app->add_option("--realm", options->realm, "Diameter realm and home domain")->type_name("REALM")->show_default();
  app->add_option("--host", options->host, "Diameter identity of this server; left out: hss.REALM")->type_name("FQDN");
  list("--listen", options->listen, "address to listen on, may be repeated; left out: 127.0.0.1", "ADDRESS");
  app->add_option("--port", options->port, "TCP port; below 1024 needs privileges")
      ->type_name("PORT")
      ->between(1, 65535)
      ->show_default();
  list("--peer", options->peers,
       "Diameter identity (CSCF, 3GPP AAA server, agent) that may connect, or *.REALM for all of a realm, with "
       "'FQDN ADDRESS' from there alone; may be repeated; left out: icscf.REALM, scscf.REALM and aaa.REALM",
       "FQDN");
  app->add_option("--extension", options->extension, "path of hss.fdx; left out: looked for beside hssctl")
      ->type_name("PATH");
  list("--scscf", options->scscfs,
       "S-CSCF to offer to I-CSCFs, may be repeated; 'SIPURI 3' gives it the weight 3 of 1 to 100; left out: "
       "sip:scscf.REALM:6060",
       "SIPURI");
  app->footer(
      "The server listens without TLS; DIR/freeDiameter.conf says how to turn TLS and SCTP on.\n"
      "Example:\n"
      "  hssctl init ./hss --realm ims.example.org --peer icscf.ims.example.org --peer scscf.ims.example.org \\\n"
      "      --peer aaa.ims.example.org");
  app->action([options, &command] { run_init(*options, command); });
}

}  // namespace hss::provisioning
