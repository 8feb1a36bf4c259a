// SPDX-License-Identifier: MIT
#include "provisioning/subscriber/options.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <istream>
#include <iterator>

#include "hss/ascii.h"

namespace hss::provisioning::subscriber {
namespace {

KeyText* place_of(std::string_view name, SubscriberFields& fields) {
  if (name == "k" || name == "ki") return &fields.k;
  if (name == "opc") return &fields.opc;
  if (name == "op") return &fields.op;
  if (name == "topc") return &fields.topc;
  if (name == "top") return &fields.top;
  if (name == "ha1") return &fields.ha1;
  return nullptr;
}

/// Adds options with little to say.
class Declaration {
 public:
  explicit Declaration(CLI::App& app) : app_(app) {}

  void one(const char* name, std::string& out, const char* type, const char* description) {
    app_.add_option(name, out, description)->type_name(type);
  }
  void several(const char* name, std::vector<std::string>& out, const char* type, const char* description) {
    app_.add_option(name, out, description)->type_name(type)->allow_extra_args(false);
  }

 private:
  CLI::App& app_;
};

void declare_keys(CLI::App& app, Typed& typed) {
  Declaration declare(app);
  SubscriberFields& fields = typed.fields;
  declare.one("--algorithm", fields.algorithm, "NAME", "milenage, tuak or xor; left out: milenage");
  declare.one("--k", fields.k.text, "HEX", "K, 32 digits, of TUAK 32 or 64; others may see it in ps: see --keys-file");
  declare.one("--opc", fields.opc.text, "HEX", "Milenage: OPc, 32 digits");
  declare.one("--op", fields.op.text, "HEX", "Milenage: OP, 32 digits; OPc is computed and stored");
  declare.one("--topc", fields.topc.text, "HEX", "TUAK: TOPc, 64 digits");
  declare.one("--top", fields.top.text, "HEX", "TUAK: TOP, 64 digits; TOPc is computed and stored");
  declare.one("--keys-file", typed.keys_file, "FILE",
              "read k=HEX, opc=, op=, topc=, top= or ha1= from the lines of a file; - is standard input");
  declare.one("--tuak-iterations", fields.tuak_iterations, "N", "TUAK: iterations of Keccak, 1 to 255; left out: 1");
  declare.one("--res-length", fields.res_length, "N",
              "octets of RES: TUAK 4, 8 or 16, XOR 4 to 16; left out: 8, for XOR 16");
  declare.one("--milenage-constants", typed.milenage_constants, "FILE",
              "Milenage with constants of your own: a file, or a text, of r1=BITS to r5 and c1=HEX to c5");
  app.add_flag("--test-card", fields.test_card, "this is a test card, which may use xor (TS 34.108 8.1.2)");
  declare.one("--amf", fields.amf, "HEX", "AMF, 4 digits; left out: default_amf of hss.toml");
  declare.one("--sqn", fields.sqn, "HEX", "SQN used last, 12 digits; left out: 0");
  declare.one("--ind-bits", fields.ind_bits, "N", "length of IND in SQN, 0 to 16; left out: 5");
}

void declare_credentials(CLI::App& app, Typed& typed) {
  Declaration declare(app);
  SubscriberFields& fields = typed.fields;
  declare.one("--scheme", fields.scheme, "NAME",
              "how it authenticates: Digest-AKAv1-MD5, SIP Digest, Early-IMS-Security or NASS-Bundled; left out: the "
              "first that it has credentials of");
  declare.one("--sip-password-file", typed.password_file, "FILE",
              "SIP Digest: the password, first line of a file; - is standard input; only its hashes are stored");
  declare.one("--sip-password", fields.sip_password.text, "TEXT", "the same; others may see it in ps");
  declare.one("--ha1", fields.ha1.text, "HEX", "SIP Digest: MD5 of IMPI:realm:password, instead of the password");
  declare.one("--sip-digest-realm", fields.sip_digest_realm, "TEXT", "SIP Digest: realm; left out: that of the IMPI");
  declare.one("--framed-address", fields.framed_address, "ADDRESS",
              "Early-IMS-Security: address of the user, 192.0.2.1 or 2001:db8:1::/64");
  declare.several("--line-identifier", fields.line_identifiers, "TEXT",
                  "NASS-Bundled: line of the user, a text or 0xHEX, may be repeated");
}

void declare_access(CLI::App& app, Non3gppFields& fields) {
  Declaration declare(app);
  declare.one("--non-3gpp", fields.non_3gpp, "WORD",
              "access over Wi-Fi and other non-3GPP networks: allowed, barred or none; left out: allowed, with an IMSI "
              "and AKA keys");
  declare.several("--apn", fields.apns, "NAME",
                  "APN there, may be repeated, the default one first: see 'hssctl apn list'; left out: default_apns of "
                  "hss.toml");
  declare.several("--static-address", fields.static_addresses, "APN=ADDRESS",
                  "its own address in an APN, 192.0.2.1 or 2001:db8:1::/64, may be repeated");
  declare.one("--non-3gpp-apns", fields.non_3gpp_apns, "WORD", "all APNs enabled or disabled there");
  declare.several("--forbidden-rat", fields.forbidden_rats, "NAME",
                  "RAT-Type that is not allowed there, WLAN, EHRPD ... or a number, may be repeated");
  declare.several("--non-3gpp-network", fields.non_3gpp_networks, "NAME",
                  "network where it may roam there, may be repeated; none: everywhere");
  declare.one("--session-timeout", fields.session_timeout, "SECONDS", "Session-Timeout there");
  declare.one("--ue-ambr", fields.ue_ambr, "UL:DL", "UE-AMBR there in bit/s, such as 50M:150M");
  declare.one("--charging-characteristics", fields.charging_characteristics, "HEX",
              "3GPP-Charging-Characteristics there, 4 digits");
}

/// The text of a small file, "-" being `in`.
void open(const std::string& name, std::ifstream& file) {
  if (name == "-") return;
  file.open(name, std::ios::binary);
  if (!file) throw Failure(printable(name) + ": cannot be read: check its name, owner and mode");
}

void read_keys_file(const std::string& name, std::istream& in, SubscriberFields& fields) {
  std::ifstream file;
  open(name, file);
  std::istream& lines = name == "-" ? in : file;
  KeyText line;
  for (std::size_t number = 1; std::getline(lines, line.text); ++number) {
    const std::string_view text = trim(line.text);
    if (text.empty() || text.front() == '#') continue;
    const auto equals = text.find('=');
    const std::string key = ascii::lower(trim(text.substr(0, equals)));
    KeyText* place = equals == std::string_view::npos ? nullptr : place_of(key, fields);
    if (place == nullptr) {
      throw Failure(printable(name) + ": line " + std::to_string(number) +
                    ": write k=HEX, opc=HEX or op=HEX, topc=HEX or top=HEX, ha1=HEX");
    }
    if (!place->empty()) {
      throw Failure(printable(name) + ": line " + std::to_string(number) + ": " + key + " is given twice: remove one");
    }
    place->text = trim(text.substr(equals + 1));
  }
}

void read_password_file(const std::string& name, std::istream& in, KeyText& password) {
  std::ifstream file;
  open(name, file);
  std::getline(name == "-" ? in : file, password.text);
  if (password.text.ends_with('\r')) password.text.pop_back();
  if (password.empty()) throw Failure(printable(name) + ": its first line is empty: write the password there");
}

}  // namespace

void declare_options(CLI::App& app, Typed& typed) {
  Declaration declare(app);
  SubscriberFields& fields = typed.fields;
  declare.one("--imsi", fields.imsi, "DIGITS", "IMSI");
  declare.several("--msisdn", fields.msisdns, "DIGITS", "telephone number with country code, may be repeated");
  declare_keys(app, typed);
  declare.one("--impi", fields.impi, "IMPI", "private identity; left out: IMSI@ims.mncNNN.mccNNN.3gppnetwork.org");
  declare_credentials(app, typed);
  declare.several("--impu", fields.impus, "IMPU",
                  "public identity, may be repeated; left out: sip: and tel: of each MSISDN; with an expression "
                  "between two '!' a wildcarded one");
  declare.several("--barred-impu", fields.barred_impus, "IMPU",
                  "barred public identity, may be repeated; sip:IMPI of an IMSI is one by itself");
  declare.one("--profile", fields.profile, "NAME", "service profile; left out: default");
  declare.one("--display-name", fields.display_name, "TEXT", "display name of the public identities");
  declare.one("--alias-group", fields.alias_group, "TEXT", "the public identities are aliases of one group");
  declare.one("--service-priority", fields.service_priority, "N", "service priority level, 0 (highest) to 4");
  declare.several("--scscf", fields.scscfs, "SIPURI", "S-CSCF to prefer, may be repeated, best first");
  declare.several("--capability", fields.capabilities, "N", "capability that the S-CSCF must have, may be repeated");
  declare.several("--optional-capability", fields.optional_capabilities, "N",
                  "capability that the S-CSCF should have, may be repeated");
  declare.several("--visited-network", fields.visited_networks, "NAME",
                  "network where it may roam, may be repeated; none: everywhere");
  declare_access(app, fields);
  const char* const kCharging = "charging function, aaa://host; left out: that of hss.toml";
  declare.one("--primary-event-charging", fields.primary_event_charging, "URI", kCharging);
  declare.one("--secondary-event-charging", fields.secondary_event_charging, "URI", kCharging);
  declare.one("--primary-collection-charging", fields.primary_collection_charging, "URI", kCharging);
  declare.one("--secondary-collection-charging", fields.secondary_collection_charging, "URI", kCharging);
}

void read_files(Typed& typed, std::istream& in) {
  if (typed.keys_file == "-" && typed.password_file == "-") {
    throw UsageError("--keys-file and --sip-password-file: only one of them can be standard input");
  }
  if (!typed.keys_file.empty()) read_keys_file(typed.keys_file, in, typed.fields);
  if (!typed.password_file.empty()) {
    if (!typed.fields.sip_password.empty()) {
      throw UsageError("--sip-password and --sip-password-file say the same: give one of the two");
    }
    read_password_file(typed.password_file, in, typed.fields.sip_password);
  }
  if (typed.milenage_constants.find('=') != std::string::npos) {
    typed.fields.milenage_constants = typed.milenage_constants;
  } else if (!typed.milenage_constants.empty()) {
    std::ifstream file;
    open(typed.milenage_constants, file);
    std::istream& text = typed.milenage_constants == "-" ? in : file;
    typed.fields.milenage_constants = std::string(std::istreambuf_iterator<char>(text), {}) + '\n';
  }
}

Failure unknown_apn(const db::UnknownApn& error) {
  return Failure(one_line(error.what()) + " ('hssctl apn list' shows what there is)");
}

UsageError refusal(const FieldProblems& problems) {
  std::vector<std::string> lines;
  for (const FieldProblem& problem : problems) lines.push_back(problem.field + ": " + problem.reason);
  return UsageError(join(lines, "; "));
}

}  // namespace hss::provisioning::subscriber
