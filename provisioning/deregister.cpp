// hssctl deregister: ends registrations through the S-CSCF (TS 29.228 6.1.3) or the 3GPP AAA server (TS 29.273
// 8.1.2.2.3) that holds them.
// SPDX-License-Identifier: MIT
#include <array>
#include <memory>

#include "hss/cx/registration_termination.h"
#include "hss/identity.h"
#include "hss/random.h"
#include "hss/swx/registration_termination.h"
#include "hss/utf8.h"
#include "provisioning/announce.h"
#include "provisioning/command_line.h"
#include "provisioning/push/wait.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

constexpr std::size_t kLongestInfo = 1024;  // octets

struct Options {
  std::string identity;
  std::string impi;
  std::string application = "cx";
  std::string reason = "permanent";
  std::string info;
  push::Wait wait;
};

struct Reason {
  const char* word;
  DeregistrationReason reason;
};
constexpr std::array<Reason, 4> kReasons{{{"permanent", DeregistrationReason::kPermanentTermination},
                                          {"new-server", DeregistrationReason::kNewServerAssigned},
                                          {"server-change", DeregistrationReason::kServerChange},
                                          {"remove-scscf", DeregistrationReason::kRemoveScscf}}};

std::vector<std::string> reason_words() {
  std::vector<std::string> words;
  for (const Reason& row : kReasons) words.emplace_back(row.word);
  return words;
}

DeregistrationReason reason_of(const std::string& word) {
  for (const Reason& row : kReasons) {
    if (word == row.word) return row.reason;
  }
  throw UsageError("--reason: must be " + join(reason_words(), ", "));
}

struct Applications {
  bool cx = false;
  bool swx = false;
};

/// Which applications are meant, when the other options go with them.
Applications applications_of(const Options& options, DeregistrationReason reason) {
  const Applications wanted{.cx = options.application != "swx", .swx = options.application != "cx"};
  if (!wanted.swx) return wanted;
  if (reason != DeregistrationReason::kPermanentTermination && reason != DeregistrationReason::kNewServerAssigned) {
    throw UsageError("--reason " + options.reason +
                     ": is for S-CSCFs only: a 3GPP AAA server knows permanent and "
                     "new-server");
  }
  if (!options.impi.empty() && !wanted.cx) throw UsageError("--impi: is for Cx only: on SWx the IMSI is registered");
  return wanted;
}

struct Target {
  std::shared_ptr<const Subscription> subscription;
  cx::TerminationScope scope;
};

/// What an identity stands for: an IMPU for its set, an IMPI for itself, a number for the whole subscription.
Target target_of(Store& store, const Options& options) {
  Repository& repository = store.administration().repository();
  const std::string identity = lookup_form(options.identity);
  Target target;
  if (target.subscription = repository.find_by_public_identity(identity); target.subscription) {
    target.scope.implicit_set = target.subscription->find_public(identity)->implicit_set;
  } else if (const auto match =
                 canonical_public_identity(identity) ? repository.find_by_wildcard(identity) : WildcardMatch{};
             match.subscription) {
    target.subscription = match.subscription;
    target.scope.implicit_set = match.subscription->public_by_id(match.public_identity)->implicit_set;
  } else if (target.subscription = repository.find_by_private_identity(identity); target.subscription) {
    target.scope.private_identity = target.subscription->find_private(identity)->id;
  } else {
    target.subscription = repository.subscription(store.require(options.identity));
    if (!target.subscription) throw Failure(printable(identity) + ": has gone just now: see 'subscriber list'");
  }
  if (options.impi.empty()) return target;
  const auto* known = target.subscription->find_private(lookup_form(options.impi));
  if (known == nullptr) throw Failure("--impi: the subscriber has no such private identity: see 'subscriber show'");
  target.scope.private_identity = known->id;
  return target;
}

void run_deregister(const Options& options, Command& command) {
  const DeregistrationReason reason = reason_of(options.reason);
  const Applications applications = applications_of(options, reason);
  push::seconds_of(options.wait);
  if (options.info.size() > kLongestInfo || !is_utf8(options.info)) {
    throw UsageError("--info: must be UTF-8 text of 1024 octets at the most");
  }
  Store store(command.directory);
  std::vector<PushId> ids;
  store.database().write([&] {
    const Target target = target_of(store, options);
    SystemRandom random;
    const Context context{.settings = store.settings(), .now = now(), .random = random, .observer = nullptr};
    Repository& repository = store.administration().repository();
    const Subscription& subscription = *target.subscription;
    ids.clear();
    if (applications.cx) {
      ids = cx::request_termination(subscription, target.scope, reason, options.info, repository, context);
    }
    if (!applications.swx) return;
    const auto id = swx::request_termination(
        subscription.id, subscription.imsi, repository.non_3gpp_registration(subscription.id),
        {.reason = reason, .reason_info = options.info, .subscription_is_gone = false}, repository, context);
    if (id) ids.push_back(*id);
  });
  if (ids.empty() && !command.json) {
    command.out << "nothing to do: " << printable(options.identity) << " is not registered"
                << (applications.cx ? "\n" : " on SWx\n");
    return;
  }
  push::report(store, ids, options.wait, Json::object(), command);
}

}  // namespace

void add_deregister(cli::App& parent, Command& command) {
  cli::App* app =
      parent.add_verb("deregister", "end a subscriber's registrations at the S-CSCF or 3GPP AAA server that has them");
  const auto options = std::make_shared<Options>();
  app->add_option("ID", options->identity,
                  "an IMPU: its implicit registration set; an IMPI: what it has registered; an IMSI or MSISDN: all of "
                  "the subscriber. On SWx all of them mean the subscriber's IMSI")
      ->required()
      ->type_name("");
  app->add_option("--impi", options->impi, "only the registrations of this private identity")->type_name("IMPI");
  app->add_option("--application", options->application,
                  "cx: at S-CSCFs; swx: at the 3GPP AAA server (Wi-Fi); all: at both")
      ->one_of({"cx", "swx", "all"})
      ->type_name("NAME")
      ->show_default();
  app->add_option(
         "--reason", options->reason,
         "permanent: it may not come back by itself; new-server: it is served elsewhere now; server-change: "
         "it registers anew, and may get another S-CSCF; remove-scscf: ends the unregistered state. On SWx the first "
         "two only")
      ->one_of(reason_words())
      ->type_name("REASON")
      ->show_default();
  app->add_option("--info", options->info, "Reason-Info: a text for the user")->type_name("TEXT");
  push::declare_wait(*app, options->wait);
  app->footer(
      "A Registration-Termination-Request is written for each registered public identity (SWx: for the IMSI) and sent "
      "by\n"
      "the running server; the registration ends when the S-CSCF or 3GPP AAA server has answered.\n"
      "Example:\n"
      "  hssctl -C ./hss deregister 001010000000001 --reason server-change --wait\n"
      "  hssctl -C ./hss deregister 001010000000001 --application swx");
  app->action([options, &command] { run_deregister(*options, command); });
}

}  // namespace hss::provisioning
