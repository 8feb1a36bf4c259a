// hsslab swx: a phone that comes in over Wi-Fi, every step of it.
// SPDX-License-Identifier: MIT
#include <memory>

#include "hss/eap_aka_prime.h"
#include "provisioning/command_line.h"
#include "tests/lab/lab.h"
#include "tests/lab/verbs/jump.h"
#include "tests/lab/verbs/wifi_access.h"

namespace hss::lab {
namespace {

struct Options {
  CommonOptions common;
  CardOptions card;
  WifiOptions wifi;
  std::string scheme = "eap-aka-prime";
  bool deregister = false;
};

void run_swx(Options& options, Environment& environment) {
  options.wifi.prime = options.scheme == "eap-aka-prime";
  if (!options.wifi.prime && options.scheme != "eap-aka") {
    throw LabUsageError("--scheme: must be eap-aka or eap-aka-prime");
  }
  if (options.wifi.anid.size() > eap_aka_prime::kLongestAccessNetwork) throw LabUsageError("--anid: is too long");
  if (!options.wifi.ahead.empty() && !is_jump(options.wifi.ahead)) {
    throw LabUsageError("--ahead: must be one, N, 2^N or beyond-delta");
  }
  std::vector<std::string> more{options.wifi.prime ? "EAP-AKA'" : "EAP-AKA"};
  if (!options.wifi.ahead.empty()) more.push_back("card ahead: " + options.wifi.ahead);
  Run run(options.common, title_of("swx", options.card, more), environment);
  Phone phone = run.phone(options.card);
  if (phone.imsi.empty()) throw LabUsageError("SWx knows users by their IMSI: give --imsi");
  try {
    WifiAccess access(run, phone, options.wifi);
    for (const Vector& vector : access.ask_vectors()) {
      if (access.authenticate(vector)) break;
    }
    access.assign();
    if (options.deregister) access.deregister();
  } catch (const NetworkError& error) {
    run.problem(Party::kAaa, error.what());
    throw LabFailure(error.what());
  }
  run.finish();
}

}  // namespace

void add_swx(cli::App& parent, Environment& environment) {
  cli::App* app = parent.add_verb("swx", "let a phone in over Wi-Fi: MAR, EAP-AKA or EAP-AKA', the MSK, SAR");
  const auto options = std::make_shared<Options>();
  declare_card(*app, options->card);
  app->add_option("--scheme", options->scheme, "eap-aka or eap-aka-prime; left out: eap-aka-prime")->type_name("NAME");
  app->add_option("--anid", options->wifi.anid,
                  "access network, which the keys of EAP-AKA' are bound to; left out: WLAN; '': the AVP is left out")
      ->type_name("NAME");
  app->add_option("--items", options->wifi.items, "vectors to ask for, each used once; left out: 1")
      ->type_name("N")
      ->between(1U, 100U);
  app->add_option("--ahead", options->wifi.ahead,
                  "how far SEQ of the card is ahead, so that it sends AUTS: one, N, 2^N, beyond-delta")
      ->type_name("N");
  app->add_flag("--deregister", options->deregister, "de-register at the end");
  declare_common(*app, options->common);
  app->footer(
      "Exit code 0 when the user was let in, 1 when not: also with a card whose --fault lets nothing else happen.\n"
      "Example:\n"
      "  hsslab swx --imsi 001010000000001 --keys-file card.keys --deregister\n"
      "  hsslab swx --imsi 001010000000001 --keys-file card.keys --scheme eap-aka --ahead one");
  app->action([options, &environment] { run_swx(*options, environment); });
}

}  // namespace hss::lab
