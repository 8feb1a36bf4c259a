// SPDX-License-Identifier: MIT
#include "provisioning/subscriber/options.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <istream>

#include "hss/ascii.h"

namespace hss::provisioning::subscriber {
namespace {

KeyText* place_of(std::string_view name, SubscriberFields& fields) {
  if (name == "k" || name == "ki") return &fields.k;
  if (name == "opc") return &fields.opc;
  if (name == "op") return &fields.op;
  return nullptr;
}

}  // namespace

void declare_options(CLI::App& app, SubscriberFields& fields, std::string& keys_file) {
  const auto one = [&](const char* name, std::string& out, const char* type, const char* description) {
    app.add_option(name, out, description)->type_name(type);
  };
  const auto several = [&](const char* name, std::vector<std::string>& out, const char* type, const char* description) {
    app.add_option(name, out, description)->type_name(type)->allow_extra_args(false);
  };
  one("--imsi", fields.imsi, "DIGITS", "IMSI");
  several("--msisdn", fields.msisdns, "DIGITS", "telephone number with country code, may be repeated");
  one("--k", fields.k.text, "HEX", "K, 32 digits; others may see it in ps: see --keys-file");
  one("--opc", fields.opc.text, "HEX", "OPc, 32 digits");
  one("--op", fields.op.text, "HEX", "OP, 32 digits; OPc is computed and stored");
  one("--keys-file", keys_file, "FILE",
      "read k=HEX and opc=HEX or op=HEX from the lines of a file; - is standard input");
  one("--amf", fields.amf, "HEX", "AMF, 4 digits; left out: default_amf of hss.toml");
  one("--sqn", fields.sqn, "HEX", "SQN used last, 12 digits; left out: 0");
  one("--ind-bits", fields.ind_bits, "N", "length of IND in SQN, 0 to 16; left out: 5");
  one("--impi", fields.impi, "IMPI", "private identity; left out: IMSI@ims.mncNNN.mccNNN.3gppnetwork.org");
  several("--impu", fields.impus, "IMPU", "public identity, may be repeated; left out: sip: and tel: of each MSISDN");
  several("--barred-impu", fields.barred_impus, "IMPU",
          "barred public identity, may be repeated; sip:IMPI of an IMSI is one by itself");
  one("--profile", fields.profile, "NAME", "service profile; left out: default");
  one("--display-name", fields.display_name, "TEXT", "display name of the public identities");
  several("--scscf", fields.scscfs, "SIPURI", "S-CSCF to prefer, may be repeated, best first");
  several("--capability", fields.capabilities, "N", "capability that the S-CSCF must have, may be repeated");
  several("--optional-capability", fields.optional_capabilities, "N",
          "capability that the S-CSCF should have, may be repeated");
  several("--visited-network", fields.visited_networks, "NAME",
          "network where it may roam, may be repeated; none: everywhere");
}

void read_keys_file(const std::string& name, std::istream& in, SubscriberFields& fields) {
  if (name.empty()) return;
  std::ifstream file;
  if (name != "-") {
    file.open(name, std::ios::binary);
    if (!file) throw Failure(printable(name) + ": cannot be read: check its name, owner and mode");
  }
  std::istream& lines = name == "-" ? in : file;
  KeyText line;
  for (std::size_t number = 1; std::getline(lines, line.text); ++number) {
    const std::string_view text = trim(line.text);
    if (text.empty() || text.front() == '#') continue;
    const auto equals = text.find('=');
    const std::string key = ascii::lower(trim(text.substr(0, equals)));
    KeyText* place = equals == std::string_view::npos ? nullptr : place_of(key, fields);
    if (place == nullptr) {
      throw Failure(printable(name) + ": line " + std::to_string(number) + ": write k=HEX, opc=HEX or op=HEX");
    }
    if (!place->empty()) {
      throw Failure(printable(name) + ": line " + std::to_string(number) + ": " + key + " is given twice: remove one");
    }
    place->text = trim(text.substr(equals + 1));
  }
}

UsageError refusal(const FieldProblems& problems) {
  std::vector<std::string> lines;
  for (const FieldProblem& problem : problems) lines.push_back(problem.field + ": " + problem.reason);
  return UsageError(join(lines, "; "));
}

}  // namespace hss::provisioning::subscriber
