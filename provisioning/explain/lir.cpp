// hssctl explain lir: where a request to this identity goes (TS 29.228 6.1.4).
// SPDX-License-Identifier: MIT
#include <memory>

#include "hss/cx/location_info.h"
#include "provisioning/command_line.h"
#include "provisioning/explain/explain.h"

namespace hss::provisioning::explain {
namespace {

struct Options {
  std::string impu;
  Defaults given;
  bool originating = false;
};

void run_lir(const Options& options, Command& command) {
  Store store(command.directory);
  const Rehearsal rehearsal = rehearse(store, "Location-Info-Request", [&](Stage& stage) {
    Defaults given = options.given;
    cx::LocationInfoRequest request;
    request.public_identity = public_identity(stage, options.impu);
    request.originating = options.originating;
    if (options.originating) stage.asked("Originating-Request", "yes");
    choose_origin(stage, given);
    request.origin = given.origin;
    stage.compare(subscription_of(stage, request.public_identity), [&] {
      const auto answer = cx::location_info(request, stage.repository(), stage.context());
      stage.verdict(answer.verdict);
      if (answer.server_name) {
        stage.answered("Server-Name",
                       *answer.server_name + (answer.psi_direct_routing ? " (an application server)" : ""));
      }
      if (answer.capabilities) stage.answered("Server-Capabilities", describe(*answer.capabilities));
      if (answer.wildcarded_public_identity) {
        stage.answered("Wildcarded-Public-Identity", *answer.wildcarded_public_identity);
      }
    });
  });
  print(rehearsal, command);
}

}  // namespace

void add_lir(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("lir", "Location-Info: where a request to this identity goes");
  const auto options = std::make_shared<Options>();
  declare_public_identity(*app, options->impu);
  app->add_flag("--originating", options->originating, "a request from the identity, not to it");
  declare_origin(*app, options->given);
  app->footer("Example:\n  hssctl -C ./hss explain lir tel:+491510000001");
  app->action([options, &command] { run_lir(*options, command); });
}

}  // namespace hss::provisioning::explain
