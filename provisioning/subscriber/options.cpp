// SPDX-License-Identifier: MIT
#include "provisioning/subscriber/options.h"

#include <fstream>
#include <istream>

#include "provisioning/command_line.h"

namespace hss::provisioning::subscriber {
namespace {

/// Adds options with little to say.
class Declaration {
 public:
  explicit Declaration(cli::App& app) : app_(app) {}

  void one(const char* name, std::string& out, const char* type, const char* description) {
    app_.add_option(name, out, description)->type_name(type);
  }
  void several(const char* name, std::vector<std::string>& out, const char* type, const char* description) {
    app_.add_option(name, out, description)->type_name(type)->one_value_each();
  }

 private:
  cli::App& app_;
};

void declare_credentials(cli::App& app, Typed& typed) {
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

void declare_access(cli::App& app, Non3gppFields& fields) {
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

void read_password_file(const std::string& name, std::istream& in, KeyText& password) {
  std::ifstream file;
  open(name, file);
  std::getline(name == "-" ? in : file, password.text);
  if (password.text.ends_with('\r')) password.text.pop_back();
  if (password.empty()) throw Failure(printable(name) + ": its first line is empty: write the password there");
}

}  // namespace

void declare_options(cli::App& app, Typed& typed) {
  Declaration declare(app);
  SubscriberFields& fields = typed.fields;
  declare.one("--imsi", fields.imsi, "DIGITS", "IMSI");
  declare.several("--msisdn", fields.msisdns, "DIGITS", "telephone number with country code, may be repeated");
  declare_keys(app, fields, typed.key_files);
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
  if (typed.key_files.keys_file == "-" && typed.password_file == "-") {
    throw UsageError("--keys-file and --sip-password-file: only one of them can be standard input");
  }
  read_key_files(typed.key_files, in, typed.fields, &typed.fields.ha1);
  if (!typed.password_file.empty()) {
    if (!typed.fields.sip_password.empty()) {
      throw UsageError("--sip-password and --sip-password-file say the same: give one of the two");
    }
    read_password_file(typed.password_file, in, typed.fields.sip_password);
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
