// hsslab resync: a card that is out of step with the HSS, in the ways that happen, and who has to give way.
// SPDX-License-Identifier: MIT
#include <bit>
#include <memory>
#include <utility>

#include "hss/ascii.h"
#include "hss/sqn.h"
#include "provisioning/checks.h"
#include "provisioning/command_line.h"
#include "tests/lab/verbs/jump.h"
#include "tests/lab/verbs/registration.h"
#include "tests/lab/verbs/words.h"

namespace hss::lab {
namespace {

struct Options {
  CommonOptions common;
  CardOptions card;
  RegistrationOptions registration;
  std::string ahead;
  std::string window;
  bool other_slot = false;
  bool out_of_order = false;
};

/// 2^ind_bits slots.
void apply_window(Options& options) {
  if (options.window.empty()) return;
  if (!options.card.keys.ind_bits.empty()) throw LabUsageError("--window and --ind-bits say the same: give one");
  provisioning::FieldProblems problems;
  const auto slots = provisioning::Checker(problems).number("--window", options.window, 65536, 1);
  if (!slots || !std::has_single_bit(*slots)) throw LabUsageError("--window: must be 1, 2, 4 ... 65536 slots");
  options.card.keys.ind_bits = std::to_string(std::countr_zero(*slots));
}

/// How the card comes to be out of step, for a title: "card ahead: 2^20".
std::string way_of(const Options& options) {
  std::string way = options.out_of_order ? "vectors out of order" : "card ahead: " + options.ahead;
  if (options.other_slot) way += " in another slot";
  if (!options.window.empty()) way += ", slots: " + options.window;
  if (!options.card.age_limit.empty()) way += ", age limit: " + options.card.age_limit;
  return way;
}

class Scenario {
 public:
  Scenario(const Options& options, Run& run, Phone& phone)
      : run_(run), phone_(phone), registration_(run, phone, options.registration) {}

  void play(const Options& options) {
    const Sqn at_first = phone_.card.sqn_ms();
    registration_.find_server();
    if (options.out_of_order) {
      play_out_of_order(std::max(options.registration.items, 2U));
    } else {
      const std::vector<Vector> vectors = registration_.ask_vectors();
      registration_.authenticate(vectors.front(), [&](const Vector& challenge) { move(options, challenge); });
    }
    registration_.assign();
    if (options.registration.deregister) registration_.deregister();
    conclude(at_first);
  }

 private:
  /// Once, when the HSS's SEQ is known by its first challenge.
  void move(const Options& options, const Vector& challenge) {
    if (std::exchange(moved_, true)) return;
    const CardSpec& card = phone_.card.spec();
    const unsigned ind_bits = card.keys.ind_bits;
    const auto sqn = sqn_of(challenge, card);
    if (!sqn) return;  // the card will say MAC failure
    const std::uint64_t jump = jump_of(options.ahead, card.keys.delta);
    if (jump == 0) return;
    const std::uint64_t slots = std::uint64_t{1} << ind_bits;
    if (slots == 1 || (!options.other_slot && !card.age_limit)) {
      move_card_ahead(run_, phone_, *sqn, jump);
      return;
    }
    const std::uint64_t ind = *sqn & (slots - 1);
    const Sqn before = phone_.card.sqn_ms();
    phone_.card.advance_slot(static_cast<unsigned>((ind + 1) % slots), seq_ahead_of(*sqn, jump, ind_bits));
    run_.note(Party::kUe, "another node used the card in its own slot: it is ahead of the HSS there",
              {{"SQN of the challenge", sqn_words(*sqn, ind_bits)},
               {"SQN_MS before", sqn_words(before, ind_bits)},
               {"SQN_MS now", sqn_words(phone_.card.sqn_ms(), ind_bits)}});
  }

  /// The S-CSCF keeps vectors, and uses the latest first.
  void play_out_of_order(std::size_t wanted) {
    std::vector<Vector> vectors;
    while (vectors.size() < wanted) {
      for (Vector& vector : registration_.ask_vectors()) vectors.push_back(std::move(vector));
    }
    vectors.resize(wanted);
    run_.note(Party::kScscf,
              "keeps " + std::to_string(wanted) + " vectors, and uses them in another order, latest first");
    for (std::size_t i = vectors.size(); i-- > 0;) {
      if (i + 1 != vectors.size()) registration_.register_again("the phone registers again, and is challenged again");
      registration_.authenticate(vectors[i]);
      if (registration_.resynchronisations().empty()) continue;
      // TS 33.102 6.3.5
      if (i > 0) run_.note(Party::kScscf, "throws away the vectors that it kept: they are older still");
      return;
    }
  }

  void conclude(Sqn at_first) {
    const unsigned ind_bits = phone_.card.spec().keys.ind_bits;
    std::vector<std::pair<std::string, std::string>> details;
    for (const Resynchronisation& each : registration_.resynchronisations()) {
      details.emplace_back("SEQ_HE before", std::to_string(each.seq_he) + " (as far as the vectors tell)");
      details.emplace_back("SQN_MS in AUTS", sqn_words(each.sqn_ms, ind_bits));
      details.emplace_back("SQN of the new vector", sqn_words(each.next, ind_bits));
      details.emplace_back("who had to move", "HSS " + std::string(words_of(each.moved)));
    }
    details.emplace_back("SQN_MS at first", sqn_words(at_first, ind_bits));
    details.emplace_back("SQN_MS at the end", sqn_words(phone_.card.sqn_ms(), ind_bits));
    if (registration_.resynchronisations().empty()) {
      details.emplace_back("who had to move", "card moved: it took what the HSS issued, no AUTS was needed");
    }
    run_.note(Party::kUe, "card and HSS are in step", details);
  }

  Run& run_;
  Phone& phone_;
  Registration registration_;
  bool moved_ = false;
};

void run_resync(Options& options, Environment& environment) {
  if (options.ahead.empty()) options.ahead = options.out_of_order ? "0" : "one";
  if (!is_jump(options.ahead)) throw LabUsageError("--ahead: must be one, N, 2^N or beyond-delta");
  if (options.out_of_order && options.ahead != "0") {
    throw LabUsageError("--out-of-order and --ahead are two ways out of step: give one");
  }
  apply_window(options);
  Run run(options.common, title_of("resync", options.card, {way_of(options)}), environment);
  Phone phone = run.phone(options.card);
  Scenario scenario(options, run, phone);
  tell_network_errors(run, Party::kScscf, [&] { scenario.play(options); });
  run.finish();
}

}  // namespace

void add_resync(cli::App& parent, Environment& environment) {
  cli::App* app = parent.add_verb("resync", "put the card out of step with the HSS, and see both get back");
  const auto options = std::make_shared<Options>();
  app->add_option("--ahead", options->ahead,
                  "how far SEQ of the card is ahead: one, N, 2^N, beyond-delta; 0: as the card is; left out: one")
      ->type_name("N");
  app->add_option("--window", options->window,
                  "slots of the card: 1, 32, 256 ..., as the HSS has them (--ind-bits 0, 5, 8); left out: 32")
      ->type_name("SLOTS");
  app->add_flag("--other-slot", options->other_slot,
                "only a slot that the HSS does not use is ahead; so it is with --age-limit too");
  app->add_flag("--out-of-order", options->out_of_order,
                "the S-CSCF keeps the vectors of --items (2 or more) and uses the latest first");
  declare_card(*app, options->card);
  declare_registration(*app, options->registration);
  declare_common(*app, options->common);
  app->footer(
      "The HSS takes over SEQ of the card: use a subscriber whose card is a test card. After --ahead beyond-delta, a\n"
      "new card (--ahead 0, no --card) finds the HSS too far ahead, and the HSS has to go back.\n"
      "Example:\n"
      "  hsslab resync --imsi 001010000000001 --keys-file card.keys --ahead 2^20\n"
      "  hsslab resync --imsi 001010000000001 --keys-file card.keys --out-of-order --items 3\n"
      "  hsslab resync --imsi 001010000000001 --keys-file card.keys --ahead 1000 --age-limit 500");
  app->action([options, &environment] { run_resync(*options, environment); });
}

}  // namespace hss::lab
