// hssctl aka auts: whose AUTS is this, where does the card stand, and what would the HSS do (TS 33.102 6.3.5)?
// SPDX-License-Identifier: MIT
#include <memory>

#include "hss/sqn.h"
#include "provisioning/aka/card.h"
#include "provisioning/command_line.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::aka {
namespace {

struct Options {
  CardOptions card;
  std::string rand;
  std::string nonce;
  std::string auts;
};

/// The challenges that the AUTS can belong to, the likeliest first.
std::vector<Octets<16>> challenges(const Options& options, const Card& card) {
  std::vector<Octets<16>> rands;
  if (!options.rand.empty()) rands.push_back(read_token<16>("--rand", options.rand));
  if (!options.nonce.empty()) rands.push_back(read_challenge({options.nonce, {}, {}}).rand);
  if (rands.size() > 1) throw UsageError("--nonce says what --rand says: give one of the two");
  if (card.sequence) rands.insert(rands.end(), card.sequence->issued.begin(), card.sequence->issued.end());
  if (rands.empty()) {
    throw UsageError(card.sequence ? "the subscriber was sent no challenge of late: give --rand or --nonce"
                                   : "give the challenge: --rand or --nonce");
  }
  return rands;
}

std::string what_the_hss_does(const Card& card, const KeyDiagnosis& diagnosis) {
  const KeySet& keys = card.suspect.keys;
  const std::uint64_t seq_he = card.sequence->seq;
  const std::uint64_t seq_ms = seq_of(diagnosis.sqn, keys.ind_bits);
  std::string out = "SEQ " + std::to_string(seq_he) + " here, " + std::to_string(seq_ms) + " on the card: ";
  if (usim_would_accept_next(seq_he, seq_ms, keys.delta)) return out + "kept, the card accepts the next";
  return out + (seq_ms > seq_he ? "to be raised to the card's"
                                : "to be lowered to the card's, it is more than delta ahead; only once for a challenge "
                                  "that was lately sent");
}

void run_auts(Options& options, Command& command) {
  const auto auts = read_token<14>("--auts", options.auts);
  const Card card = read_card(options.card, command);
  const auto diagnosis = diagnose_auts(card.suspect, challenges(options, card), auts);
  std::vector<std::pair<std::string, std::string>> more;
  if (diagnosis && card.sequence) more.emplace_back("hss", what_the_hss_does(card, *diagnosis));
  conclude(diagnosis, "MAC-S", card, more, command);
}

}  // namespace

void add_auts(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("auts", "check an AUTS, and find out which key is wrong");
  const auto options = std::make_shared<Options>();
  declare_card(*app, options->card);
  app->add_option("--auts", options->auts, "AUTS, 14 octets, hexadecimal or base64 as in SIP")
      ->required()
      ->type_name("TOKEN");
  app->add_option("--rand", options->rand,
                  "RAND of the challenge, hexadecimal or base64; left out with an ID: those that were lately sent")
      ->type_name("TOKEN");
  app->add_option("--nonce", options->nonce, "nonce of the 401 that the AUTS answers, instead of --rand")
      ->type_name("BASE64");
  app->footer(
      "Tries the keys as they are given, and then the usual mistakes. Nothing is changed; no key is shown. Exit code 0 "
      "when\nthe keys are those of the card.\n"
      "Example:\n  hssctl -C ./hss aka auts 001010000000001 --auts TyA5OS3dS7QxbtShRog=");
  app->action([options, &command] { run_auts(*options, command); });
}

}  // namespace hss::provisioning::aka
