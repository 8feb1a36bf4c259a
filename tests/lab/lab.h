// What all verbs of hsslab share: where the HSS is, who is played, whose card, and where the trace goes.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <iosfwd>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "provisioning/key_options.h"
#include "tests/lab/card.h"
#include "tests/lab/connection.h"
#include "tests/lab/outputs.h"
#include "tests/lab/trace.h"

namespace hss::cli {
class App;
}

namespace hss::lab {

/// The surroundings of one run of hsslab.
struct Environment {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
};

/// The flow did not end as it should: one line. Exit code 1.
class LabFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// The command line asks for what cannot be: one line. Exit code 2.
class LabUsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// As they were typed; empty: derived from the IMSI as TS 23.003 says.
struct CommonOptions {
  std::string hss = "127.0.0.1:3868";
  std::string realm;              // home domain; left out: ims.mncNNN.mccNNN.3gppnetwork.org of the IMSI
  std::string icscf_host;         // left out: icscf.REALM
  std::string scscf_host;         // left out: scscf.REALM
  std::string scscf_name;         // left out: what UAA names, else sip:SCSCF-HOST:6060
  std::string aaa_host;           // left out: aaa.REALM
  std::string aaa_realm;          // left out: REALM
  unsigned patience_seconds = 5;  // for an answer
  bool json = false;
  bool show_secrets = false;
  bool no_colour = false;
  std::string html;
  std::string pcap;
  std::uint64_t seed = 0;  // 0: random; else all that the lab chooses by itself is the same in every run
};
void declare_common(cli::App& app, CommonOptions& options);

struct CardOptions {
  std::string imsi;
  std::string impi;
  std::string impu;
  provisioning::KeyFields keys;
  provisioning::KeyFiles files;
  std::string card_file;
  std::string age_limit;
  std::string fault;  // a word of card_faults
};
/// The keys of a card, below the heading that holds.
void declare_card_keys(cli::App& app, provisioning::KeyFields& keys, provisioning::KeyFiles& files);
void declare_card(cli::App& app, CardOptions& options);
/// "hsslab swx, IMSI 001010000000001, fault other-k": what is run, and for whom. `more`: what the verb adds.
std::string title_of(const std::string& verb, const CardOptions& options, const std::vector<std::string>& more = {});

/// One subscriber as the lab plays it.
struct Phone {
  std::string imsi;  // empty when only an IMPI was given
  std::string impi;
  std::string impu;
  Card card;
};

/// A run: traces, connections, randomness. At its end the files are written.
class Run {
 public:
  /// `title`: what is run, for the HTML page. Throws LabUsageError.
  Run(CommonOptions options, std::string title, Environment& environment);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  [[nodiscard]] const CommonOptions& options() const;
  [[nodiscard]] Trace& trace();
  [[nodiscard]] std::chrono::milliseconds patience() const;

  /// The phone that the options describe. Throws LabUsageError.
  Phone phone(CardOptions& options);
  /// The home domain: --realm, or of the phone.
  [[nodiscard]] std::string realm_of(const Phone& phone) const;

  /// A connection of a node that is played; made at the first call, kept for the run.
  Connection& icscf(const Phone& phone);
  Connection& scscf(const Phone& phone);
  Connection& aaa(const Phone& phone);

  /// Octets that nobody can foresee, or, with a seed, that are the same in every run.
  void random(std::span<std::uint8_t> out);

  void note(Party party, std::string text, std::vector<std::pair<std::string, std::string>> details = {});
  void problem(Party party, std::string text, std::vector<std::pair<std::string, std::string>> details = {});
  /// What goes between two that are played, by SIP or EAP.
  void says(Party from, Party to, std::string title, std::vector<std::pair<std::string, std::string>> details = {});

  /// Writes --html and --pcap. Throws LabFailure.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The verbs.
void add_register(cli::App& parent, Environment& environment);
void add_resync(cli::App& parent, Environment& environment);
void add_swx(cli::App& parent, Environment& environment);
void add_storm(cli::App& parent, Environment& environment);
void add_load(cli::App& parent, Environment& environment);
void add_push(cli::App& parent, Environment& environment);

/// hsslab with these arguments (without the program's name); its exit code: 0 as it should be, 1 not, 2 usage.
int run(const std::vector<std::string>& arguments, Environment environment);

}  // namespace hss::lab
