// The options that the verbs share.
// SPDX-License-Identifier: MIT
#include "provisioning/command_line.h"
#include "tests/lab/lab.h"

namespace hss::lab {
namespace {

/// "other-k, op-for-opc ..."
std::string words_of_faults() {
  std::string words;
  for (const CardFault fault : all_card_faults()) {
    if (fault == CardFault::kNone) continue;
    words += (words.empty() ? "" : ", ") + std::string(name_of(fault));
  }
  return words;
}

}  // namespace

void declare_common(cli::App& app, CommonOptions& options) {
  const auto text = [&app](const char* name, std::string& out, const char* type, const char* description) {
    return app.add_option(name, out, description)->type_name(type);
  };
  const std::string network = "Network";
  text("--hss", options.hss, "HOST[:PORT]", "the HSS; left out: 127.0.0.1:3868")->group(network);
  text("--realm", options.realm, "REALM", "home domain; left out: ims.mncNNN.mccNNN.3gppnetwork.org of the IMSI")
      ->group(network);
  text("--icscf-host", options.icscf_host, "FQDN", "Origin-Host of the I-CSCF; left out: icscf.REALM")->group(network);
  text("--scscf-host", options.scscf_host, "FQDN", "Origin-Host of the S-CSCF; left out: scscf.REALM")->group(network);
  text("--scscf-name", options.scscf_name, "URI",
       "Server-Name; left out: the one that the HSS names, else sip:SCSCF-HOST:6060")
      ->group(network);
  text("--aaa-host", options.aaa_host, "FQDN", "Origin-Host of the AAA server; left out: aaa.REALM")->group(network);
  text("--aaa-realm", options.aaa_realm, "REALM", "Origin-Realm of the AAA server; left out: REALM")->group(network);
  app.add_option("--patience", options.patience_seconds, "seconds to wait for an answer; left out: 5")
      ->type_name("SECONDS")
      ->between(1U, 3600U)
      ->group(network);

  const std::string output = "Output";
  app.add_flag("--json", options.json, "print each step as a line of JSON")->group(output);
  app.add_flag("--show-secrets", options.show_secrets, "show RES, CK, IK and what is made of them: of test cards only")
      ->group(output);
  app.add_flag("--no-colour", options.no_colour, "no colours on a terminal")->group(output);
  text("--html", options.html, "FILE", "write the ladder with every AVP as a page for a bug report")->group(output);
  text("--pcap", options.pcap, "FILE", "write the messages for Wireshark; CK, IK and XRES are in it")->group(output);
  app.add_option("--seed", options.seed, "not 0: what the lab chooses by itself is the same in every run")
      ->type_name("N")
      ->group(output);
}

void declare_card_keys(cli::App& app, provisioning::KeyFields& keys, provisioning::KeyFiles& files) {
  provisioning::declare_keys(app, keys, files);
  // Here they are about the card, not about what is stored.
  app.describe_option("--op", "Milenage: OP, 32 digits; OPc is computed");
  app.describe_option("--top", "TUAK: TOP, 64 digits; TOPc is computed");
  app.describe_option("--keys-file",
                      "read k=HEX, opc=, op=, topc= or top= from the lines of a file; - is standard input");
  app.remove_option("--amf");  // it comes with every challenge
}

void declare_card(cli::App& app, CardOptions& options) {
  const auto text = [&app](const char* name, std::string& out, const char* type, const std::string& description) {
    app.add_option(name, out, description)->type_name(type);
  };
  app.heading("Card");
  text("--imsi", options.imsi, "IMSI", "the user: 6 to 15 digits");
  text("--impi", options.impi, "IMPI", "private identity; left out: IMSI@home-domain");
  text("--impu", options.impu, "IMPU", "public identity; left out: sip:IMSI@home-domain");
  declare_card_keys(app, options.keys, options.files);
  app.describe_option("--sqn", "SQN that the card accepted last, 12 digits; left out: a new card");
  app.describe_option("--ind-bits", "length of IND in SQN, 0 to 16: 2^N slots in the card; left out: 5");
  text("--card", options.card_file, "FILE",
       "keeps the card's sequence numbers between runs; made when it is not there");
  text("--age-limit", options.age_limit, "L", "the card refuses a SEQ that is L or more below its highest (C.2.2)");
  text("--fault", options.fault, "WORD",
       "a card that is wrong: " + words_of_faults() + "; op-for-opc needs OP: --op, or op= in the keys file");
  app.heading("Options");
}

}  // namespace hss::lab
