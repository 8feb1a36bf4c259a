// SPDX-License-Identifier: MIT
#include "diameter/cx/push_profile.h"

#include "diameter/cx/parts.h"
#include "diameter/dictionary.h"
#include "diameter/push_parts.h"

namespace hss::diameter::cx {

fd::MessagePtr push_profile_request(const AssignedServer& server, const hss::cx::PushProfileContent& content) {
  fd::MessagePtr request = begin_request(Application::kCx, command_code::kPushProfile, server, content.user_name);
  AvpWriter avps(request.get());
  if (content.user_data) avps.text(avps::kUserData, *content.user_data);
  write_charging(avps, content.charging);
  if (content.sip_digest) write_sip_digest(avps, *content.sip_digest);
  return request;
}

}  // namespace hss::diameter::cx
