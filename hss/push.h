// Requests of the HSS to an S-CSCF (TS 29.228 6.1.3, 6.2.2) or a 3GPP AAA server (TS 29.273 8.1.2.2.3, 8.1.2.3): each
// is a row of the outbox, written in the transaction that made it necessary, sent later, and kept with its outcome.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/result.h"
#include "hss/subscriber.h"

namespace hss {

using PushId = std::int64_t;

/// The Diameter applications; each has its own IND range, its own state, and its own pushes.
enum class Application : std::uint8_t { kCx = 0, kSwx = 1 };
/// "Cx", "SWx".
std::string_view name_of(Application application);

enum class PushKind : std::uint8_t { kRegistrationTermination = 0, kPushProfile = 1 };

/// Reason-Code, TS 29.229 6.3.17.
enum class DeregistrationReason : std::uint8_t {
  kPermanentTermination = 0,
  kNewServerAssigned = 1,
  kServerChange = 2,
  kRemoveScscf = 3,
};
/// As the specification writes it, e.g. "PERMANENT_TERMINATION".
std::string_view name_of(DeregistrationReason reason);

enum class PushStatus : std::uint8_t {
  kWaiting = 0,   // to be sent at next_attempt, or sent and not yet answered
  kDone = 1,      // answered, and what follows from the answer is done
  kRefused = 2,   // answered, the S-CSCF keeps what it has
  kGivenUp = 3,   // no answer in the time that the settings give
  kObsolete = 4,  // what it was about is over before it was answered
};
std::string_view name_of(PushStatus status);

/// One request. It stands for itself: the subscription may be gone when it is sent.
struct Push {
  PushId id = 0;
  PushKind kind = PushKind::kRegistrationTermination;
  Application application = Application::kCx;
  AssignedServer server;                           // to whom, as it was when the push was written; SWx: without a name
  std::string private_identity;                    // User-Name: an IMPI; SWx: the IMSI
  std::vector<std::string> public_identities;      // RTR: Public-Identity, canonical, as the S-CSCF knows them
  std::vector<std::string> associated_identities;  // RTR: further IMPIs, for Associated-Identities
  SubscriptionId subscription = 0;                 // 0: there is none any more
  ImplicitSetId implicit_set = 0;                  // whose state the answer is about; 0: no state follows from it
  PrivateIdentityId private_identity_id = 0;

  // RTR
  DeregistrationReason reason = DeregistrationReason::kPermanentTermination;
  std::string reason_info;  // Reason-Info, for the user; empty: none

  // PPR: what changed. Its User-Data is written when it is sent, so that it is the newest.
  bool user_data = false;       // SWx: Non-3GPP-User-Data
  bool charging = false;        // Cx
  bool sip_digest = false;      // Cx
  std::uint32_t ppr_flags = 0;  // SWx: PPR-Flags, TS 29.273 8.2.3.17; 0: not sent

  // How it went
  PushStatus status = PushStatus::kWaiting;
  UnixTime created = 0;
  unsigned attempts = 0;      // requests sent so far
  UnixTime next_attempt = 0;  // while waiting
  std::optional<UnixTime> finished;
  std::optional<Result> result;  // of the latest answer
  std::string outcome;           // one line in words: what came of it, what to do; empty: nothing yet
  friend bool operator==(const Push&, const Push&) = default;
};

}  // namespace hss
