// The IMS user profile of TS 29.228 Annexes B to E: service profiles and initial filter criteria, and the XML document
// that an S-CSCF gets in User-Data.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Initial filter criteria that several profiles share (TS 29.228 Annex B.2.2): an S-CSCF that has the feature SiFC and
/// knows the set gets its number only, any other gets its criteria among those of the profile.
struct SharedIfcSet {
  std::uint32_t id = 0;  // SharedIFCSetID
  std::string name;
  std::vector<InitialFilterCriteria> criteria;  // ascending priority
  friend bool operator==(const SharedIfcSet&, const SharedIfcSet&) = default;
};

struct ServiceProfile {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::uint32_t> subscribed_media_profile;  // CoreNetworkServicesAuthorization
  std::vector<std::string> service_ids{};                 // the same: ListOfServiceIds (IMS communication services)
  std::vector<InitialFilterCriteria> criteria;            // its own, ascending priority
  std::vector<std::uint32_t> shared_ifc_ids{};            // SharedIFCSetID, each once
  /// The sets that shared_ifc_ids names, in that order; filled in by the store.
  std::vector<std::shared_ptr<const SharedIfcSet>> shared_ifc_sets{};

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

/// As parse_service_profile, and takes more: a ServiceProfile with PublicIdentity elements, or an IMSSubscription with
/// exactly one ServiceProfile, as other HSSs keep them and as User-Data holds them. Identities and what else belongs to
/// a subscriber are held against Annex E like the rest, and left out.
ServiceProfile import_service_profile(std::string_view xml);

/// Writes what parse_service_profile reads. Throws ProfileError for a profile that it would refuse: nothing is altered
/// in silence, so a text that XML cannot carry (a control character, broken UTF-8) is an error as well.
std::string write_service_profile(const ServiceProfile& profile);

/// Reads shared criteria: a ServiceProfile element that holds InitialFilterCriteria only, as parse_service_profile
/// reads it. Id and name are the caller's. Throws ProfileError.
SharedIfcSet parse_shared_ifc_set(std::string_view xml);
std::string write_shared_ifc_set(const SharedIfcSet& set);

/// Throws ProfileError when a priority of the profile and its shared sets, or of two of them, is the same: the S-CSCF
/// without SiFC gets them in one profile.
void check_priorities(const ServiceProfile& profile);

struct Subscription;

/// What a User-Data document depends on beside the set.
struct UserDataOptions {
  bool shared_ifc = false;        // SiFC is agreed on: SharedIFCSetID instead of the shared criteria
  bool alias_indication = true;   // AliasIdentityGroupID is written
  std::string wildcard_instance;  // canonical identity that a wildcarded member was found by; empty: none
  std::int64_t wildcard = 0;      // that member's id
};

/// The IMSSubscription document: `private_identity` as PrivateID; every public identity of the implicit set once,
/// barred ones flagged, sip: and sips: before tel:, grouped by service profile. UTF-8, with a declaration, no NUL.
/// The first non-barred one, which is the default identity, is a sip: or sips: one when there is any. Throws
/// ProfileError as write_service_profile does, and when shared criteria are to be written and a set of them is missing.
/// Preconditions: the set has a member.
std::string write_user_data(const Subscription& subscription, std::int64_t implicit_set,
                            std::string_view private_identity, const UserDataOptions& options = {});

}  // namespace hss
