// SPDX-License-Identifier: MIT
#include "tests/hss/swx/multimedia_auth_world.h"

#include "hss/aka.h"

namespace hss::swx::test {

MultimediaAuthRequest request_of(User user, const AaaServer& from) {
  MultimediaAuthRequest request;
  request.origin = node(from);
  request.user_name = imsi_of(user);
  request.scheme = "EAP-AKA";
  return request;
}

MultimediaAuthRequest prime_request_of(User user, const AaaServer& from) {
  auto request = request_of(user, from);
  request.scheme = "EAP-AKA'";
  request.anid = "WLAN";
  return request;
}

hss::test::UsimModel::Accepted accepted(const AkaVector& vector, const KeySet& card) {
  KeySet keys = card;
  keys.delta = kMaxSqn;
  const auto answer = hss::test::UsimModel(keys).authenticate(vector.rand, vector.autn);
  return std::get<hss::test::UsimModel::Accepted>(answer);
}

Octets<2> amf_of(const AkaVector& vector) { return {vector.autn[6], vector.autn[7]}; }

Bytes resynchronisation(const Octets<16>& rand, std::uint64_t seq_ms, const KeySet& card) {
  hss::test::UsimModel usim(card);
  usim.accept(seq_ms, 7);
  Bytes token(rand.begin(), rand.end());
  const auto auts = usim.make_auts(rand);
  token.insert(token.end(), auts.begin(), auts.end());
  return token;
}

}  // namespace hss::swx::test
