// hssctl push send: Push-Profile-Requests on SWx on demand (TS 29.273 8.1.2.3), for some users or for all that are
// registered.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "hss/random.h"
#include "hss/swx/push_profile.h"
#include "provisioning/announce.h"
#include "provisioning/command_line.h"
#include "provisioning/push/text.h"
#include "provisioning/push/wait.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::push {
namespace {

/// Users of one transaction: the server has to wait no longer than for these.
constexpr std::size_t kBatch = 500;

struct Options {
  std::vector<std::string> identities;
  bool registered = false;
  std::string aaa_server;
  bool profile = false;
  bool reset = false;
  bool access_network_info = false;
  bool local_time_zone = false;
  bool pcscf_restoration = false;
  Wait wait;
};

std::uint32_t flags_of(const Options& options) {
  return (options.reset ? swx::kResetIndication : 0U) |
         (options.access_network_info ? swx::kAccessNetworkInfoRequest : 0U) |
         (options.local_time_zone ? swx::kLocalTimeZoneRequest : 0U) |
         (options.pcscf_restoration ? swx::kPcscfRestorationRequest : 0U);
}

void check(const Options& options) {
  if (options.identities.empty() == !options.registered) throw UsageError("give either IDs or --registered");
  if (!options.registered && !options.aaa_server.empty()) throw UsageError("--aaa-server: goes with --registered only");
  if (!options.profile && flags_of(options) == 0) {
    throw UsageError(
        "say what to send: --profile, --reset-indication, --access-network-info, --local-time-zone or "
        "--p-cscf-restoration");
  }
  seconds_of(options.wait);
}

/// Inside Database::write.
std::optional<PushId> write(Store& store, SubscriptionId id, const Options& options) {
  Repository& repository = store.administration().repository();
  const auto subscription = repository.subscription(id);
  if (!subscription) return std::nullopt;
  SystemRandom random;
  const Context context{.settings = store.settings(), .now = now(), .random = random, .observer = nullptr};
  return swx::request_push(*subscription, options.profile, flags_of(options), repository, context);
}

std::vector<PushId> write_for_registered(Store& store, const Options& options) {
  std::vector<PushId> pushes;
  SubscriptionId after = 0;
  for (std::size_t found = kBatch; found == kBatch;) {
    std::vector<PushId> written;
    SubscriptionId last = after;
    store.database().write([&] {
      written.clear();
      const auto ids = store.administration().registered_on_swx(options.aaa_server, after, kBatch);
      found = ids.size();
      last = ids.empty() ? after : ids.back();
      for (const SubscriptionId id : ids) {
        if (const auto push = write(store, id, options)) written.push_back(*push);
      }
    });
    after = last;
    pushes.insert(pushes.end(), written.begin(), written.end());
  }
  return pushes;
}

/// Those whom nobody has registered are named in `idle`.
std::vector<PushId> write_for(Store& store, const Options& options, std::vector<std::string>& idle) {
  std::vector<SubscriptionId> ids;
  store.database().read([&] {
    ids.clear();
    for (const std::string& identity : options.identities) ids.push_back(store.require(identity));
  });
  std::vector<PushId> pushes;
  for (std::size_t first = 0; first < ids.size(); first += kBatch) {
    const std::size_t end = std::min(first + kBatch, ids.size());
    std::vector<PushId> written;
    std::vector<std::string> without;
    store.database().write([&] {
      written.clear();
      without.clear();
      for (std::size_t i = first; i < end; ++i) {
        if (const auto push = write(store, ids[i], options)) {
          written.push_back(*push);
        } else {
          without.push_back(options.identities[i]);
        }
      }
    });
    pushes.insert(pushes.end(), written.begin(), written.end());
    idle.insert(idle.end(), without.begin(), without.end());
  }
  return pushes;
}

void run_send(const Options& options, Command& command) {
  check(options);
  Store store(command.directory);
  std::vector<std::string> idle;
  const std::vector<PushId> pushes =
      options.registered ? write_for_registered(store, options) : write_for(store, options, idle);
  Json json{{"written", pushes.size()}};
  if (!idle.empty()) json["not_registered"] = idle;
  if (!command.json) {
    for (const std::string& identity : idle) {
      command.out << "nothing to do: " << printable(identity) << " is not registered on SWx\n";
    }
  }
  // There can be very many of all that are registered.
  if (!options.registered || options.wait.wanted) {
    report(store, pushes, options.wait, std::move(json), command);
  } else if (command.json) {
    command.out << compact(json) << '\n';
  } else {
    command.out << count_of(pushes.size(), "request") << " written"
                << (pushes.empty() ? ": nobody is registered on SWx\n" : ": see 'hssctl push list'\n");
  }
}

}  // namespace

void add_send(cli::App& parent, Command& command) {
  cli::App* app =
      parent.add_verb("send", "send 3GPP AAA servers a Push-Profile-Request: a profile, or a question about the user");
  const auto options = std::make_shared<Options>();
  app->add_option("ID", options->identities, "users: IMSI, MSISDN, IMPI or IMPU")->type_name("");
  app->add_flag("--registered", options->registered, "instead of ID: all who are registered on SWx");
  app->add_option("--aaa-server", options->aaa_server, "with --registered: only those of this 3GPP AAA server")
      ->type_name("FQDN");
  app->add_flag("--profile", options->profile, "Non-3GPP-User-Data as it is now");
  app->add_flag("--reset-indication", options->reset,
                "the HSS may have lost what it knew of the user: the 3GPP AAA server restores it");
  app->add_flag("--access-network-info", options->access_network_info, "ask where the user is");
  app->add_flag("--local-time-zone", options->local_time_zone, "ask for the user's local time zone");
  app->add_flag("--p-cscf-restoration", options->pcscf_restoration, "the user's P-CSCF has failed: get it another");
  declare_wait(*app, options->wait);
  app->footer(
      "The running server sends what is written here; what the 3GPP AAA server reports is the outcome of the push.\n"
      "Example:\n"
      "  hssctl -C ./hss push send 001010000000001 --access-network-info --local-time-zone --wait\n"
      "  hssctl -C ./hss push send --registered --aaa-server aaa.example.org --reset-indication");
  app->action([options, &command] { run_send(*options, command); });
}

}  // namespace hss::provisioning::push
