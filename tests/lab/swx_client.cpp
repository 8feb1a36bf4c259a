// What an AAA server asks on SWx.
// SPDX-License-Identifier: MIT
#include "tests/lab/client_parts.h"

namespace hss::lab {
namespace {

constexpr std::uint32_t kWlan = 0;  // RAT-Type, TS 29.212 5.3.31

}  // namespace

MultimediaAuth ask_swx_mar(Connection& aaa, const std::string& user_name, const std::string& scheme,
                           std::uint32_t items, const std::string& anid, const std::optional<Bytes>& sip_authorization,
                           std::chrono::milliseconds patience) {
  std::vector<Avp> avps{text_avp(avp::kUserName, user_name), number_avp(avp::kRatType, kWlan, false)};
  if (!anid.empty()) avps.push_back(text_avp(avp::kAnid, anid));
  avps.push_back(auth_data_item(scheme, sip_authorization));
  avps.push_back(number_avp(avp::kSipNumberAuthItems, items));
  return multimedia_auth_in(aaa.ask(aaa.make_request(kSwx, command::kMultimediaAuth, std::move(avps)), patience));
}

SwxServerAssignment ask_swx_sar(Connection& aaa, const std::string& user_name, std::uint32_t type,
                                std::vector<Avp> more, std::chrono::milliseconds patience) {
  more.insert(more.begin(), {text_avp(avp::kUserName, user_name), number_avp(avp::kServerAssignmentType, type)});
  const Message answer = aaa.ask(aaa.make_request(kSwx, command::kServerAssignment, std::move(more)), patience);
  SwxServerAssignment out;
  out.result = result_in(answer);
  if (const Avp* const data = answer.find(avp::kNon3gppUserData)) out.user_data = *data;
  return out;
}

}  // namespace hss::lab
