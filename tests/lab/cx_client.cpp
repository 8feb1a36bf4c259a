// SPDX-License-Identifier: MIT
#include "tests/lab/cx_client.h"

#include <algorithm>
#include <iterator>

#include "tests/lab/client_parts.h"
#include "tests/lab/dictionary.h"

namespace hss::lab {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kUserDataNotAvailable = 0;  // User-Data-Already-Available, TS 29.229 6.3.26
constexpr std::size_t kShortestXres = 4;            // TS 33.102 6.3.7
constexpr std::size_t kLongestXres = 16;

/// The members of one SIP-Auth-Data-Item of an MAA.
class Item {
 public:
  Item(const Message& answer, const Avp& group, std::size_t number)
      : where_("SIP-Auth-Data-Item " + std::to_string(number) + " of " + short_name(answer)) {
    auto members = group.members();
    if (!members) throw NetworkError(where_ + " does not hold whole AVPs");
    members_ = *std::move(members);
  }

  /// TS 29.228 6.3: in which order the vectors are to be used; 0 without one.
  [[nodiscard]] std::uint32_t order() const {
    const Avp* const found = find(members_, avp::kSipItemNumber);
    return found == nullptr ? 0 : found->number().value_or(0);
  }

  [[nodiscard]] Vector vector() const {
    Vector out;
    const Bytes& authenticate = octets(avp::kSipAuthenticate, 32, 32);
    std::copy_n(authenticate.begin(), 16, out.rand.begin());
    std::copy_n(authenticate.begin() + 16, 16, out.autn.begin());
    out.xres = SecretOctets<32>(octets(avp::kSipAuthorization, kShortestXres, kLongestXres));
    out.ck = SecretOctets<16>(octets(avp::kConfidentialityKey, 16, 16)).fixed<16>();
    out.ik = SecretOctets<16>(octets(avp::kIntegrityKey, 16, 16)).fixed<16>();
    if (const Avp* const scheme = find(members_, avp::kSipAuthenticationScheme)) out.scheme = scheme->text();
    return out;
  }

 private:
  [[nodiscard]] const Bytes& octets(AvpId id, std::size_t shortest, std::size_t longest) const {
    const Avp* const found = find(members_, id);
    if (found == nullptr) throw NetworkError(where_ + " lacks " + name_of(id));
    if (found->data.size() >= shortest && found->data.size() <= longest) return found->data;
    const std::string wanted =
        shortest == longest ? std::to_string(shortest) : std::to_string(shortest) + " to " + std::to_string(longest);
    throw NetworkError(name_of(id) + " in " + where_ + " has " + std::to_string(found->data.size()) +
                       " octets, it should have " + wanted);
  }

  std::string where_;
  std::vector<Avp> members_;
};

}  // namespace

ResultOf result_in(const Message& answer) {
  if (const auto result = result_of(answer)) return *result;
  throw NetworkError(short_name(answer) + " has neither Result-Code nor a whole Experimental-Result");
}

std::string text_in(const Message& answer, AvpId id) {
  const Avp* const found = answer.find(id);
  return found == nullptr ? std::string() : found->text();
}

Avp auth_data_item(const std::string& scheme, const std::optional<Bytes>& sip_authorization) {
  std::vector<Avp> members{text_avp(avp::kSipAuthenticationScheme, scheme)};
  if (sip_authorization) members.push_back(octets_avp(avp::kSipAuthorization, *sip_authorization));
  return group_avp(avp::kSipAuthDataItem, members);
}

MultimediaAuth multimedia_auth_in(const Message& answer) {
  MultimediaAuth out;
  out.result = result_in(answer);
  if (out.result.code / 1000 == 2) out.vectors = vectors_of(answer);
  if (out.result == ResultOf{0, 2001} && out.vectors.empty()) {
    throw NetworkError(short_name(answer) + " says " + result_text(out.result) + ", but has no SIP-Auth-Data-Item");
  }
  out.aaa_server = text_in(answer, avp::kAaaServerName);
  if (out.aaa_server.empty()) out.aaa_server = text_in(answer, avp::kRedirectHost);
  return out;
}

UserAuthorization ask_uar(Connection& icscf, const std::string& impi, const std::string& impu,
                          const std::string& visited_network, std::optional<std::uint32_t> type,
                          milliseconds patience) {
  std::vector<Avp> avps{text_avp(avp::kUserName, impi), text_avp(avp::kPublicIdentity, impu),
                        text_avp(avp::kVisitedNetworkIdentifier, visited_network)};
  if (type) avps.push_back(number_avp(avp::kUserAuthorizationType, *type));
  const Message answer = icscf.ask(icscf.make_request(kCx, command::kUserAuthorization, std::move(avps)), patience);
  UserAuthorization out;
  out.result = result_in(answer);
  out.server_name = text_in(answer, avp::kServerName);
  const Avp* const capabilities = answer.find(avp::kServerCapabilities);
  if (capabilities == nullptr) return out;
  const auto members = capabilities->members();
  if (!members) throw NetworkError("Server-Capabilities of UAA does not hold whole AVPs");
  for (const Avp& member : *members) {
    if (member.id == avp::kServerName) out.server_names.push_back(member.text());
  }
  return out;
}

MultimediaAuth ask_mar(Connection& scscf, const std::string& impi, const std::string& impu,
                       const std::string& server_name, const std::string& scheme, std::uint32_t items,
                       const std::optional<Bytes>& sip_authorization, milliseconds patience) {
  return multimedia_auth_in(scscf.ask(
      scscf.make_request(kCx, command::kMultimediaAuth,
                         {text_avp(avp::kUserName, impi), text_avp(avp::kPublicIdentity, impu),
                          auth_data_item(scheme, sip_authorization), number_avp(avp::kSipNumberAuthItems, items),
                          text_avp(avp::kServerName, server_name)}),
      patience));
}

ServerAssignment ask_sar(Connection& scscf, const std::string& impi, const std::string& impu,
                         const std::string& server_name, std::uint32_t type, milliseconds patience) {
  const Message answer = scscf.ask(
      scscf.make_request(kCx, command::kServerAssignment,
                         {text_avp(avp::kUserName, impi), text_avp(avp::kPublicIdentity, impu),
                          text_avp(avp::kServerName, server_name), number_avp(avp::kServerAssignmentType, type),
                          number_avp(avp::kUserDataAlreadyAvailable, kUserDataNotAvailable)}),
      patience);
  return {.result = result_in(answer), .user_data = text_in(answer, avp::kUserData)};
}

LocationInfo ask_lir(Connection& icscf, const std::string& impu, milliseconds patience) {
  const Message answer =
      icscf.ask(icscf.make_request(kCx, command::kLocationInfo, {text_avp(avp::kPublicIdentity, impu)}), patience);
  return {.result = result_in(answer), .server_name = text_in(answer, avp::kServerName)};
}

std::vector<Vector> vectors_of(const Message& answer) {
  std::vector<Item> items;
  for (const Avp* const group : answer.all(avp::kSipAuthDataItem)) items.emplace_back(answer, *group, items.size() + 1);
  std::ranges::stable_sort(items, {}, &Item::order);
  std::vector<Vector> out;
  std::ranges::transform(items, std::back_inserter(out), &Item::vector);
  return out;
}

}  // namespace hss::lab
