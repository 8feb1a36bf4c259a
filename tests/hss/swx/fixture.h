// The subscribers that the SWx procedure tests share: one of each kind that non-3GPP access can meet, by IMSI.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "hss/context.h"
#include "hss/non_3gpp.h"
#include "tests/hss/cx/fixture.h"
#include "tests/support/memory_repository.h"

namespace hss {
/// The state in words, for the output of a failed test.
void PrintTo(const Non3gppRegistration& registration, std::ostream* out);
}  // namespace hss

namespace hss::swx::test {

using cx::test::kNow;
using cx::test::Steps;

/// The users. A user's number is its subscription's, its key set's, and the last digit of its IMSI.
enum User : std::uint8_t {
  kPlain = 1,       // APNs "ims" (1) and "internet" (2), every network, every RAT; on Cx too: kImpi, kImpu
  kNo3gpp = 2,      // nothing was provisioned for non-3GPP access
  kBarred = 3,      // may not use non-3GPP access
  kRestricted = 4,  // may not use HRPD and EHRPD, roams in kHome and kPartner only
  kKeyless = 5,     // no key set
  kXor = 6,         // XOR on a card that is no test card
  kXorTest = 7,     // XOR on a test card
  kTuak = 8,        // TUAK
  kWildcard = 9,    // APNs "ims" (1) and "*" (3)
};
/// In the store nobody has it.
inline constexpr char kUnknownImsi[] = "001010000000099";

std::string imsi_of(User user);
inline constexpr char kImpi[] = "001010000000001@ims.example.org";  // of kPlain, with its key set
inline constexpr char kImpu[] = "sip:+15550100001@ims.example.org";
inline constexpr char kMsisdn[] = "15550100001";
/// Where kPlain stands on Cx from the start. Nothing that happens on SWx changes it.
Registration cx_registration();

inline constexpr std::uint32_t kWlan = 0, kEutran = 1004, kHrpd = 2001, kEhrpd = 2003;  // RAT-Type
inline constexpr char kHome[] = "mnc001.mcc001.3gppnetwork.org";
inline constexpr char kPartner[] = "mnc002.mcc001.3gppnetwork.org";
inline constexpr char kForeign[] = "mnc003.mcc001.3gppnetwork.org";

inline const AaaServer kAaa{"aaa.example.org", "example.org"};
inline const AaaServer kOtherAaa{"aaa2.example.org", "example.org"};
inline DiameterNode node(const AaaServer& server) { return {server.host, server.realm}; }

/// When the claim of a MAR at kNow lapses.
inline constexpr UnixTime kUntil = kNow + 300;

// States: with nobody, and with a server.
inline Non3gppRegistration nobody() { return {}; }
inline Non3gppRegistration pending(const AaaServer& server = kAaa, UnixTime until = kNow + 10) {
  return {server, false, until, {}};
}
inline Non3gppRegistration lapsed(const AaaServer& server = kAaa) { return pending(server, kNow); }
inline Non3gppRegistration registered(const AaaServer& server = kAaa, std::vector<ActiveApn> apns = {}) {
  return {server, true, {}, std::move(apns)};
}

/// A PDN gateway by its number: 192.0.2.N, and a name.
PdnGateway gateway(std::uint8_t number);
/// A connection to an APN of a template.
inline ActiveApn connection(const char* apn, std::uint32_t context, std::uint8_t gateway_number,
                            const char* visited_network = "") {
  return {apn, context, gateway(gateway_number), visited_network};
}
/// REGISTERED and connected to "ims" through gateway 7.
inline Non3gppRegistration connected(const AaaServer& server = kAaa) {
  return registered(server, {connection("ims", 1, 7)});
}

/// An APN as provisioned; "ims" has QCI 5.
SubscribedApn apn(std::uint32_t context, const char* name);
/// The non-3GPP subscription of kPlain.
Non3gppSubscription plain_non_3gpp();
/// The key set of a user.
KeySet key_set_of(User user);

/// The store, the settings and the context of one row.
class World {
 public:
  World();

  /// Where a user stands; from here on writes are counted.
  void given(User user, const Non3gppRegistration& registration);
  /// From here on writes are counted.
  void start() { writes_before_ = repository.writes(); }
  [[nodiscard]] Context context(StepObserver* observer = nullptr) { return {settings, now, random, observer}; }
  [[nodiscard]] bool wrote() const { return repository.writes() != writes_before_; }
  /// The state on SWx.
  [[nodiscard]] Non3gppRegistration after(User user) { return repository.non_3gpp_registration(user); }

  void expect_cx_untouched();

  UnixTime now = kNow;
  Settings settings;
  hss::test::CountingRandom random;
  hss::test::MemoryRepository repository;
  /// A user's; may be changed before the request is made.
  [[nodiscard]] Subscription& subscription(User user) { return *subscriptions_.at(user - 1U); }

 private:
  void add(User user);

  std::vector<std::shared_ptr<Subscription>> subscriptions_;
  std::size_t writes_before_ = 0;
};

}  // namespace hss::swx::test
