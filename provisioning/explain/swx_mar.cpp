// hssctl explain swx-mar: authentication over non-3GPP access, without using up a SQN (TS 29.273 8.1.2.1).
// SPDX-License-Identifier: MIT
#include <memory>

#include "hss/swx/multimedia_auth.h"
#include "provisioning/command_line.h"
#include "provisioning/explain/swx_user.h"
#include "provisioning/text.h"

namespace hss::provisioning::explain {
namespace {

struct Options {
  SwxOptions common;
  std::string scheme{swx::name_of(swx::EapScheme::kEapAka)};
  std::optional<std::string> anid;
  std::string rat_type;
  std::uint32_t items = 1;
  bool aaa_failure = false;
  std::string auts;
};

swx::MultimediaAuthRequest request_of(const Options& options) {
  swx::MultimediaAuthRequest request;
  request.sip_authorization = parse_auts(options.auts);
  if (!options.rat_type.empty()) {
    request.rat_type = parse_rat_type(options.rat_type);
    if (!request.rat_type) throw UsageError("--rat-type: must be a RAT-Type by name or number, such as WLAN or 0");
  }
  request.scheme = options.scheme;
  request.number_of_items = options.items;
  request.anid = options.anid.value_or("WLAN");
  if (request.anid->empty()) request.anid.reset();
  if (!options.common.visited_network.empty()) request.visited_network = options.common.visited_network;
  request.aaa_failure = options.aaa_failure;
  request.emergency = options.common.emergency;
  return request;
}

void say_request(Stage& stage, const Options& options, const swx::MultimediaAuthRequest& request) {
  stage.asked("SIP-Authentication-Scheme", request.scheme);
  stage.asked("SIP-Number-Auth-Items", std::to_string(request.number_of_items));
  if (request.sip_authorization) stage.asked("SIP-Authorization", "RAND and AUTS: a resynchronisation");
  if (request.anid) stage.asked("ANID", *request.anid + (options.anid ? "" : " (none is given)"));
  if (request.rat_type) stage.asked("RAT-Type", rat_type_text(*request.rat_type));
  if (request.visited_network) stage.asked("Visited-Network-Identifier", *request.visited_network);
  if (request.aaa_failure) stage.asked("AAA-Failure-Indication", "the stored 3GPP AAA server is unavailable");
  if (request.emergency) stage.asked("Emergency-Services", "yes");
}

/// Never a key, and nothing that answers a challenge.
void say_answer(Stage& stage, const swx::MultimediaAuthRequest& request, const swx::MultimediaAuthAnswer& answer) {
  stage.verdict(answer.verdict);
  for (const swx::AuthItem& item : answer.items) {
    std::string text =
        std::string(name_of(item.scheme)) + ", " + describe(stage, item.vector, Application::kSwx, request.origin.host);
    if (item.scheme == swx::EapScheme::kEapAkaPrime && request.anid) {
      text += ", CK' and IK' for the network \"" + *request.anid + '"';
    }
    stage.answered("SIP-Auth-Data-Item " + std::to_string(item.number), text);
  }
  answer_aaa_server(stage, answer.verdict, answer.aaa_server);
}

void run_swx_mar(const Options& options, Command& command) {
  swx::MultimediaAuthRequest request = request_of(options);
  Store store(command.directory);
  const Rehearsal rehearsal = rehearse(store, "Multimedia-Auth-Request on SWx", [&](Stage& stage) {
    const SwxUser user = swx_user(stage, options.common.identity);
    request.user_name = user.user_name;
    request.origin = options.common.origin;
    choose_aaa_server(stage, request.origin, user);
    say_request(stage, options, request);
    stage.compare(user.subscription, [&] {
      say_answer(stage, request, swx::multimedia_auth(request, stage.repository(), stage.context()));
    });
  });
  print(rehearsal, command);
}

}  // namespace

void add_swx_mar(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb(
      "swx-mar", "Multimedia-Auth of a 3GPP AAA server: authentication over Wi-Fi, without using up a SQN");
  const auto options = std::make_shared<Options>();
  declare_swx(*app, options->common);
  app->add_option("--scheme", options->scheme, "EAP-AKA or EAP-AKA'")->type_name("NAME")->show_default();
  app->add_option("--anid", options->anid,
                  "access network identity, which EAP-AKA' binds its keys to; left out: WLAN; empty: not sent")
      ->type_name("NAME");
  app->add_option("--rat-type", options->rat_type, "RAT-Type by name or number, such as WLAN")->type_name("NAME");
  app->add_option("--items", options->items, "SIP-Number-Auth-Items")->type_name("N")->show_default();
  app->add_flag("--aaa-failure", options->aaa_failure, "the stored 3GPP AAA server is unavailable");
  app->add_option("--auts", options->auts, "a resynchronisation: RAND and AUTS, 60 hexadecimal digits")
      ->type_name("HEX");
  app->footer("Example:\n  hssctl -C ./hss explain swx-mar 001010000000001 --scheme \"EAP-AKA'\" --anid WLAN");
  app->action([options, &command] { run_swx_mar(*options, command); });
}

}  // namespace hss::provisioning::explain
