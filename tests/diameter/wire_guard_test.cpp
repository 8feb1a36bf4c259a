// Each frame that ends freeDiameter, and its neighbours that do not: those must pass.
// SPDX-License-Identifier: MIT
#include "diameter/wire_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint8_t kVendorFlag = 0x80;

std::span<const std::uint8_t> octets_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Inspection inspect_text(const std::string& text) { return inspect(octets_of(text)); }
Inspection inspect_message(const RawMessage& message) { return inspect_text(message.octets()); }

RawAvp vendor_zero(RawAvp avp) { return with_flags(std::move(avp), kVendorFlag); }

RawMessage capabilities(const std::vector<RawAvp>& application, std::uint8_t flags = 0x80) {
  RawMessage out;
  out.code = 257;
  out.flags = flags;
  out.application = 0;
  out.avps = {text(264, kPeer), text(296, kRealm), number(266, 10415), group(260, application)};
  return out;
}

/// A message whose last AVP says that it is so long.
std::string with_last_length(const RawMessage& message, std::uint32_t length, std::size_t last_size) {
  std::string octets = message.octets();
  const std::size_t at = octets.size() - last_size + 5;
  for (int i = 0; i < 3; ++i) octets.at(at + static_cast<std::size_t>(i)) = static_cast<char>(length >> (16 - 8 * i));
  return octets;
}

TEST(WireGuard, WholeMessagesPass) {
  for (const RawMessage& message :
       {user_authorization_request(), multimedia_auth_request(), server_assignment_request(), location_info_request(),
        swx_multimedia_auth_request(), swx_server_assignment_request(),
        capabilities({number(266, 10415), number(258, 16777216)})}) {
    EXPECT_THAT(inspect_message(message).refusal, IsEmpty()) << message.code;
    EXPECT_FALSE(inspect_message(message).decorated_user_name);
  }
}

TEST(WireGuard, WhatFreeDiameterAnswersPasses) {
  const RawMessage good = location_info_request();
  const RawAvp proxy_host = text(280, "proxy.example.org");
  RawMessage bare = good;
  bare.avps.clear();
  RawMessage both_bits = good;
  both_bits.flags = 0xE0;
  for (const RawMessage& message :
       {bare, both_bits, without(good, 283), with(good, text(293, "another.example.org")), with(good, text(60000, "")),
        with(good, text(1, std::string("\0", 1))), with(good, group(284, {proxy_host})), with(good, text(284, "")),
        with(good, group(284, {proxy_host, text(33, "state"), text(60000, "more")})), replaced(good, text(260, "abc")),
        replaced(good, group(260, {number(266, 10415), text(60000, "more")}))}) {
    EXPECT_THAT(inspect_message(message).refusal, IsEmpty()) << message.order();
  }
}

TEST(WireGuard, SessionId) {
  const RawMessage good = multimedia_auth_request();
  for (const std::string& id : {std::string("a\0b", 3), std::string("a\0", 2), std::string("\0", 1)}) {
    EXPECT_THAT(inspect_message(replaced(good, text(263, id))).refusal, HasSubstr("Session-Id holds a NUL"));
    EXPECT_THAT(inspect_message(with(good, text(263, id))).refusal, HasSubstr("Session-Id holds a NUL"));
  }
  EXPECT_THAT(inspect_message(replaced(good, text(263, ""))).refusal, HasSubstr("Session-Id is empty"));
  EXPECT_THAT(inspect_message(replaced(good, vendor_zero(text(263, "abcd")))).refusal, HasSubstr("vendor 0"));
  // Some vendor's AVP 263 is none, and holds what it likes.
  EXPECT_THAT(inspect_message(with(good, text(263, std::string("a\0b", 3), 10415))).refusal, IsEmpty());
  // In any message: link-local ones and answers too.
  RawMessage watchdog = capabilities({number(266, 10415)});
  watchdog.code = 280;
  watchdog.flags = 0;
  EXPECT_THAT(inspect_message(with(watchdog, text(263, std::string("\0", 1)))).refusal, HasSubstr("Session-Id"));
}

TEST(WireGuard, ASessionIdThatTakesInItsNeighbour) {
  RawMessage message = location_info_request();
  message.avps = {text(263, "abcd"), number(277, 1)};
  EXPECT_THAT(inspect_message(message).refusal, IsEmpty());
  std::string octets = message.octets();
  octets.at(20 + 7) = 24;  // of 12
  EXPECT_THAT(inspect_text(octets).refusal, HasSubstr("Session-Id holds a NUL"));
}

TEST(WireGuard, ProxyInfo) {
  const RawMessage good = location_info_request();
  EXPECT_THAT(inspect_message(with(good, group(284, {text(280, "p.example.org"), text(33, "s")}))).refusal, IsEmpty());
  for (const std::string& content :
       {std::string("abc"), std::string(4, '\0'), std::string(8, '\0'), std::string(8, '\xff'),
        encode({text(280, "p.example.org")}) + "abcd", encode({vendor_zero(text(33, "s"))})}) {
    EXPECT_THAT(inspect_message(with(good, text(284, content))).refusal, HasSubstr("Proxy-Info"));
    // In every place, and without what else the message needs.
    RawMessage alone = good;
    alone.avps = {text(284, content)};
    EXPECT_THAT(inspect_message(alone).refusal, HasSubstr("Proxy-Info"));
  }
}

TEST(WireGuard, ApplicationsInTheCapabilitiesExchange) {
  const std::vector<RawAvp> good{number(266, 10415), number(258, 16777216)};
  for (const std::uint8_t flags : {std::uint8_t{0x80}, std::uint8_t{0}}) {  // CER and CEA
    EXPECT_THAT(inspect_message(capabilities({number(266, 10415), number(259, 3)}, flags)).refusal, IsEmpty());
    for (const RawAvp& odd :
         {with_flags(text(60000, "more"), 0), group(284, {text(280, "p"), text(33, "s")}), text(1, "user"),
          text(258, "abc"), text(266, ""), text(258, "12345"), number(258, 1, 10415)}) {
      std::vector<RawAvp> application = good;
      application.push_back(odd);
      EXPECT_THAT(inspect_message(capabilities(application, flags)).refusal,
                  HasSubstr("Vendor-Specific-Application-Id"));
    }
    RawMessage garbage = capabilities(good, flags);
    garbage.avps.back() = text(260, "abc");
    EXPECT_THAT(inspect_message(garbage).refusal, HasSubstr("Vendor-Specific-Application-Id"));
  }
}

TEST(WireGuard, VendorZero) {
  for (const std::uint32_t code : {1U, 260U, 263U, 264U, 282U, 284U, 601U}) {
    EXPECT_THAT(inspect_message(with(location_info_request(), vendor_zero(text(code, "abcd")))).refusal,
                HasSubstr("vendor 0"));
  }
}

TEST(WireGuard, Lengths) {
  const RawMessage message = with(location_info_request(), text(60000, "abcd"));
  for (const std::uint32_t length : {0U, 1U, 7U}) {
    EXPECT_THAT(inspect_text(with_last_length(message, length, 12)).refusal, HasSubstr("less than its header"));
  }
  for (const std::uint32_t length : {13U, 16U, 0xFFFFFFU}) {
    EXPECT_THAT(inspect_text(with_last_length(message, length, 12)).refusal, HasSubstr("beyond the end"));
  }
  EXPECT_THAT(inspect_text(message.octets() + "1234567").refusal, HasSubstr("no AVP"));
  // Only the last one's padding may be missing: freeDiameter does not ask for it.
  const std::string unpadded = with(location_info_request(), text(60000, "abcde")).octets();
  EXPECT_THAT(inspect_text(unpadded.substr(0, unpadded.size() - 3)).refusal, IsEmpty());
  const std::string whole = message.octets();
  for (std::size_t size = 0; size < 20; ++size) {
    EXPECT_THAT(inspect_text(whole.substr(0, size)).refusal, HasSubstr("shorter than a header"));
  }
}

TEST(WireGuard, DecoratedUserNamesAreReported) {
  EXPECT_TRUE(
      inspect_message(with(location_info_request(), text(1, "example.org!user@example.com"))).decorated_user_name);
  EXPECT_TRUE(inspect_message(with(location_info_request(), text(1, "!"))).decorated_user_name);
  EXPECT_FALSE(inspect_message(with(location_info_request(), text(1, "a!b", 10415))).decorated_user_name);
}

TEST(WireGuard, ReadsNothingBeyondTheEnd) {
  // The address sanitizer watches: each message in a buffer of its own, of its own size.
  std::mt19937 random(7);  // NOLINT: the same every time
  const std::string whole = with(multimedia_auth_request(), group(284, {text(280, "p"), text(33, "s")})).octets();
  std::size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::uint8_t> octets(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(random() % (whole.size() + 1)));
    for (unsigned flips = random() % 4; flips > 0 && !octets.empty(); --flips) {
      octets[random() % octets.size()] = static_cast<std::uint8_t>(random());
    }
    octets.shrink_to_fit();
    refused += inspect(octets).refusal.empty() ? 0U : 1U;
  }
  EXPECT_GT(refused, 1000U);
  EXPECT_LT(refused, 20000U);
}

}  // namespace
}  // namespace hss::diameter::test
