// Multimedia-Auth on the wire: MAR and MAA of TS 29.273 8.2.2.1.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/command.h"
#include "hss/swx/multimedia_auth.h"

namespace hss::diameter::swx {

extern const Command<hss::swx::MultimediaAuthRequest, hss::swx::MultimediaAuthAnswer> kMultimediaAuth;

}  // namespace hss::diameter::swx
