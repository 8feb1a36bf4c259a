// The subscribers that the procedure tests share, and the shape of a row: what is given, what is asked, what must come
// out.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "hss/context.h"
#include "tests/support/memory_repository.h"

namespace hss::cx::test {

inline constexpr UnixTime kNow = 1'800'000'000;

inline constexpr char kImpi[] = "001010000000001@ims.example.org";        // with sets 1 and 2
inline constexpr char kImpi2[] = "001010000000002@ims.example.org";       // with set 1 only
inline constexpr char kImpiWithoutKeys[] = "nokeys@ims.example.org";      // with set 1 only
inline constexpr char kBarred[] = "sip:001010000000001@ims.example.org";  // set 1
inline constexpr char kImpu[] = "sip:+15550100001@ims.example.org";       // set 1
inline constexpr char kTel[] = "tel:+15550100001";                        // set 1
inline constexpr char kWork[] = "sip:work@ims.example.org";               // set 2
inline constexpr char kAllBarred[] = "sip:barred@ims.example.org";        // set 3
inline constexpr char kNotAllowed[] = "sip:forbidden@ims.example.org";    // set 4
inline constexpr char kVoicemail[] = "sip:voicemail@ims.example.org";     // set 5, has unregistered services
inline constexpr char kOtherImpi[] = "bob@ims.example.org";               // the other subscription, set 11
inline constexpr char kOtherImpu[] = "sip:bob@ims.example.org";

inline constexpr char kService[] = "sip:conference@ims.example.org";      // set 6, a PSI without AS name
inline constexpr char kDirectService[] = "sip:weather@ims.example.org";   // set 7, a PSI with AS name
inline constexpr char kInactiveService[] = "sip:closed@ims.example.org";  // set 8, a PSI that is not active
inline constexpr char kWildService[] = "sip:chat-!.*!@ims.example.org";   // set 9, a wildcarded PSI
inline constexpr char kChat[] = "sip:chat-7@ims.example.org";             // matches it
inline constexpr char kWildUser[] = "sip:pbx-![0-9]+!@ims.example.org";   // set 10, a wildcarded public user identity
inline constexpr char kExtension[] = "sip:pbx-42@ims.example.org";        // matches it
inline constexpr char kWildUser2[] = "sip:pbx!.*!@ims.example.org";       // set 10 too, matches with less
inline constexpr char kReception[] = "sip:pbx-0@ims.example.org";         // set 10, distinct, though it matches
inline constexpr char kAs[] = "sip:as.example.org:5065";                  // of kDirectService
inline constexpr ImplicitSetId kSet6 = 6, kSet7 = 7, kSet8 = 8, kSet9 = 9, kSet10 = 10;

inline constexpr ImplicitSetId kSet1 = 1, kSet2 = 2, kSet3 = 3, kSet4 = 4, kSet5 = 5;
inline constexpr PrivateIdentityId kId1 = 101, kId2 = 102, kIdWithoutKeys = 103;
inline constexpr KeySetId kKeys1 = 1, kKeys2 = 2;

inline constexpr char kScscf[] = "sip:scscf.example.org:6060";
inline constexpr char kOtherScscf[] = "sip:other.example.org:6060";
inline constexpr char kPool1[] = "sip:pool1.example.org";
inline constexpr char kPool2[] = "sip:pool2.example.org";

inline constexpr RegistrationStatus kNot = RegistrationStatus::kNotRegistered;
inline constexpr RegistrationStatus kReg = RegistrationStatus::kRegistered;
inline constexpr RegistrationStatus kUnreg = RegistrationStatus::kUnregistered;

inline const AssignedServer kServer{kScscf, "scscf.example.org", "example.org"};
inline const AssignedServer kOtherServer{kOtherScscf, "other.example.org", "example.org"};

/// The state that a row starts from or must end in.
struct State {
  std::optional<AssignedServer> server;
  std::vector<PairState> pairs;
  std::optional<AssignedServer> previous{};
  bool reassignment_pending = false;
};

inline PairState pair(ImplicitSetId set, PrivateIdentityId identity, RegistrationStatus status,
                      std::optional<UnixTime> pending = {}) {
  return {set, identity, status, pending};
}

inline State nothing() { return {}; }
inline State registered() { return {kServer, {pair(kSet1, kId1, kReg)}}; }
inline State unregistered() { return {kServer, {pair(kSet1, kId1, kUnreg)}}; }
inline State pending() { return {kServer, {pair(kSet1, kId1, kNot, kNow + 10)}}; }
inline State lapsed() { return {kServer, {pair(kSet1, kId1, kNot, kNow)}}; }
inline State other_set_registered() { return {kServer, {pair(kSet2, kId1, kReg)}}; }
inline State other_set_unregistered() { return {kServer, {pair(kSet2, kId1, kUnreg)}}; }
/// REGISTERED at kScscf, and challenged by kOtherScscf.
inline State challenged_elsewhere() {
  return {kOtherServer, {pair(kSet1, kId1, kReg, kNow + 10), pair(kSet2, kId1, kReg)}, kServer};
}
/// REGISTERED, and an I-CSCF has asked for another S-CSCF.
inline State to_be_reassigned() { return {kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}, {}, true}; }
inline State both_registered() { return {kServer, {pair(kSet1, kId1, kReg), pair(kSet1, kId2, kReg)}}; }

/// Keeps the steps that a procedure tells of, "step 3: what was found".
class Steps final : public StepObserver {
 public:
  void step(std::string_view clause, std::string_view found) override {
    const auto number = clause.rfind("step");
    lines.push_back(std::string(number == std::string_view::npos ? clause : clause.substr(number)) + ": " +
                    std::string(found));
  }
  std::vector<std::string> lines;
};

/// The store, the settings and the context of one row.
class World {
 public:
  World();

  void given(const State& state) {
    if (state.server || !state.pairs.empty()) {
      repository.save_registration(1, {state.server, state.pairs, state.previous, state.reassignment_pending});
    }
    writes_before_ = repository.writes();
  }
  [[nodiscard]] Context context() { return {settings, kNow, random}; }
  [[nodiscard]] bool wrote() const { return repository.writes() != writes_before_; }
  [[nodiscard]] Registration after() { return repository.registration(1); }

  /// The stored state is `expected`, whatever the order of its pairs.
  void expect_state(const State& expected);

  Settings settings;
  hss::test::CountingRandom random;
  hss::test::MemoryRepository repository;
  std::shared_ptr<Subscription> subscription;  // number 1; to be changed before the request is made

 private:
  std::size_t writes_before_ = 0;
};

KeySet test_key_set(KeySetId id);

}  // namespace hss::cx::test
