// SPDX-License-Identifier: MIT
#include "diameter/cx/registration_termination.h"

#include "diameter/cx/parts.h"
#include "diameter/cx/push_parts.h"
#include "diameter/dictionary.h"

namespace hss::diameter::cx {

fd::MessagePtr registration_termination_request(const Push& push) {
  fd::MessagePtr request = begin_request(command_code::kRegistrationTermination, push.server, push.private_identity);
  AvpWriter avps(request.get());
  write_private_identities(avps, avps::kAssociatedIdentities, push.associated_identities);
  for (const std::string& impu : push.public_identities) avps.text(avps::kPublicIdentity, impu);
  AvpWriter reason = avps.group(avps::kDeregistrationReason);
  reason.enumerated(avps::kReasonCode, static_cast<std::int32_t>(push.reason));
  if (!push.reason_info.empty()) reason.text(avps::kReasonInfo, push.reason_info);
  return request;
}

}  // namespace hss::diameter::cx
