// SPDX-License-Identifier: MIT
#include "tests/lab/unit/sample_trace.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace hss::lab::sample {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Message message(std::uint32_t command, bool request, std::vector<Avp> more, std::uint32_t application) {
  Message out{.request = request, .command = command, .application = application, .hop_by_hop = 7, .end_to_end = 9};
  out.avps = {text_avp(avp::kSessionId, "scscf.example.org;1;2"), text_avp(avp::kOriginHost, "scscf.example.org"),
              text_avp(avp::kOriginRealm, "example.org"), number_avp(avp::kAuthSessionState, 1)};
  out.avps.insert(out.avps.end(), more.begin(), more.end());
  return out;
}

Message answer(std::uint32_t command, ResultOf result, std::vector<Avp> more, std::uint32_t application) {
  if (result.vendor == 0) {
    more.insert(more.begin(), number_avp(avp::kResultCode, result.code));
  } else {
    more.insert(more.begin(),
                group_avp(avp::kExperimentalResult, {number_avp(avp::kVendorId, result.vendor),
                                                     number_avp(avp::kExperimentalResultCode, result.code)}));
  }
  return message(command, false, std::move(more), application);
}

Message mar() {
  return message(
      command::kMultimediaAuth, true,
      {text_avp(avp::kUserName, kImpi), text_avp(avp::kPublicIdentity, kImpu), number_avp(avp::kSipNumberAuthItems, 1),
       group_avp(avp::kSipAuthDataItem, {text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5")}),
       text_avp(avp::kServerName, "sip:scscf.example.org:6060")});
}

Message resync_mar() {
  Message out = mar();
  out.avps[7] = group_avp(avp::kSipAuthDataItem,
                          {text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5"),
                           octets_avp(avp::kSipAuthorization, hex(std::string(kRand) + std::string(kAuts)))});
  return out;
}

Message maa() {
  return answer(
      command::kMultimediaAuth, {0, 2001},
      {text_avp(avp::kUserName, kImpi),
       group_avp(avp::kSipAuthDataItem,
                 {number_avp(avp::kSipItemNumber, 1), text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5"),
                  octets_avp(avp::kSipAuthenticate, hex(std::string(kRand) + std::string(kAutn))),
                  octets_avp(avp::kSipAuthorization, hex(kXres)), octets_avp(avp::kConfidentialityKey, hex(kCk)),
                  octets_avp(avp::kIntegrityKey, hex(kIk))})});
}

namespace {

std::chrono::system_clock::time_point time_of(unsigned number) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(1795252500)) + std::chrono::milliseconds(number);
}

}  // namespace

Event sent(unsigned number, Party from, Party to, const Message& message, std::uint16_t local_port) {
  return {.kind = Event::Kind::kDiameter,
          .from = from,
          .to = to,
          .title = {},
          .octets = encode(message),
          .at = time_of(number),
          .local_port = local_port,
          .remote_port = 3910};
}

Event plain(unsigned number, Event::Kind kind, Party from, Party to, std::string title,
            std::vector<std::pair<std::string, std::string>> details) {
  return {.kind = kind,
          .from = from,
          .to = to,
          .title = std::move(title),
          .details = std::move(details),
          .octets = {},
          .at = time_of(number)};
}

std::vector<Event> registration() {
  const std::string ck(kCk);
  const std::string ik(kIk);
  return {
      sent(0, Party::kIcscf, Party::kHss,
           message(
               command::kUserAuthorization, true,
               {text_avp(avp::kUserName, kImpi), text_avp(avp::kPublicIdentity, kImpu),
                text_avp(avp::kVisitedNetworkIdentifier, "example.org"), number_avp(avp::kUserAuthorizationType, 0)}),
           40000),
      sent(3, Party::kHss, Party::kIcscf, answer(command::kUserAuthorization, {kVendor3gpp, 2001}, {}), 40000),
      sent(4, Party::kScscf, Party::kHss, mar()),
      sent(8, Party::kHss, Party::kScscf, maa()),
      plain(9, Event::Kind::kSip, Party::kScscf, Party::kPcscf, "401 Unauthorized",
            {{"WWW-Authenticate", "Digest realm=\"example.org\", nonce=\"I1U8vpY3qJ0=\", algorithm=AKAv1-MD5, ck=\"" +
                                      ck + "\", ik=\"" + ik + "\""}}),
      plain(10, Event::Kind::kNote, Party::kUe, Party::kUe, "MAC-A is right, SQN is new",
            {{"SQN", "000000000020"}, {"RES", std::string(kXres)}}),
      plain(11, Event::Kind::kProblem, Party::kUe, Party::kUe, "the digest is wrong"),
      sent(12, Party::kScscf, Party::kHss,
           message(command::kServerAssignment, true,
                   {text_avp(avp::kPublicIdentity, kImpu), number_avp(avp::kServerAssignmentType, 1)})),
      sent(15, Party::kHss, Party::kScscf,
           answer(command::kServerAssignment, {0, 2001}, {text_avp(avp::kUserData, kUserData)})),
  };
}

std::string temporary(const std::string& name) {
  return testing::TempDir() + "lab-" + std::to_string(::getpid()) + "-" + name;
}

std::string content_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

}  // namespace hss::lab::sample
