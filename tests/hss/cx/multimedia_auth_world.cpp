// SPDX-License-Identifier: MIT
#include "tests/hss/cx/multimedia_auth_world.h"

#include "hss/sqn.h"
#include "tests/support/usim_model.h"

namespace hss::cx::test {

AuthWorld::AuthWorld() {
  add({kDigestId, kDigestImpi, AuthScheme::kSipDigest, {}, true});
  add({kGibaId, kGibaImpi, AuthScheme::kEarlyImsSecurity, {}, false, kAddress});
  add({kLineId, kLineImpi, AuthScheme::kNassBundled, {}, false, {}, kLines});
  add({kManyId, kManyImpi, AuthScheme::kDigestAkaV1Md5, kManyKeys, true, kAddress, kLines});
  add({kDigestOwnId, kDigestOwnImpi, AuthScheme::kSipDigest, kManyKeys, true});
  add({kBareId, kBareImpi, AuthScheme::kEarlyImsSecurity, {}});
  add({kTuakId, kTuakImpi, AuthScheme::kDigestAkaV1Md5, kTuakKeys});
  add({kXorId, kXorImpi, AuthScheme::kDigestAkaV1Md5, kXorKeys});
  add({kXorTestId, kXorTestImpi, AuthScheme::kDigestAkaV1Md5, kXorTestKeys});
  for (const PrivateIdentityId id : {kDigestId, kManyId, kDigestOwnId}) repository.add(id, digest_of(id));
  for (const KeySetId id : {kTuakKeys, kXorKeys, kXorTestKeys, kManyKeys}) repository.add(key_set_of(id));
  given(nothing());
}

void AuthWorld::add(const PrivateIdentity& identity) {
  subscription->private_identities.push_back(identity);
  subscription->associations.push_back({identity.id, kSet1});
}

KeySet key_set_of(KeySetId id) {
  if (id == kKeys1 || id == kKeys2) return test_key_set(id);
  KeySet key_set;
  key_set.id = id;
  key_set.k = Secret<16>(from_hex_exact<16>("000102030405060708090a0b0c0d0e0f").value());
  if (id == kTuakKeys) {
    key_set.algorithm = AkaAlgorithm::kTuak;
    key_set.opc = SecretOctets<32>(Bytes(32, 0x5C));
    key_set.parameters.res_octets = 16;
  } else if (id == kManyKeys) {
    key_set.opc = SecretOctets<32>(Bytes(16, 0x5C));
  } else {
    key_set.algorithm = AkaAlgorithm::kXor;
    key_set.test = id == kXorTestKeys;
  }
  return key_set;
}

SipDigest digest_of(PrivateIdentityId id) {
  return {.realm = "ims.example.org",
          .ha1 = Secret<16>(Octets<16>{static_cast<std::uint8_t>(id), 0xA1, 0xB2, 0xC3, 0xD4}),
          .alternate_sha256 = {}};
}

MultimediaAuthRequest request_of(const char* impi, const char* impu, const char* server) {
  MultimediaAuthRequest request;
  request.origin = {std::string(server) == kOtherScscf ? "other.example.org" : "scscf.example.org", "example.org"};
  request.user_name = impi;
  request.public_identity = impu;
  request.server_name = server;
  request.scheme = "Digest-AKAv1-MD5";
  return request;
}

const AkaVector& vector_in(const AuthItem& item) { return std::get<AkaVector>(item.data); }

Sqn sqn_in(const AuthItem& item, KeySetId keys) {
  KeySet card = key_set_of(keys);
  card.delta = kMaxSqn;  // it takes whatever comes
  const AkaVector& vector = vector_in(item);
  const auto answer = hss::test::UsimModel(card).authenticate(vector.rand, vector.autn);
  const auto& accepted = std::get<hss::test::UsimModel::Accepted>(answer);
  return join_sqn(accepted.seq, accepted.ind, card.ind_bits);
}

Bytes resynchronisation(const Octets<16>& rand, Sqn sqn_ms, KeySetId keys) {
  const KeySet card = key_set_of(keys);
  hss::test::UsimModel usim(card);
  usim.accept(seq_of(sqn_ms, card.ind_bits), static_cast<unsigned>(sqn_ms % (Sqn{1} << card.ind_bits)));
  Bytes token(rand.begin(), rand.end());
  const auto auts = usim.make_auts(rand);
  token.insert(token.end(), auts.begin(), auts.end());
  return token;
}

}  // namespace hss::cx::test
