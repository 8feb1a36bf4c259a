// What the requests and answers of Cx and SWx have in common.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "tests/lab/cx_client.h"

namespace hss::lab {

/// The result. Throws NetworkError when there is none.
ResultOf result_in(const Message& answer);
/// The text of an AVP, empty when it is not there.
std::string text_in(const Message& answer, AvpId id);
/// SIP-Auth-Data-Item of a MAR, TS 29.229 6.3.13.
Avp auth_data_item(const std::string& scheme, const std::optional<Bytes>& sip_authorization);
/// A whole MAA. Throws NetworkError as vectors_of(), and for a success without a vector.
MultimediaAuth multimedia_auth_in(const Message& answer);

}  // namespace hss::lab
