// What the procedures of SWx have in common when they are explained: the user, and the 3GPP AAA server that asks.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "provisioning/explain/explain.h"

namespace hss::provisioning::explain {

struct SwxUser {
  std::string user_name;                               // for User-Name
  std::shared_ptr<const Subscription> subscription{};  // null: nobody has it
};

/// An IMSI or an NAI that holds one stands for itself; an MSISDN, IMPI or IMPU for the IMSI of its subscriber. Says so
/// in the request. Failure when that subscriber has no IMSI.
SwxUser swx_user(Stage& stage, const std::string& typed);
/// The 3GPP AAA server that is given, or the stored one, or the first host of diameter.swx_peers.
void choose_aaa_server(Stage& stage, DiameterNode& origin, const SwxUser& user);
/// What an answer says of the AAA server that has the user.
void answer_aaa_server(Stage& stage, const Verdict& verdict, const std::optional<std::string>& host);

/// ID; --origin-host and --origin-realm; --visited-network; --emergency.
struct SwxOptions {
  std::string identity;
  DiameterNode origin;
  std::string visited_network;
  bool emergency = false;
};
void declare_swx(cli::App& app, SwxOptions& options);

}  // namespace hss::provisioning::explain
