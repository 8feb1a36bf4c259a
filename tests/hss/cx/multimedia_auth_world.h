// The fixture's world with private identities of every scheme and algorithm, and MARs for them.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/cx/multimedia_auth.h"
#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {

// All of these may use set 1.
inline constexpr char kDigestImpi[] = "digest@ims.example.org";        // SIP Digest
inline constexpr char kGibaImpi[] = "giba@ims.example.org";            // Early-IMS-Security
inline constexpr char kLineImpi[] = "line@ims.example.org";            // NASS-Bundled
inline constexpr char kManyImpi[] = "many@ims.example.org";            // AKA is its own, and it has all others too
inline constexpr char kDigestOwnImpi[] = "digestown@ims.example.org";  // SIP Digest is its own, and it has AKA too
inline constexpr char kBareImpi[] = "bare@ims.example.org";            // GIBA is its own, and nothing is there
inline constexpr char kTuakImpi[] = "tuak@ims.example.org";
inline constexpr char kXorImpi[] = "xor@ims.example.org";          // XOR on a card that is no test card
inline constexpr char kXorTestImpi[] = "xortest@ims.example.org";  // XOR on a test card
inline constexpr PrivateIdentityId kDigestId = 111, kGibaId = 112, kLineId = 113, kManyId = 114, kDigestOwnId = 115,
                                   kBareId = 116, kTuakId = 117, kXorId = 118, kXorTestId = 119;
inline constexpr KeySetId kTuakKeys = 21, kXorKeys = 22, kXorTestKeys = 23, kManyKeys = 24;

inline const FramedAddress kAddress{.ipv4 = Octets<4>{192, 0, 2, 7}, .ipv6_prefix = {}};
inline const std::vector<Bytes> kLines{{0x01, 0x02}, {0x03}};

class AuthWorld : public World {
 public:
  AuthWorld();

 private:
  void add(const PrivateIdentity& identity);
};

/// Any key set of AuthWorld.
KeySet key_set_of(KeySetId id);
/// The SIP Digest credentials of a private identity of AuthWorld.
SipDigest digest_of(PrivateIdentityId id);

/// When the flag of a challenge at kNow lapses.
inline constexpr UnixTime kUntil = kNow + 300;
inline State pending_at(const AssignedServer& server, ImplicitSetId set = kSet1, PrivateIdentityId identity = kId1) {
  return {server, {pair(set, identity, kNot, kUntil)}};
}

/// A MAR for AKA.
MultimediaAuthRequest request_of(const char* impi = kImpi, const char* impu = kImpu, const char* server = kScscf);

const AkaVector& vector_in(const AuthItem& item);
/// SQN of a vector, read as the USIM reads it.
Sqn sqn_in(const AuthItem& item, KeySetId keys = kKeys1);
/// RAND || AUTS of a USIM that stands at `sqn_ms`.
Bytes resynchronisation(const Octets<16>& rand, Sqn sqn_ms, KeySetId keys = kKeys1);

}  // namespace hss::cx::test
