// A run: who is played, with which card, and where the trace goes.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdlib>
#include <istream>
#include <ostream>
#include <random>

#include "hss/identity.h"
#include "hss/random.h"
#include "hss/sqn.h"
#include "provisioning/aka/card.h"
#include "provisioning/checks.h"
#include "provisioning/text.h"
#include "tests/lab/lab.h"

namespace hss::lab {
namespace {

Target target_of(const CommonOptions& options) {
  const auto target = parse_target(options.hss);
  if (!target) throw LabUsageError("--hss: must be HOST, HOST:PORT or [IPv6]:PORT");
  return *target;
}

bool wants_colours(const CommonOptions& options, const Environment& environment) {
  return environment.out_is_terminal && !options.no_colour && std::getenv("NO_COLOR") == nullptr;
}

/// What follows the '@'.
std::string domain_of(const std::string& impi) {
  const auto at = impi.rfind('@');
  return at == std::string::npos ? std::string() : impi.substr(at + 1);
}

/// The card that the options describe; nothing of it is in a store.
CardSpec spec_of(CardOptions& options, Environment& environment) {
  provisioning::read_key_files(options.files, environment.in, options.keys);
  if (!options.keys.has_keys() && options.keys.algorithm != "xor") {
    throw LabUsageError("the card needs its keys: give --k with --opc or --op, or --keys-file");
  }
  provisioning::Command command{
      .in = environment.in, .out = environment.out, .err = environment.err, .executable = {}, .directory = {}};
  provisioning::aka::CardOptions typed{{}, options.keys, {}};
  if (typed.fields.milenage_constants.empty()) typed.fields.milenage_constants = options.keys.milenage_constants;
  const provisioning::aka::Card card = provisioning::aka::read_card(typed, command);
  CardSpec spec{.keys = card.suspect.keys, .op = card.suspect.op};

  provisioning::FieldProblems problems;
  provisioning::Checker check(problems);
  if (!options.age_limit.empty()) {
    spec.age_limit = check.number("--age-limit", options.age_limit, max_seq(spec.keys.ind_bits), 1);
  }
  if (!problems.empty()) throw LabUsageError(problems.front().field + ": " + problems.front().reason);
  if (!options.fault.empty()) {
    const auto fault = parse_card_fault(options.fault);
    if (!fault) throw LabUsageError("--fault: no such word: see --help");
    spec.fault = *fault;
  }
  return spec;
}

/// A fault that a card of these keys cannot have is a mistake on the command line.
void check_fault(const CardSpec& spec) {
  try {
    const Card card(spec);
  } catch (const std::runtime_error& error) {
    throw LabUsageError(error.what());
  }
}

}  // namespace

std::string title_of(const std::string& verb, const CardOptions& options, const std::vector<std::string>& more) {
  const std::string imsi(provisioning::trim(options.imsi));
  std::string title = "hsslab " + verb;
  title += imsi.empty() ? ", IMPI " + std::string(provisioning::trim(options.impi)) : ", IMSI " + imsi;
  if (!options.fault.empty()) title += ", fault " + options.fault;
  for (const std::string& each : more) title += ", " + each;
  return title;
}

struct Run::Impl {
  Impl(CommonOptions given, Environment& surroundings)
      : options(std::move(given)), environment(surroundings), target(target_of(options)), generator(options.seed) {}

  void attach(std::string title) {
    const OutputOptions output{.colours = wants_colours(options, environment),
                               .show_secrets = options.show_secrets,
                               .fixed_time = options.seed != 0};
    printed = options.json ? make_json(environment.out, output) : make_ladder(environment.out, output);
    traces.attach(*printed);
    if (!options.html.empty()) files.push_back(make_html(options.html, std::move(title), output));
    if (!options.pcap.empty()) files.push_back(make_pcap(options.pcap));
    for (const auto& file : files) traces.attach(*file);
  }

  void add(Event::Kind kind, Party from, Party to, std::string text,
           std::vector<std::pair<std::string, std::string>> details) {
    traces.add({.kind = kind,
                .from = from,
                .to = to,
                .title = std::move(text),
                .details = std::move(details),
                .octets = {},
                .at = std::chrono::system_clock::now()});
  }

  Connection& connection(std::unique_ptr<Connection>& place, Node node) {
    if (!place) {
      const std::chrono::seconds patience(options.patience_seconds);
      node.seed = options.seed;
      place = std::make_unique<Connection>(target, std::move(node), &traces, patience);
    }
    return *place;
  }

  CommonOptions options;
  Environment& environment;
  Target target;
  std::mt19937_64 generator;
  Traces traces;
  std::unique_ptr<Trace> printed;
  std::vector<std::unique_ptr<FileTrace>> files;
  bool finished = false;
  std::unique_ptr<Connection> icscf;
  std::unique_ptr<Connection> scscf;
  std::unique_ptr<Connection> aaa;
};

Run::Run(CommonOptions options, std::string title, Environment& environment)
    : impl_(std::make_unique<Impl>(std::move(options), environment)) {
  impl_->attach(std::move(title));
}

/// A flow that broke off is the one that a bug report needs.
Run::~Run() {
  try {
    finish();
  } catch (const std::exception& error) {
    impl_->environment.err << "hsslab: " << provisioning::one_line(error.what()) << '\n';
  }
}

const CommonOptions& Run::options() const { return impl_->options; }
Trace& Run::trace() { return impl_->traces; }
std::chrono::milliseconds Run::patience() const { return std::chrono::seconds(impl_->options.patience_seconds); }

Phone Run::phone(CardOptions& options) {
  std::string imsi(provisioning::trim(options.imsi));
  std::string impi(provisioning::trim(options.impi));
  std::string impu(provisioning::trim(options.impu));
  if (imsi.empty() && impi.empty()) throw LabUsageError("give --imsi, or --impi and --impu");
  if (!imsi.empty() && !is_imsi(imsi)) throw LabUsageError("--imsi: must be 6 to 15 digits");
  if (imsi.empty() && is_imsi(impi.substr(0, impi.find('@')))) imsi = impi.substr(0, impi.find('@'));

  // Identities that are typed are sent as they are: a HSS must take them, or refuse them.
  const bool named = !impi.empty();
  if (!named) impi = imsi + '@' + home_domain_of(imsi, mnc_digits(imsi, impl_->options.realm));
  if (impu.empty()) impu = "sip:" + (imsi.empty() || domain_of(impi).empty() ? impi : imsi + '@' + domain_of(impi));
  if (impl_->options.realm.empty() && domain_of(impi).empty()) {
    throw LabUsageError("--impi: has no domain: write it as user@domain, or give --realm");
  }
  try {
    CardSpec spec = spec_of(options, impl_->environment);
    const unsigned ind_bits = spec.keys.ind_bits;
    if (spec.fault != CardFault::kNone) check_fault(spec);
    Card card = [&] {
      if (options.card_file.empty()) return Card(std::move(spec));
      return Card(std::move(spec), options.card_file);
    }();
    if (!options.keys.sqn.empty()) {
      const auto sqn = from_hex_exact<6>(options.keys.sqn);
      if (!sqn) throw LabUsageError("--sqn: must be 12 hexadecimal digits");
      card.advance_to(seq_of(decode_sqn(*sqn), ind_bits));
    }
    return {.imsi = std::move(imsi), .impi = std::move(impi), .impu = std::move(impu), .card = std::move(card)};
  } catch (const provisioning::UsageError& error) {
    throw LabUsageError(error.what());
  } catch (const provisioning::Failure& error) {
    throw LabUsageError(error.what());
  }
}

std::string Run::realm_of(const Phone& phone) const {
  return impl_->options.realm.empty() ? domain_of(phone.impi) : impl_->options.realm;
}

Connection& Run::icscf(const Phone& phone) {
  const std::string realm = realm_of(phone);
  const std::string& host = impl_->options.icscf_host;
  return impl_->connection(
      impl_->icscf,
      {.party = Party::kIcscf, .host = host.empty() ? "icscf." + realm : host, .realm = realm, .applications = {kCx}});
}

Connection& Run::scscf(const Phone& phone) {
  const std::string realm = realm_of(phone);
  const std::string& host = impl_->options.scscf_host;
  return impl_->connection(
      impl_->scscf,
      {.party = Party::kScscf, .host = host.empty() ? "scscf." + realm : host, .realm = realm, .applications = {kCx}});
}

Connection& Run::aaa(const Phone& phone) {
  const std::string realm = realm_of(phone);
  const std::string& host = impl_->options.aaa_host;
  const std::string& aaa_realm = impl_->options.aaa_realm;
  return impl_->connection(impl_->aaa, {.party = Party::kAaa,
                                        .host = host.empty() ? "aaa." + realm : host,
                                        .realm = aaa_realm.empty() ? realm : aaa_realm,
                                        .applications = {kSwx}});
}

void Run::random(std::span<std::uint8_t> out) {
  if (impl_->options.seed == 0) {
    SystemRandom().fill(out);
    return;
  }
  for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(impl_->generator() & 0xFFU);
}

void Run::note(Party party, std::string text, std::vector<std::pair<std::string, std::string>> details) {
  impl_->add(Event::Kind::kNote, party, party, std::move(text), std::move(details));
}

void Run::problem(Party party, std::string text, std::vector<std::pair<std::string, std::string>> details) {
  impl_->add(Event::Kind::kProblem, party, party, std::move(text), std::move(details));
}

void Run::says(Party from, Party to, std::string title, std::vector<std::pair<std::string, std::string>> details) {
  impl_->add(Event::Kind::kSip, from, to, std::move(title), std::move(details));
}

void Run::finish() {
  if (impl_->finished) return;
  impl_->finished = true;
  for (const auto& file : impl_->files) {
    try {
      file->finish();
    } catch (const std::exception& error) {
      throw LabFailure(error.what());
    }
  }
}

}  // namespace hss::lab
