// The IMS user profile of TS 29.228 Annexes B to E: service profiles and initial filter criteria, and the XML document
// that an S-CSCF gets in User-Data.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hss {

/// Service Point Trigger, Annex B.2.3.
struct RequestUri {
  std::string expression;
  friend bool operator==(const RequestUri&, const RequestUri&) = default;
};
struct Method {
  std::string name;
  friend bool operator==(const Method&, const Method&) = default;
};
struct SipHeader {
  std::string header;
  std::optional<std::string> content;
  friend bool operator==(const SipHeader&, const SipHeader&) = default;
};
enum class SessionCase : std::uint8_t {
  kOriginating = 0,
  kTerminatingRegistered = 1,
  kTerminatingUnregistered = 2,
  kOriginatingUnregistered = 3,
  kOriginatingCdiv = 4,
};
struct SessionDescription {
  std::string line;
  std::optional<std::string> content;
  friend bool operator==(const SessionDescription&, const SessionDescription&) = default;
};

enum class RegistrationType : std::uint8_t { kInitial = 0, kReRegistration = 1, kDeRegistration = 2 };

struct ServicePointTrigger {
  bool negated = false;
  std::vector<std::uint32_t> groups;  // at least one
  std::variant<RequestUri, Method, SipHeader, SessionCase, SessionDescription> condition;
  std::vector<RegistrationType> registration_types;  // with Method REGISTER; none: all
  friend bool operator==(const ServicePointTrigger&, const ServicePointTrigger&) = default;
};

struct TriggerPoint {
  bool cnf = true;  // ConditionTypeCNF: true: groups AND-ed, members of a group OR-ed
  std::vector<ServicePointTrigger> triggers;
  friend bool operator==(const TriggerPoint&, const TriggerPoint&) = default;
};

enum class DefaultHandling : std::uint8_t { kSessionContinued = 0, kSessionTerminated = 1 };
enum class ProfilePart : std::uint8_t { kRegistered = 0, kUnregistered = 1 };

struct ApplicationServer {
  std::string server_name;  // SIP URI
  std::optional<DefaultHandling> default_handling;
  std::optional<std::string> service_info;
  bool include_register_request = false;
  bool include_register_response = false;
  friend bool operator==(const ApplicationServer&, const ApplicationServer&) = default;
};

struct InitialFilterCriteria {
  std::uint32_t priority = 0;                 // lower first, unique in its profile
  std::optional<TriggerPoint> trigger_point;  // absent: every initial request
  ApplicationServer application_server;
  std::optional<ProfilePart> profile_part;  // absent: both
  friend bool operator==(const InitialFilterCriteria&, const InitialFilterCriteria&) = default;
};

struct ServiceProfile {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::uint32_t> subscribed_media_profile;  // CoreNetworkServicesAuthorization
  std::vector<InitialFilterCriteria> criteria;            // ascending priority

  /// True when some criterion can fire while the user is not registered (TS 29.228 6.1.4): ProfilePartIndicator is not
  /// REGISTERED, and its trigger can hold for an unregistered SessionCase and a method other than REGISTER.
  [[nodiscard]] bool has_unregistered_services() const;
};

class ProfileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Octets.
inline constexpr std::size_t kLargestProfile = std::size_t{1} << 20U;

/// Reads a stored profile: a ServiceProfile element of Annex E without PublicIdentity. An empty text is a profile
/// without criteria. Throws ProfileError, one line that names the element, when an element is unknown, out of order,
/// repeated, missing or has a wrong value; when two criteria have one priority; when the text is no XML, has a document
/// type or entities of its own, or is longer than kLargestProfile.
ServiceProfile parse_service_profile(std::string_view xml);

/// Writes what parse_service_profile reads. Throws ProfileError for a profile that it would refuse: nothing is altered
/// in silence, so a text that XML cannot carry (a control character, broken UTF-8) is an error as well.
std::string write_service_profile(const ServiceProfile& profile);

struct Subscription;

/// The IMSSubscription document: `private_identity` as PrivateID; every public identity of the implicit set once,
/// barred ones flagged, sip: and sips: before tel:, grouped by service profile. UTF-8, with a declaration, no NUL.
/// The first non-barred one, which is the default identity, is a sip: or sips: one when there is any. Throws
/// ProfileError as write_service_profile does. Preconditions: the set has a member.
std::string write_user_data(const Subscription& subscription, std::int64_t implicit_set,
                            std::string_view private_identity);

}  // namespace hss
