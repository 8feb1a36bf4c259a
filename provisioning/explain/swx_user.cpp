// SPDX-License-Identifier: MIT
#include "provisioning/explain/swx_user.h"

#include <algorithm>

#include "hss/swx/user_name.h"
#include "provisioning/command_line.h"
#include "provisioning/text.h"

namespace hss::provisioning::explain {

SwxUser swx_user(Stage& stage, const std::string& typed) {
  SwxUser user{.user_name = typed};
  const auto& served = stage.context().settings.applications;
  if (std::ranges::find(served, "swx") == served.end()) {
    stage.asked("Application", "SWx, which is switched off: diameter.applications of hss.toml");
  }
  if (const auto imsi = swx::imsi_of(typed)) user.subscription = stage.repository().find_by_imsi(*imsi);
  const auto id = user.subscription ? std::nullopt : stage.store().find(typed);
  if (!id) {
    stage.asked("User-Name", typed);
    return user;
  }
  user.subscription = stage.repository().subscription(*id);
  if (user.subscription && user.subscription->imsi.empty()) {
    throw Failure(printable(typed) +
                  ": its subscriber has no IMSI, which is the user's name on SWx: add one with "
                  "'subscriber set --imsi'");
  }
  if (user.subscription) user.user_name = user.subscription->imsi;
  stage.asked("User-Name", user.user_name + " (of " + typed + ')');
  return user;
}

void choose_aaa_server(Stage& stage, DiameterNode& origin, const SwxUser& user) {
  const auto stored = user.subscription ? stage.repository().non_3gpp_registration(user.subscription->id).server
                                        : std::optional<AaaServer>();
  std::string why;
  if (origin.host.empty() && stored) {
    origin = {.host = stored->host, .realm = origin.realm.empty() ? stored->realm : origin.realm};
    why = " (the stored 3GPP AAA server)";
  }
  const auto& peers = stage.context().settings.swx_peers;
  const auto peer = std::ranges::find_if(peers, [](const std::string& name) { return !name.starts_with("*."); });
  if (origin.host.empty() && peer != peers.end()) {
    origin.host = *peer;
    why = " (the first one of diameter.swx_peers)";
  }
  if (origin.host.empty()) {
    origin.host = "explain.invalid";
    why = " (none is given or stored)";
  }
  if (origin.realm.empty()) {
    const auto dot = origin.host.find('.');
    origin.realm = dot == std::string::npos ? "invalid" : origin.host.substr(dot + 1);
  }
  stage.asked("Origin-Host", origin.host + why);
}

void answer_aaa_server(Stage& stage, const Verdict& verdict, const std::optional<std::string>& host) {
  if (!host) return;
  stage.answered(verdict.result == result::kRedirectIndication ? "Redirect-Host" : "3GPP-AAA-Server-Name", *host);
}

void declare_swx(cli::App& app, SwxOptions& options) {
  app.add_option(
         "ID", options.identity,
         "the user: an IMSI or an NAI of EAP with one; an MSISDN, IMPI or IMPU stands for its subscriber's IMSI")
      ->required()
      ->type_name("");
  app.add_option("--origin-host", options.origin.host,
                 "3GPP AAA server that asks; left out: the stored one, else the first of diameter.swx_peers")
      ->type_name("FQDN");
  app.add_option("--origin-realm", options.origin.realm, "its realm; left out: the stored one's, else of the host")
      ->type_name("REALM");
  app.add_option("--visited-network", options.visited_network, "Visited-Network-Identifier")->type_name("NAME");
  app.add_flag("--emergency", options.emergency, "an emergency attach (Emergency-Services)");
}

}  // namespace hss::provisioning::explain
