// SPDX-License-Identifier: MIT
#include "diameter/cx/registration_termination.h"

#include "diameter/cx/parts.h"
#include "diameter/dictionary.h"
#include "diameter/push_parts.h"

namespace hss::diameter::cx {

fd::MessagePtr registration_termination_request(const Push& push) {
  fd::MessagePtr request =
      begin_request(Application::kCx, command_code::kRegistrationTermination, push.server, push.private_identity);
  AvpWriter avps(request.get());
  write_private_identities(avps, avps::kAssociatedIdentities, push.associated_identities);
  for (const std::string& impu : push.public_identities) avps.text(avps::kPublicIdentity, impu);
  write_reason(avps, push);
  return request;
}

}  // namespace hss::diameter::cx
