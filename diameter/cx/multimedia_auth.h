// Multimedia-Auth on the wire: MAR and MAA of TS 29.229 6.1.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/command.h"
#include "hss/cx/multimedia_auth.h"

namespace hss::diameter::cx {

extern const Command<hss::cx::MultimediaAuthRequest, hss::cx::MultimediaAuthAnswer> kMultimediaAuth;

}  // namespace hss::diameter::cx
