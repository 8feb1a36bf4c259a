// hssctl explain: what the HSS would answer, step by step, and why.
// SPDX-License-Identifier: MIT
#include "provisioning/explain/explain.h"

#include "provisioning/command_line.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {

void add_explain(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("explain",
                                  "run a procedure of Cx or SWx on the live data, keep nothing, and say what it "
                                  "found: uar, mar, sar, lir, swx-mar, "
                                  "swx-sar");
  app->require_verb();
  app->footer(
      "The request runs in a transaction that is rolled back: nothing changes, no SQN is used up. What is left out is\n"
      "filled in from the subscription, and said. Keys are never shown.\n"
      "Example:\n"
      "  hssctl -C ./hss explain mar sip:+491510000001@ims.mnc001.mcc001.3gppnetwork.org\n"
      "  hssctl -C ./hss explain swx-mar 001010000000001 --scheme \"EAP-AKA'\"");
  explain::add_uar(*app, command);
  explain::add_mar(*app, command);
  explain::add_sar(*app, command);
  explain::add_lir(*app, command);
  explain::add_swx_mar(*app, command);
  explain::add_swx_sar(*app, command);
}

void explain::declare_public_identity(cli::App& app, std::string& impu) {
  app.add_option("IMPU", impu,
                 "public identity, or one that a wildcard matches; an IMSI, MSISDN or IMPI stands for the first one of "
                 "its subscriber")
      ->required()
      ->type_name("");
}

void explain::declare_private_identity(cli::App& app, Defaults& given) {
  app.add_option("--impi", given.impi, "private identity; left out: the one that may use the IMPU")->type_name("IMPI");
}

void explain::declare_server(cli::App& app, Defaults& given) {
  app.add_option("--server-name", given.server_name,
                 "S-CSCF that asks; left out: the stored one, else the first that would be offered")
      ->type_name("SIPURI");
}

void explain::declare_origin(cli::App& app, Defaults& given) {
  app.add_option("--origin-host", given.origin.host,
                 "Origin-Host of the request; left out: the stored S-CSCF's when it is the one that asks")
      ->type_name("FQDN");
  app.add_option("--origin-realm", given.origin.realm, "Origin-Realm of the request; left out: of the host")
      ->type_name("REALM");
}

}  // namespace hss::provisioning
