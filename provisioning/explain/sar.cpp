// hssctl explain sar: what an S-CSCF would get, and what would become of the registration (TS 29.228 6.1.2).
// SPDX-License-Identifier: MIT
#include <memory>
#include <span>

#include "hss/cx/server_assignment.h"
#include "provisioning/command_line.h"
#include "provisioning/explain/explain.h"
#include "provisioning/explain/type_name.h"
#include "provisioning/text.h"

namespace hss::provisioning::explain {
namespace {

struct Options {
  std::vector<std::string> impus;
  Defaults given;
  std::string type;
  bool already_available = false;
  bool restoration = false;
};

constexpr auto kTypes = std::span(hss::kServerAssignmentTypeNames).first<cx::kServerAssignmentTypesOfCx>();

/// Without it, an unregistered user is meant whoever it is, or all private identities are de-registered.
bool needs_private_identity(hss::ServerAssignmentType type) {
  using Type = hss::ServerAssignmentType;
  return type == Type::kNoAssignment || type == Type::kRegistration || type == Type::kReRegistration ||
         type == Type::kAuthenticationFailure || type == Type::kAuthenticationTimeout;
}

std::string describe_charging(const ChargingInformation& charging) {
  std::vector<std::string> uris;
  for (const std::string& uri :
       {charging.primary_event, charging.secondary_event, charging.primary_collection, charging.secondary_collection}) {
    if (!uri.empty()) uris.push_back(uri);
  }
  return join(uris, ", ");
}

void answer_of(Stage& stage, const cx::ServerAssignmentAnswer& answer) {
  stage.verdict(answer.verdict);
  if (answer.user_name) stage.answered("User-Name", *answer.user_name);
  if (answer.server_name) stage.answered("Server-Name", *answer.server_name);
  if (answer.user_data) stage.answered("User-Data", count_of(answer.user_data->size(), "octet"));
  if (!answer.charging.empty()) stage.answered("Charging-Information", describe_charging(answer.charging));
  if (!answer.associated_identities.empty()) {
    stage.answered("Associated-Identities", join(answer.associated_identities, ", "));
  }
  if (!answer.associated_registered_identities.empty()) {
    stage.answered("Associated-Registered-Identities", join(answer.associated_registered_identities, ", "));
  }
  if (answer.loose_route_required) {
    stage.answered("Loose-Route-Indication", *answer.loose_route_required ? "required" : "not required");
  }
  if (answer.wildcarded_public_identity) {
    stage.answered("Wildcarded-Public-Identity", *answer.wildcarded_public_identity);
  }
  for (const Bytes& info : answer.restoration_info) {
    stage.answered("SCSCF-Restoration-Info", count_of(info.size(), "octet"));
  }
}

void choose_private(Stage& stage, const Options& options, const std::shared_ptr<const Subscription>& subscription,
                    cx::ServerAssignmentRequest& request) {
  if (!options.given.impi.empty() || needs_private_identity(request.type)) {
    request.user_name = private_identity(
        stage, options.given, request.public_identities.empty() ? "" : request.public_identities.front(), subscription);
  } else if (subscription && subscription->private_identities.size() == 1) {
    request.user_name = subscription->private_identities.front().impi;
    stage.asked("User-Name", *request.user_name + " (of the subscription)");
  }
}

void run_sar(const Options& options, Command& command) {
  if (options.impus.empty() && options.given.impi.empty()) throw UsageError("give an IMPU, or an IMPI with --impi");
  const std::size_t type = type_of("--type", options.type, kTypes);
  Store store(command.directory);
  const Rehearsal rehearsal = rehearse(store, "Server-Assignment-Request", [&](Stage& stage) {
    Defaults given = options.given;
    cx::ServerAssignmentRequest request;
    request.type = static_cast<hss::ServerAssignmentType>(type);
    stage.asked("Server-Assignment-Type", std::string(kTypes[type]));
    for (const std::string& impu : options.impus) request.public_identities.push_back(public_identity(stage, impu));
    const auto subscription = options.impus.empty()
                                  ? stage.repository().find_by_private_identity(lookup_form(given.impi))
                                  : subscription_of(stage, request.public_identities.front());
    choose_private(stage, options, subscription, request);
    choose_server(stage, given, subscription);
    request.server_name = given.server_name;
    request.origin = given.origin;
    request.user_data_already_available = options.already_available;
    if (options.already_available) stage.asked("User-Data-Already-Available", "yes");
    request.features.restoration = options.restoration;
    stage.compare(subscription,
                  [&] { answer_of(stage, cx::server_assignment(request, stage.repository(), stage.context())); });
  });
  print(rehearsal, command);
}

}  // namespace

void add_sar(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("sar", "Server-Assignment: the profile, and what becomes of the registration");
  const auto options = std::make_shared<Options>();
  app->add_option("IMPU", options->impus, "public identities; none: the private identity alone")->type_name("");
  declare_private_identity(*app, options->given);
  app->add_option("--type", options->type,
                  "Server-Assignment-Type by number or name, e.g. 1 or registration, 3 or unregistered-user, 5 or "
                  "user-deregistration")
      ->required()
      ->type_name("TYPE");
  declare_server(*app, options->given);
  app->add_flag("--already-available", options->already_available, "the S-CSCF has the profile already");
  app->add_flag("--restoration", options->restoration, "IMS restoration is agreed on");
  declare_origin(*app, options->given);
  app->footer("Example:\n  hssctl -C ./hss explain sar tel:+491510000001 --type registration");
  app->action([options, &command] { run_sar(*options, command); });
}

}  // namespace hss::provisioning::explain
