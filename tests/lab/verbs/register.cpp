// hsslab register: one IMS registration with AKA, every step of it.
// SPDX-License-Identifier: MIT
#include <memory>
#include <utility>

#include "provisioning/command_line.h"
#include "tests/lab/verbs/registration.h"
#include "tests/lab/verbs/words.h"

namespace hss::lab {
namespace {

struct Options {
  CommonOptions common;
  CardOptions card;
  RegistrationOptions registration;
};

void play(Run& run, Phone& phone, Registration& registration, const Options& options) {
  const CardFault fault = phone.card.spec().fault;
  bool moved = !shows_in_auts(fault);  // what shows in an AUTS needs a card that makes one
  registration.find_server();
  registration.authenticate(registration.ask_vectors().front(), [&](const Vector& challenge) {
    if (std::exchange(moved, true)) return;
    if (const auto sqn = sqn_of(challenge, phone.card.spec())) move_card_ahead(run, phone, *sqn, 1);
  });
  registration.assign();
  registration.locate();
  if (fault != CardFault::kNone) {
    run.note(Party::kUe, "what is wrong with the card has not shown this time",
             {{"when it does", std::string(seen_on_the_phone(fault))}, {"it means", std::string(meaning_of(fault))}});
  }
  if (options.registration.deregister) registration.deregister();
}

void run_register(Options& options, Environment& environment) {
  Run run(options.common, title_of("register", options.card), environment);
  Phone phone = run.phone(options.card);
  Registration registration(run, phone, options.registration);
  tell_network_errors(run, Party::kScscf, [&] { play(run, phone, registration, options); });
  run.finish();
}

}  // namespace

void add_register(cli::App& parent, Environment& environment) {
  cli::App* app = parent.add_verb("register", "register an IMS user: UAR, MAR, the 401, the card, SAR, LIR");
  const auto options = std::make_shared<Options>();
  declare_card(*app, options->card);
  declare_registration(*app, options->registration);
  declare_common(*app, options->common);
  app->footer(
      "Exit code 0 when the user was registered, 1 when not: also with a card whose --fault lets nothing else happen.\n"
      "Example:\n"
      "  hsslab register --imsi 001010000000001 --keys-file card.keys --deregister\n"
      "  hsslab register --imsi 001010000000001 --keys-file card.keys --fault forged-mac-s --html report.html");
  app->action([options, &environment] { run_register(*options, environment); });
}

}  // namespace hss::lab
