// hssctl explain uar: may this user register, and where (TS 29.228 6.1.1).
// SPDX-License-Identifier: MIT
#include <array>
#include <memory>

#include "hss/cx/user_authorization.h"
#include "provisioning/command_line.h"
#include "provisioning/explain/explain.h"
#include "provisioning/explain/type_name.h"

namespace hss::provisioning::explain {
namespace {

struct Options {
  std::string impu;
  Defaults given;
  std::string visited_network;
  std::string type = "0";
  bool emergency = false;
  bool restoration = false;
};

constexpr const auto& kTypes = cx::kUserAuthorizationTypeNames;

void run_uar(const Options& options, Command& command) {
  const std::size_t type = type_of("--type", options.type, kTypes);
  Store store(command.directory);
  const Rehearsal rehearsal = rehearse(store, "User-Authorization-Request", [&](Stage& stage) {
    Defaults given = options.given;
    cx::UserAuthorizationRequest request;
    request.public_identity = public_identity(stage, options.impu);
    const auto subscription = subscription_of(stage, request.public_identity);
    request.user_name = private_identity(stage, given, request.public_identity, subscription);
    request.type = static_cast<cx::UserAuthorizationType>(type);
    stage.asked("User-Authorization-Type", std::string(kTypes.at(type)));
    request.visited_network = options.visited_network;
    if (request.visited_network.empty() && subscription && !subscription->visited_networks.empty()) {
      request.visited_network = subscription->visited_networks.front();
    }
    if (request.visited_network.empty()) request.visited_network = stage.context().settings.home_domain;
    stage.asked("Visited-Network-Identifier",
                request.visited_network + (options.visited_network.empty() ? " (assumed)" : ""));
    request.emergency = options.emergency;
    if (request.emergency) stage.asked("UAR-Flags", "emergency registration");
    request.features.restoration = options.restoration;
    choose_origin(stage, given);
    request.origin = given.origin;
    stage.compare(subscription, [&] {
      const auto answer = cx::user_authorization(request, stage.repository(), stage.context());
      stage.verdict(answer.verdict);
      if (answer.server_name) stage.answered("Server-Name", *answer.server_name);
      if (answer.capabilities) stage.answered("Server-Capabilities", describe(*answer.capabilities));
    });
  });
  print(rehearsal, command);
}

}  // namespace

void add_uar(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("uar", "User-Authorization: may it register, and at which S-CSCF");
  const auto options = std::make_shared<Options>();
  declare_public_identity(*app, options->impu);
  declare_private_identity(*app, options->given);
  app->add_option("--visited-network", options->visited_network,
                  "Visited-Network-Identifier; left out: the first one that it may roam in, else home_domain")
      ->type_name("NAME");
  app->add_option("--type", options->type, "0 registration, 1 de-registration, 2 registration-and-capabilities")
      ->type_name("TYPE")
      ->show_default();
  app->add_flag("--emergency", options->emergency, "an emergency registration");
  app->add_flag("--restoration", options->restoration, "IMS restoration is agreed on");
  declare_origin(*app, options->given);
  app->footer("Example:\n  hssctl -C ./hss explain uar tel:+491510000001 --visited-network visited.example.org");
  app->action([options, &command] { run_uar(*options, command); });
}

}  // namespace hss::provisioning::explain
