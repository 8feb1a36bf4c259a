// Key check values: enough of a key to see that two are the same, too little to learn it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "hss/secret.h"

namespace hss::provisioning {

/// The first three octets of AES under the key, of 16 or 32 octets, over sixteen octets 01 (the key check value of
/// GlobalPlatform's SCP03, which card makers print), six hexadecimal digits. Not over zero octets: with OP = 0 that
/// block is OPc itself.
std::string key_check_value(const SecretOctets<32>& key);

}  // namespace hss::provisioning
