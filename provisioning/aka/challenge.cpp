// hssctl aka challenge: whose challenge is this, and would the card take it (TS 33.102 6.3.3)?
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/aka/card.h"
#include "provisioning/command_line.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::aka {
namespace {

struct Options {
  CardOptions card;
  ChallengeOptions challenge;
};

void run_challenge(Options& options, Command& command) {
  const Challenge challenge = read_challenge(options.challenge);
  const Card card = read_card(options.card, command);
  const auto diagnosis = diagnose_challenge(card.suspect, challenge.rand, challenge.autn);
  std::vector<std::pair<std::string, std::string>> more;
  if (diagnosis && (diagnosis->amf[0] & 0x80U) == 0) {
    more.emplace_back("note", "the separation bit of AMF is 0: EPS and EAP-AKA' need 1 (TS 33.102 Annex H)");
  }
  conclude(diagnosis, "MAC-A", card, more, command);
}

}  // namespace

void add_challenge(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("challenge", "check RAND and AUTN, and find out which key is wrong");
  const auto options = std::make_shared<Options>();
  declare_card(*app, options->card);
  declare_challenge(*app, options->challenge);
  app->footer(
      "What the card does when it is challenged: MAC-A is checked with the keys as they are given, and then with the "
      "usual\nmistakes. Nothing is changed; no key is shown. Exit code 0 when the keys are those of the challenge.\n"
      "Example:\n  hssctl aka challenge --keys-file card.keys --nonce 'oomMN3QxfKXtFqYRYYoUTa4RAEEfaYAANI4HXOFx6Vo='");
  app->action([options, &command] { run_challenge(*options, command); });
}

}  // namespace hss::provisioning::aka
