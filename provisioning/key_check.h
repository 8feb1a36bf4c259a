// Key check values: enough of a key to see that two are the same, too little to learn it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "hss/secret.h"

namespace hss::provisioning {

/// The first three octets of AES-128 under the key over sixteen octets 01 (the key check value of
/// GlobalPlatform's SCP03, which card makers print), six hexadecimal digits. Not over zero octets: with OP = 0 that
/// block is OPc itself.
std::string key_check_value(const Secret<16>& key);

}  // namespace hss::provisioning
