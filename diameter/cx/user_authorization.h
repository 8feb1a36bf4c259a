// User-Authorization on the wire: UAR and UAA of TS 29.229 6.1.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/command.h"
#include "hss/cx/user_authorization.h"

namespace hss::diameter::cx {

extern const Command<hss::cx::UserAuthorizationRequest, hss::cx::UserAuthorizationAnswer> kUserAuthorization;

}  // namespace hss::diameter::cx
