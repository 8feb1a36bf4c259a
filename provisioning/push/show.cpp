// hssctl push show: one request to an S-CSCF or 3GPP AAA server, whole.
// SPDX-License-Identifier: MIT
#include <memory>

#include "provisioning/command_line.h"
#include "provisioning/push/text.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::push {
namespace {

void print(const Push& push, std::ostream& out) {
  out << "Push       " << push.id << ", " << what_of(push) << '\n';
  if (!push.reason_info.empty()) out << "Info       " << printable(push.reason_info) << '\n';
  const bool on_cx = push.application == Application::kCx;
  out << "To         " << printable(push.server.diameter_host) << ", realm " << printable(push.server.diameter_realm)
      << (on_cx ? " (S-CSCF " + printable(push.server.name) : std::string(" (3GPP AAA server")) << ")\n"
      << (on_cx ? "IMPI       " : "IMSI       ") << printable(push.private_identity) << '\n';
  for (const std::string& impu : push.public_identities) out << "IMPU       " << printable(impu) << '\n';
  for (const std::string& impi : push.associated_identities) out << "With       " << printable(impi) << '\n';
  out << "Written    " << subscriber::utc(push.created) << "\nAttempts   " << push.attempts << '\n';
  if (push.status == PushStatus::kWaiting) out << "Next       " << subscriber::utc(push.next_attempt) << '\n';
  if (push.finished) out << "Finished   " << subscriber::utc(*push.finished) << '\n';
  out << "Status     " << name_of(push.status) << "\nResult     " << result_of(push) << '\n';
  if (!push.outcome.empty()) out << "Outcome    " << one_line(push.outcome) << '\n';
}

void run_show(PushId id, Command& command) {
  Store store(command.directory);
  std::optional<Push> push;
  store.database().read([&] { push = store.administration().repository().push(id); });
  if (!push) throw Failure(std::to_string(id) + ": no such push: 'push list' shows their numbers");
  if (command.json) {
    command.out << pretty(to_json(*push)) << '\n';
  } else {
    print(*push, command.out);
  }
}

}  // namespace

void add_show(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("show", "show one request to an S-CSCF or 3GPP AAA server");
  const auto id = std::make_shared<PushId>(0);
  app->add_option("NUMBER", *id, "as 'push list' shows it")->required()->type_name("");
  app->footer("Example:\n  hssctl -C ./hss push show 12");
  app->action([id, &command] { run_show(*id, command); });
}

}  // namespace hss::provisioning::push
