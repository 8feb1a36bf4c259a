// hssctl explain swx-sar: the profile that a 3GPP AAA server would get, and what would become of the user's state
// (TS 29.273 8.1.2.2.2).
// SPDX-License-Identifier: MIT
#include <memory>

#include "hss/swx/server_assignment.h"
#include "provisioning/apn/apn_fields.h"
#include "provisioning/command_line.h"
#include "provisioning/explain/swx_user.h"
#include "provisioning/explain/type_name.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/text.h"

namespace hss::provisioning::explain {
namespace {

struct Options {
  SwxOptions common;
  std::string type;
  std::string apn;
  std::optional<std::uint32_t> context_identifier;
  std::vector<std::string> gateway_addresses;
  std::string gateway_host;
  std::string gateway_realm;
  std::vector<std::string> active_apns;
};

swx::ServerAssignmentRequest request_of(const Options& options) {
  swx::ServerAssignmentRequest request;
  request.type = static_cast<ServerAssignmentType>(type_of("--type", options.type, kServerAssignmentTypeNames));
  FieldProblems problems;
  Checker check(problems);
  PdnGateway& gateway = request.apn.gateway;
  for (const std::string& address : options.gateway_addresses) {
    add_address("--gateway-address", address, gateway, check);
  }
  gateway.host = trim(options.gateway_host);
  gateway.realm = trim(options.gateway_realm);
  check_gateway_name(gateway, "--gateway-host", "--gateway-realm", check);
  if (!problems.empty()) throw subscriber::refusal(problems);
  if (!options.apn.empty()) request.apn.service_selection = options.apn;
  request.apn.context_identifier = options.context_identifier;
  if (!options.common.visited_network.empty()) request.apn.visited_network = options.common.visited_network;
  for (const std::string& apn : options.active_apns) request.active_apns.push_back({.service_selection = apn});
  request.emergency = options.common.emergency;
  return request;
}

void say_request(Stage& stage, const swx::ServerAssignmentRequest& request) {
  stage.asked("Server-Assignment-Type",
              std::string(kServerAssignmentTypeNames[static_cast<std::size_t>(request.type)]));
  if (request.apn.service_selection) stage.asked("Service-Selection", *request.apn.service_selection);
  if (request.apn.context_identifier) {
    stage.asked("Context-Identifier", std::to_string(*request.apn.context_identifier));
  }
  if (!request.apn.gateway.empty()) stage.asked("MIP6-Agent-Info", gateway_text(request.apn.gateway));
  if (request.apn.visited_network) stage.asked("Visited-Network-Identifier", *request.apn.visited_network);
  for (const swx::ReportedApn& apn : request.active_apns) stage.asked("Active-APN", *apn.service_selection);
  if (request.emergency) stage.asked("Emergency-Services", "yes");
}

/// One APN-Configuration: "ims", Context-Identifier 1, ipv4v6, QCI 5, priority 8 ...
std::string describe(const swx::ApnData& data) {
  const ApnConfiguration& apn = data.apn.configuration;
  std::vector<std::string> parts{apn.name, "Context-Identifier " + std::to_string(apn.context_identifier),
                                 std::string(name_of(apn.pdn_type)), "QCI " + std::to_string(apn.qci),
                                 "priority " + std::to_string(apn.priority.level)};
  if (apn.priority.may_pre_empt) parts.emplace_back("may pre-empt");
  if (!apn.priority.may_be_pre_empted) parts.emplace_back("may not be pre-empted");
  const auto addresses = address_texts(data.apn.ipv4, data.apn.ipv6);
  if (!addresses.empty()) parts.push_back("address " + join(addresses, " and "));
  if (apn.ambr) parts.push_back("AMBR " + ambr_text(*apn.ambr));
  if (!apn.charging_characteristics.empty()) parts.push_back("charging " + apn.charging_characteristics);
  if (apn.vplmn_dynamic_address_allowed) {
    parts.emplace_back(*apn.vplmn_dynamic_address_allowed ? "dynamic addresses of the VPLMN"
                                                          : "no dynamic addresses of the VPLMN");
  }
  if (data.allocation) {
    const bool is_static = *data.allocation == swx::ApnData::Allocation::kStatic;
    parts.push_back((is_static ? "static PDN gateway " : "dynamic PDN gateway ") + gateway_text(data.gateway));
  }
  if (!data.visited_network.empty()) parts.push_back("in " + data.visited_network);
  return join(parts, ", ");
}

void say_user_data(Stage& stage, const swx::UserData& data) {
  if (!data.msisdn.empty()) stage.answered("Subscription-Id", data.msisdn);
  stage.answered("Non-3GPP-IP-Access",
                 data.access_allowed ? "NON_3GPP_SUBSCRIPTION_ALLOWED" : "NON_3GPP_SUBSCRIPTION_BARRED");
  stage.answered("Non-3GPP-IP-Access-APN", data.apns_enabled ? "NON_3GPP_APNS_ENABLE" : "NON_3GPP_APNS_DISABLE");
  for (const std::uint32_t type : data.forbidden_rat_types)
    stage.answered("RAT-Type", rat_type_text(type) + ": not allowed");
  if (data.session_timeout) stage.answered("Session-Timeout", count_of(*data.session_timeout, "second"));
  if (data.ambr) stage.answered("AMBR", ambr_text(*data.ambr) + " bit/s (uplink:downlink)");
  if (!data.charging_characteristics.empty()) {
    stage.answered("3GPP-Charging-Characteristics", data.charging_characteristics);
  }
  stage.answered("Context-Identifier", std::to_string(data.default_context_identifier) + " (the default APN)");
  for (const swx::ApnData& apn : data.apns) stage.answered("APN-Configuration", describe(apn));
}

void run_swx_sar(const Options& options, Command& command) {
  swx::ServerAssignmentRequest request = request_of(options);
  Store store(command.directory);
  const Rehearsal rehearsal = rehearse(store, "Server-Assignment-Request on SWx", [&](Stage& stage) {
    const SwxUser user = swx_user(stage, options.common.identity);
    request.user_name = user.user_name;
    request.origin = options.common.origin;
    choose_aaa_server(stage, request.origin, user);
    say_request(stage, request);
    stage.compare(user.subscription, [&] {
      const auto answer = swx::server_assignment(request, stage.repository(), stage.context());
      stage.verdict(answer.verdict);
      if (answer.user_data) say_user_data(stage, *answer.user_data);
      answer_aaa_server(stage, answer.verdict, answer.aaa_server);
    });
  });
  print(rehearsal, command);
}

}  // namespace

void add_swx_sar(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb(
      "swx-sar", "Server-Assignment of a 3GPP AAA server: the profile for Wi-Fi, and what becomes of the user");
  const auto options = std::make_shared<Options>();
  declare_swx(*app, options->common);
  app->add_option("--type", options->type,
                  "Server-Assignment-Type by number or name, e.g. 1 or registration, 5 or user-deregistration, 13 or "
                  "pgw-update")
      ->required()
      ->type_name("TYPE");
  app->add_option("--apn", options->apn, "Service-Selection: the APN of a pgw-update")->type_name("NI");
  app->add_option("--context-id", options->context_identifier, "Context-Identifier of that APN")->type_name("N");
  app->add_option("--gateway-address", options->gateway_addresses,
                  "IPv4 or IPv6 address of the PDN gateway, may be repeated for the other kind")
      ->type_name("ADDRESS")
      ->one_value_each();
  app->add_option("--gateway-host", options->gateway_host, "Diameter host of the PDN gateway")->type_name("FQDN");
  app->add_option("--gateway-realm", options->gateway_realm, "Diameter realm of the PDN gateway")->type_name("REALM");
  app->add_option("--active-apn", options->active_apns, "Active-APN of a restoration, may be repeated")
      ->type_name("NI")
      ->one_value_each();
  app->footer(
      "Example:\n"
      "  hssctl -C ./hss explain swx-sar 001010000000001 --type registration\n"
      "  hssctl -C ./hss explain swx-sar 001010000000001 --type pgw-update --apn ims --gateway-address 192.0.2.10");
  app->action([options, &command] { run_swx_sar(*options, command); });
}

}  // namespace hss::provisioning::explain
