// SPDX-License-Identifier: MIT
#include "diameter/swx/registration_termination.h"

#include "diameter/dictionary.h"
#include "diameter/push_parts.h"

namespace hss::diameter::swx {

fd::MessagePtr registration_termination_request(const Push& push) {
  fd::MessagePtr request =
      begin_request(Application::kSwx, command_code::kRegistrationTermination, push.server, push.private_identity);
  AvpWriter avps(request.get());
  write_reason(avps, push);
  return request;
}

}  // namespace hss::diameter::swx
