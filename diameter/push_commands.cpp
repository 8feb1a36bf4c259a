// SPDX-License-Identifier: MIT
#include "diameter/push_commands.h"

#include <array>
#include <utility>

#include "diameter/applications.h"
#include "diameter/cx/push_profile.h"
#include "diameter/cx/registration_termination.h"
#include "diameter/log_text.h"
#include "diameter/parts.h"
#include "diameter/swx/push_profile.h"
#include "diameter/swx/registration_termination.h"
#include "hss/cx/push_profile.h"
#include "hss/swx/push_profile.h"
#include "hss/swx/registration_termination.h"

namespace hss::diameter {
namespace {

/// An RTR stands for itself: it is sent also when the state has changed, for the server that was asked may still hold
/// what it had.
template <fd::MessagePtr (*kMake)(const Push&)>
PushCommand::MakeRequest termination(const Push& push, Repository& /*repository*/, const Context& /*context*/) {
  return [push] { return kMake(push); };
}

/// Unless it would end what began there after it was written.
PushCommand::MakeRequest swx_termination(const Push& push, Repository& repository, const Context& context) {
  if (hss::swx::overtaken(push, repository, context)) return {};
  return termination<swx::registration_termination_request>(push, repository, context);
}

template <auto kRead, auto kMake>
PushCommand::MakeRequest profile(const Push& push, Repository& repository, const Context& context) {
  auto content = kRead(push, repository, context);
  if (!content) return {};
  return [server = push.server, content = std::move(*content)] { return kMake(server, content); };
}

std::string reason(const Push& push) { return std::string(name_of(push.reason)); }

std::string changes(const Push& push) {
  std::string out;
  if (push.user_data) append_word(out, "user-data");
  if (push.charging) append_word(out, "charging");
  if (push.sip_digest) append_word(out, "sip-digest");
  return out;
}

constexpr const char* kNotRegistered = "the user is not registered there any more";

/// By application, then by kind.
constexpr std::array<std::array<PushCommand, 2>, 2> kCommands{{
    {{{"RTR", termination<cx::registration_termination_request>, hss::cx::apply_termination_answer, reason, nullptr},
      {"PPR", profile<hss::cx::push_profile_content, cx::push_profile_request>, hss::cx::apply_push_profile_answer,
       changes, kNotRegistered}}},
    {{{"SWx-RTR", swx_termination, hss::swx::apply_termination_answer, reason, "the user is with that server again"},
      {"SWx-PPR", profile<hss::swx::push_profile_content, swx::push_profile_request>,
       hss::swx::apply_push_profile_answer, swx::detail_of_profile, kNotRegistered}}},
}};

}  // namespace

const PushCommand& command_of(const Push& push) {
  return kCommands.at(static_cast<std::size_t>(push.application)).at(static_cast<std::size_t>(push.kind));
}

std::string sentence(const Push& push, std::string_view what) {
  std::string out = std::string(command_of(push).name) + " to " + log::field(push.server.diameter_host) + " " +
                    row_of(push.application).user + "=" + log::field(push.private_identity);
  if (!push.public_identities.empty()) out += " impu=" + log::field(push.public_identities.front());
  return out + ": " + std::string(what);
}

}  // namespace hss::diameter
