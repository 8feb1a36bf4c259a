// hsslab push: registers, and waits for what the HSS asks by itself: RTR and PPR.
// SPDX-License-Identifier: MIT
#include <memory>
#include <optional>

#include "provisioning/command_line.h"
#include "provisioning/progress.h"
#include "provisioning/text.h"
#include "tests/lab/dictionary.h"
#include "tests/lab/verbs/registration.h"
#include "tests/lab/verbs/wifi_access.h"
#include "tests/lab/verbs/words.h"

namespace hss::lab {
namespace {

using Clock = Connection::Clock;

struct Options {
  CommonOptions common;
  CardOptions card;
  RegistrationOptions registration;
  bool swx = false;
  std::optional<unsigned> seconds;
  std::optional<unsigned> count;
  std::string answer = "success";
};

constexpr std::chrono::milliseconds kLook{200};  // then Ctrl-C and the time are looked at
constexpr unsigned kUsualSeconds = 60;

/// nullopt: none is sent.
std::optional<ResultOf> result_of_word(const std::string& word) {
  if (word == "success") return kSuccess;
  if (word == "user-unknown") return ResultOf{kVendor3gpp, 5001};
  if (word == "unable-to-comply") return kUnableToComply;
  return std::nullopt;
}

class Waiting {
 public:
  Waiting(Run& run, Phone& phone, const Options& options) : run_(run), answer_(result_of_word(options.answer)) {
    if (options.swx) {
      connections_ = {&run.aaa(phone)};
    } else {
      connections_ = {&run.scscf(phone), &run.icscf(phone)};
    }
  }

  /// Until `count` came (nullopt: any number), `seconds` are over (nullopt: never), or Ctrl-C. How many came.
  unsigned wait(std::optional<unsigned> count, std::optional<unsigned> seconds) {
    const provisioning::Interruptible interruptible;
    const Clock::time_point begin = Clock::now();
    unsigned seen = 0;
    while ((!count || seen < *count) && !provisioning::Interruptible::interrupted()) {
      // The first is the one that is asked; the others have their watchdogs answered.
      for (Connection* connection : connections_) {
        const auto look = connection == connections_.front() ? kLook : std::chrono::milliseconds(0);
        if (auto request = connection->take_request(look)) {
          ++seen;
          take(*connection, *request);
        }
      }
      if (seconds && Clock::now() - begin >= std::chrono::seconds(*seconds)) break;
    }
    return seen;
  }

  /// By an RTR that was answered with success.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void take(Connection& connection, const Message& request) {
    const Party party = connection.node().party;
    if (request.command == command::kRegistrationTermination) {
      const Avp* reason = request.find(avp::kDeregistrationReason);
      const auto members = reason != nullptr ? reason->members() : std::nullopt;
      const Avp* code = members ? find(*members, avp::kReasonCode) : nullptr;
      const Avp* info = members ? find(*members, avp::kReasonInfo) : nullptr;
      std::vector<std::pair<std::string, std::string>> details;
      // One that had waited in the HSS comes before the registration is done.
      if (const Avp* user = request.find(avp::kUserName)) details.emplace_back("of", user->text());
      for (const Avp* each : request.all(avp::kPublicIdentity)) details.emplace_back("public identity", each->text());
      if (code != nullptr) details.emplace_back("reason", value_text(*code, false));
      if (info != nullptr) details.emplace_back("in words", info->text());
      run_.note(party, "the HSS ends the registration", details);
    } else if (request.command == command::kPushProfile) {
      run_.note(party, "the HSS brings what has changed of the user");
    } else {
      run_.problem(party, "a request that is neither RTR nor PPR: " + long_name(request));
      connection.send_answer(connection.make_answer(request, {0, 3001}));  // DIAMETER_COMMAND_UNSUPPORTED
      return;
    }
    if (answer_) {
      connection.send_answer(connection.make_answer(request, *answer_));
      if (request.command == command::kRegistrationTermination && *answer_ == kSuccess) ended_ = true;
    } else {
      run_.note(party, "does not answer, as told");
    }
  }

  Run& run_;
  std::optional<ResultOf> answer_;
  bool ended_ = false;
  std::vector<Connection*> connections_;
};

/// True when the registration is still there.
bool wait_for_requests(Run& run, Phone& phone, const Options& options) {
  const Party party = options.swx ? Party::kAaa : Party::kScscf;
  std::optional<unsigned> seconds = options.seconds;
  if (!seconds && !options.count) seconds = kUsualSeconds;
  const std::string number = options.count ? std::to_string(*options.count) : "any number";
  run.note(party,
           "waits for RTR and PPR: " + number + (seconds ? ", " + std::to_string(*seconds) + " s at the most" : ""));
  Waiting waiting(run, phone, options);
  const unsigned seen = waiting.wait(options.count, seconds);
  if (options.count && seen < *options.count) {
    const std::string short_of =
        "waited for " + provisioning::count_of(*options.count, "request") + ", " + std::to_string(seen) + " came";
    run.problem(party, short_of);
    throw LabFailure(short_of);
  }
  return !waiting.ended();
}

void play_on_swx(Run& run, Phone& phone, const Options& options) {
  WifiAccess access(run, phone, {});
  access.authenticate(access.ask_vectors().front());
  access.assign();
  if (wait_for_requests(run, phone, options) && options.registration.deregister) access.deregister();
}

void play_on_cx(Run& run, Phone& phone, Registration& registration, const Options& options) {
  registration.find_server();
  registration.authenticate(registration.ask_vectors().front());
  registration.assign();
  if (wait_for_requests(run, phone, options) && options.registration.deregister) registration.deregister();
}

void run_push(Options& options, Environment& environment) {
  Run run(options.common, title_of("push", options.card, {options.swx ? "SWx" : "Cx"}), environment);
  Phone phone = run.phone(options.card);
  if (options.swx) {
    if (phone.imsi.empty()) throw LabUsageError("SWx knows users by their IMSI: give --imsi");
    run.aaa(phone);
    tell_network_errors(run, Party::kAaa, [&] { play_on_swx(run, phone, options); });
  } else {
    Registration registration(run, phone, options.registration);
    tell_network_errors(run, Party::kScscf, [&] { play_on_cx(run, phone, registration, options); });
  }
  run.finish();
}

}  // namespace

void add_push(cli::App& parent, Environment& environment) {
  cli::App* app = parent.add_verb("push", "register, and show and answer what the HSS asks: RTR and PPR");
  const auto options = std::make_shared<Options>();
  app->add_flag("--swx", options->swx, "as a 3GPP AAA server on SWx; left out: as an S-CSCF on Cx");
  app->add_option("--seconds", options->seconds, "how long to wait; left out: 60, with --count without an end")
      ->type_name("N")
      ->between(1U, 86400U);
  app->add_option("--count", options->count, "how many to wait for; fewer in --seconds are a failure")
      ->type_name("N")
      ->between(1U, 1000000U);
  app->add_option("--answer", options->answer, "what to answer with; none: no answer at all; left out: success")
      ->type_name("WORD")
      ->one_of({"success", "user-unknown", "unable-to-comply", "none"});
  declare_card(*app, options->card);
  declare_registration(*app, options->registration);
  declare_common(*app, options->common);
  app->footer(
      "Exit code 0 when the user was registered and --count requests came, whatever was answered to them.\n"
      "--answer none wants --seconds or Ctrl-C: with --count the connection ends at once, which is no silence.\n"
      "Example:\n"
      "  hsslab push --imsi 001010000000001 --keys-file card.keys --count 1 &\n"
      "  hssctl -C ./var deregister 001010000000001\n"
      "  hsslab push --swx --imsi 001010000000001 --keys-file card.keys --count 1 --answer user-unknown");
  app->action([options, &environment] { run_push(*options, environment); });
}

}  // namespace hss::lab
