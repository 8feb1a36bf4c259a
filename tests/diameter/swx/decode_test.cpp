// Requests of SWx spoilt in what is theirs alone; what is missing, repeated or empty of the rest is in the table of
// decode_test.cpp.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "diameter/swx/multimedia_auth.h"
#include "diameter/swx/server_assignment.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class SwxDecodeTest : public CoreTest {};

RawAvp informational(RawAvp avp) { return with_flags(std::move(avp), 0x80); }

/// The answer at once, through everything; nullopt: the request is good.
std::optional<RawMessage> refusal(const RawMessage& message) {
  const LiveSettings settings(for_everybody());
  SystemRandom random;
  Recorder recorder;
  FakeQueue queue;  // goes first: what waits in it is answered then
  const CommandEntry command = message.code == 303 ? entry<swx::kMultimediaAuth>() : entry<swx::kServerAssignment>();
  const fd::MessagePtr answer = take_request(parse(message), command, {queue, settings, random}, recorder.outlet());
  if (answer == nullptr) return std::nullopt;
  return encoded(answer.get());
}

/// The codes from Failed-AVP inwards: "612 608".
std::string failed(const RawMessage& answer) {
  std::string out;
  std::vector<RawAvp> inside = decode(answer.one(279).data);
  while (inside.size() == 1) {
    out += (out.empty() ? "" : " ") + std::to_string(inside[0].code);
    const bool grouped =
        inside[0].code == 486 || inside[0].code == 348 || inside[0].code == 612 || inside[0].code == 1612;
    inside = grouped ? decode(inside[0].data) : std::vector<RawAvp>();
  }
  return out;
}

RawMessage mar(RawAvp more) { return with(swx_multimedia_auth_request(), std::move(more)); }
RawMessage sar(RawAvp more) { return with(swx_server_assignment_request(), std::move(more)); }
RawAvp agent(const std::vector<RawAvp>& members) { return group(486, members); }
RawAvp host(const std::vector<RawAvp>& members) { return group(348, members); }

const std::string kIpv4("\0\1\xC0\0\2\7", 6);
const RawAvp kRealmAvp = text(283, "epc.example.org");
const RawAvp kHostAvp = text(293, "pgw.epc.example.org");

TEST_F(SwxDecodeTest, Refused) {
  const RawAvp scheme = text(608, "EAP-AKA", k3gpp);
  const struct {
    const char* what;
    RawMessage message;
    std::uint32_t result;
    const char* failed;
  } rows[] = {
      {"MAR without a SIP-Auth-Data-Item", without(swx_multimedia_auth_request(), 612, k3gpp), 5005, "612"},
      {"an item without a scheme", replaced(swx_multimedia_auth_request(), group(612, {}, k3gpp)), 5005, "612 608"},
      {"an empty SIP-Authorization",
       replaced(swx_multimedia_auth_request(), group(612, {scheme, text(610, "", k3gpp)}, k3gpp)), 5004, "612 610"},
      {"two schemes", replaced(swx_multimedia_auth_request(), group(612, {scheme, scheme}, k3gpp)), 5009, "612 608"},
      {"MAR without User-Name", without(swx_multimedia_auth_request(), 1), 5005, "1"},
      {"a User-Name that is no text", replaced(swx_multimedia_auth_request(), text(1, "\xFF")), 5004, "1"},
      {"an empty ANID", mar(text(1504, "", k3gpp)), 5004, "1504"},
      {"AN-Trusted of an unknown value", mar(number(1503, 2, k3gpp)), 5004, "1503"},
      {"the same without M: the specification has it", mar(informational(number(1503, 2, k3gpp))), 5004, "1503"},
      {"an empty Visited-Network-Identifier", mar(text(600, "", k3gpp)), 5004, "600"},
      {"two ANIDs", with(mar(text(1504, "WLAN", k3gpp)), text(1504, "HRPD", k3gpp)), 5009, "1504"},
      {"a RAT-Type below zero, marked M", mar(number(1032, 0xFFFFFFFF, k3gpp)), 5004, "1032"},
      {"SAR without Server-Assignment-Type", without(swx_server_assignment_request(), 614, k3gpp), 5005, "614"},
      {"an unknown Server-Assignment-Type", replaced(swx_server_assignment_request(), number(614, 15, k3gpp)), 5004,
       "614"},
      {"an empty Service-Selection", sar(text(493, "")), 5004, "493"},
      {"a gateway's host without its name", sar(agent({host({kRealmAvp})})), 5005, "486 348 293"},
      {"a gateway's host without its realm", sar(agent({host({kHostAvp})})), 5005, "486 348 283"},
      {"two hosts of a gateway", sar(agent({host({kRealmAvp, kHostAvp}), host({kRealmAvp, kHostAvp})})), 5009,
       "486 348"},
      {"three addresses of a gateway", sar(agent({text(334, kIpv4), text(334, kIpv4), text(334, kIpv4)})), 5009,
       "486 334"},
      {"an IPv4 address of three octets", sar(agent({text(334, std::string("\0\1abc", 5))})), 5004, "486 334"},
      {"an IPv6 address of four octets", sar(agent({text(334, std::string("\0\2abcd", 6))})), 5004, "486 334"},
      {"an address without an address", sar(agent({text(334, std::string("\0\1", 2))})), 5004, "486 334"},
      {"a broken Active-APN that is marked M",
       sar(group(1612, {number(1423, 1, k3gpp), agent({host({kHostAvp})})}, k3gpp)), 5005, "1612 486 348 283"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto answer = refusal(row.message);
    ASSERT_TRUE(answer);
    EXPECT_EQ(value_of(answer->one(268)), row.result);
    EXPECT_TRUE(answer->all(297).empty());
    EXPECT_EQ(failed(*answer), row.failed);
    EXPECT_EQ(answer->application, 16777265U);
    EXPECT_TRUE(answer->all(601, k3gpp).empty());
    if (row.message.all(1).empty()) {
      EXPECT_TRUE(answer->all(1).empty());
    } else {
      EXPECT_EQ(answer->one(1).data, row.message.one(1).data);
    }
  }
}

TEST_F(SwxDecodeTest, Taken) {
  const struct {
    const char* what;
    RawMessage message;
  } rows[] = {
      {"MAR without what Cx requires", swx_multimedia_auth_request()},
      {"SAR without what Cx requires", swx_server_assignment_request()},
      {"Public-Identity, Server-Name and more of Cx that mean nothing here",
       with(with(sar(text(601, "sip:alice@example.org", k3gpp)), text(602, "sip:s.example.org", k3gpp)),
            number(624, 9, k3gpp))},
      {"AN-Trusted without M", mar(informational(number(1503, 0, k3gpp)))},
      {"ANID without M", mar(informational(text(1504, "WLAN", k3gpp)))},
      {"user data with and without M",
       with(mar(informational(number(1501, 0, k3gpp))), number(1502, 0, k3gpp))},  // of an answer, but known
      {"a RAT-Type that nobody knows", mar(informational(number(1032, 4711, k3gpp)))},
      {"a RAT-Type with M", mar(number(1032, 0, k3gpp))},
      {"a RAT-Type below zero is ignored", mar(informational(number(1032, 0xFFFFFFFF, k3gpp)))},
      {"an indication with M", mar(number(1518, 1, k3gpp))},
      {"Emergency-Services in a MAR", mar(informational(number(1538, 1, k3gpp)))},
      {"an unknown AVP without M", mar(with_flags(text(60000, "?"), 0))},
      {"an unknown AVP of 3GPP without M", sar(informational(text(1599, "?", k3gpp)))},
      {"a prefix of a gateway", sar(agent({text(334, kIpv4), text(125, std::string(18, '\0'))}))},
      {"an Active-APN with all there is, marked M",
       sar(group(1612, {number(1423, 1, k3gpp), text(493, "*"), group(1472, {text(493, "internet")}, k3gpp)}, k3gpp))},
      {"an unknown member of a gateway", sar(agent({text(334, kIpv4), with_flags(text(60001, "?"), 0)}))},
      {"a broken Active-APN without M is ignored",
       sar(informational(group(1612, {number(1423, 1, k3gpp), agent({host({kHostAvp})})}, k3gpp)))},
      {"an empty MIP6-Agent-Info", sar(agent({}))},
      {"Terminal-Information", mar(group(1401, {text(1402, "35609204079300", k3gpp)}, k3gpp))},
      {"no Destination-Host, DRMP", mar(with_flags(number(301, 7), 0))},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_FALSE(refusal(row.message));
  }
}

}  // namespace
}  // namespace hss::diameter::test
