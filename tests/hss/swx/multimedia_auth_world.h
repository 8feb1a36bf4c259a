// MARs of SWx for the users of the fixture, and what the card makes of the vectors in the answer.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/swx/multimedia_auth.h"
#include "tests/hss/swx/fixture.h"
#include "tests/support/usim_model.h"

namespace hss::swx::test {

/// A MAR for one vector of EAP-AKA.
MultimediaAuthRequest request_of(User user, const AaaServer& from = kAaa);
/// A MAR for one vector of EAP-AKA' over "WLAN".
MultimediaAuthRequest prime_request_of(User user, const AaaServer& from = kAaa);

/// What the card accepts of a vector, whatever its SEQ is: it has verified MAC-A then. Throws when it does not.
hss::test::UsimModel::Accepted accepted(const AkaVector& vector, const KeySet& card);
/// AMF of a vector.
Octets<2> amf_of(const AkaVector& vector);

/// RAND || AUTS of the user's card when it stands at a SEQ.
Bytes resynchronisation(const Octets<16>& rand, std::uint64_t seq_ms, const KeySet& card);

}  // namespace hss::swx::test
