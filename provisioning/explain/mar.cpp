// hssctl explain mar: authentication, without using up a SQN (TS 29.228 6.3.1).
// SPDX-License-Identifier: MIT
#include <memory>

#include "hss/cx/multimedia_auth.h"
#include "provisioning/command_line.h"
#include "provisioning/explain/explain.h"
#include "provisioning/text.h"

namespace hss::provisioning::explain {
namespace {

struct Options {
  std::string impu;
  Defaults given;
  std::string scheme;
  std::uint32_t items = 1;
  std::string auts;
};

/// What an item holds; never a key, and of a vector nothing that answers a challenge.
struct Describe {
  Stage& stage;
  const std::string& origin_host;

  std::string operator()(const AkaVector& vector) const {
    return describe(stage, vector, Application::kCx, origin_host);
  }
  std::string operator()(const SipDigest& digest) const {
    return "realm \"" + digest.realm + "\", HA1 by MD5" + (digest.alternate_sha256 ? " and SHA-256" : "");
  }
  std::string operator()(const FramedAddress& address) const { return "address " + to_text(address); }
  std::string operator()(const cx::LineIdentifiers& lines) const {
    return count_of(lines.identifiers.size(), "Line-Identifier");
  }
};

/// The scheme of the private identity, when none is asked for.
std::string scheme_for(Stage& stage, const std::string& impi) {
  const std::string canonical = lookup_form(impi);
  const auto subscription = stage.repository().find_by_private_identity(canonical);
  const auto* identity = subscription ? subscription->find_private(canonical) : nullptr;
  return std::string(name_of(identity != nullptr ? identity->scheme : AuthScheme::kDigestAkaV1Md5));
}

void run_mar(const Options& options, Command& command) {
  cx::MultimediaAuthRequest request;
  request.sip_authorization = parse_auts(options.auts);
  Store store(command.directory);
  const Rehearsal rehearsal = rehearse(store, "Multimedia-Auth-Request", [&](Stage& stage) {
    Defaults given = options.given;
    request.public_identity = public_identity(stage, options.impu);
    const auto subscription = subscription_of(stage, request.public_identity);
    request.user_name = private_identity(stage, given, request.public_identity, subscription);
    choose_server(stage, given, subscription);
    request.server_name = given.server_name;
    request.origin = given.origin;
    request.scheme = options.scheme.empty() ? scheme_for(stage, request.user_name) : options.scheme;
    stage.asked("SIP-Authentication-Scheme", request.scheme + (options.scheme.empty() ? " (its own)" : ""));
    request.number_of_items = options.items;
    stage.asked("SIP-Number-Auth-Items", std::to_string(options.items));
    if (request.sip_authorization) stage.asked("SIP-Authorization", "RAND and AUTS: a resynchronisation");
    stage.compare(subscription, [&] {
      const auto answer = cx::multimedia_auth(request, stage.repository(), stage.context());
      stage.verdict(answer.verdict);
      for (const cx::AuthItem& item : answer.items) {
        stage.answered(
            "SIP-Auth-Data-Item " + std::to_string(item.number),
            std::string(name_of(item.scheme)) + ", " + std::visit(Describe{stage, request.origin.host}, item.data));
      }
    });
  });
  print(rehearsal, command);
}

}  // namespace

void add_mar(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("mar", "Multimedia-Auth: authentication, without using up a SQN");
  const auto options = std::make_shared<Options>();
  declare_public_identity(*app, options->impu);
  declare_private_identity(*app, options->given);
  declare_server(*app, options->given);
  app->add_option("--scheme", options->scheme, "SIP-Authentication-Scheme; left out: the private identity's own")
      ->type_name("NAME");
  app->add_option("--items", options->items, "SIP-Number-Auth-Items")->type_name("N")->show_default();
  app->add_option("--auts", options->auts, "a resynchronisation: RAND and AUTS, 60 hexadecimal digits")
      ->type_name("HEX");
  declare_origin(*app, options->given);
  app->footer("Example:\n  hssctl -C ./hss explain mar tel:+491510000001 --server-name sip:scscf.example.org:6060");
  app->action([options, &command] { run_mar(*options, command); });
}

}  // namespace hss::provisioning::explain
