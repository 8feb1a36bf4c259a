// A Diameter message as hsslab sees it (RFC 6733 3, 4): its own encoder and parser, which share nothing with the
// server's, so that a mistake cannot mirror itself.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hss/bytes.h"

namespace hss::lab {

inline constexpr std::uint32_t kVendor3gpp = 10415;

/// An AVP is known by vendor and code.
struct AvpId {
  std::uint32_t code = 0;
  std::uint32_t vendor = 0;
  friend bool operator==(const AvpId&, const AvpId&) = default;
};

struct Avp {
  AvpId id;
  bool mandatory = true;  // M
  Bytes data{};           // of a grouped AVP: its members, encoded
  friend bool operator==(const Avp&, const Avp&) = default;

  [[nodiscard]] std::string text() const { return {data.begin(), data.end()}; }
  /// nullopt when the data is not of 4 octets.
  [[nodiscard]] std::optional<std::uint32_t> number() const;
  /// The members of a grouped AVP; nullopt when the data is not whole AVPs.
  [[nodiscard]] std::optional<std::vector<Avp>> members() const;
};

Avp text_avp(AvpId id, std::string_view value, bool mandatory = true);
Avp octets_avp(AvpId id, BytesView value, bool mandatory = true);
Avp number_avp(AvpId id, std::uint32_t value, bool mandatory = true);  // Unsigned32, Enumerated
Avp group_avp(AvpId id, const std::vector<Avp>& members, bool mandatory = true);

struct Message {
  bool request = true;
  bool proxiable = true;
  bool error = false;
  bool retransmitted = false;
  std::uint32_t command = 0;  // 24 bits
  std::uint32_t application = 0;
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::vector<Avp> avps{};
  friend bool operator==(const Message&, const Message&) = default;

  /// The first of them; null when there is none.
  [[nodiscard]] const Avp* find(AvpId id) const;
  [[nodiscard]] std::vector<const Avp*> all(AvpId id) const;
};
const Avp* find(const std::vector<Avp>& avps, AvpId id);

/// Both throw std::length_error for what is longer than 24 bits can say.
Bytes encode(const Message& message);
/// Encodes to the end of `out`.
void append(Bytes& out, const Message& message);
/// The message, or what is wrong with the octets, in words.
std::variant<Message, std::string> parse(BytesView octets);
/// The length that the first four octets of a message announce; nullopt when they are no beginning of one (version,
/// length below 20 or beyond 1 MiB).
std::optional<std::size_t> announced_length(BytesView first_four);

/// What an answer says: Result-Code (vendor 0) or Experimental-Result; nullopt when there is neither.
struct ResultOf {
  std::uint32_t vendor = 0;
  std::uint32_t code = 0;
  friend bool operator==(const ResultOf&, const ResultOf&) = default;
};
std::optional<ResultOf> result_of(const Message& answer);

/// Codes that clients use.
namespace avp {
inline constexpr AvpId kUserName{1}, kHostIpAddress{257}, kAuthApplicationId{258}, kVendorSpecificApplicationId{260},
    kSessionId{263}, kOriginHost{264}, kSupportedVendorId{265}, kVendorId{266}, kFirmwareRevision{267},
    kResultCode{268}, kProductName{269}, kDisconnectCause{273}, kAuthSessionState{277}, kOriginStateId{278},
    kFailedAvp{279}, kDestinationRealm{283}, kDestinationHost{293}, kErrorMessage{281}, kOriginRealm{296},
    kExperimentalResult{297}, kExperimentalResultCode{298}, kServiceSelection{493}, kMip6AgentInfo{486},
    kMipHomeAgentAddress{334}, kMipHomeAgentHost{348}, kRedirectHost{292};
inline constexpr AvpId kVisitedNetworkIdentifier{600, kVendor3gpp}, kPublicIdentity{601, kVendor3gpp},
    kServerName{602, kVendor3gpp}, kServerCapabilities{603, kVendor3gpp}, kUserData{606, kVendor3gpp},
    kSipNumberAuthItems{607, kVendor3gpp}, kSipAuthenticationScheme{608, kVendor3gpp},
    kSipAuthenticate{609, kVendor3gpp}, kSipAuthorization{610, kVendor3gpp}, kSipAuthDataItem{612, kVendor3gpp},
    kSipItemNumber{613, kVendor3gpp}, kServerAssignmentType{614, kVendor3gpp}, kDeregistrationReason{615, kVendor3gpp},
    kReasonCode{616, kVendor3gpp}, kReasonInfo{617, kVendor3gpp}, kUserAuthorizationType{623, kVendor3gpp},
    kUserDataAlreadyAvailable{624, kVendor3gpp}, kConfidentialityKey{625, kVendor3gpp}, kIntegrityKey{626, kVendor3gpp},
    kRatType{1032, kVendor3gpp}, kAnid{1504, kVendor3gpp}, kNon3gppUserData{1500, kVendor3gpp},
    kPprFlags{1508, kVendor3gpp}, kAaaServerName{318, kVendor3gpp};
}  // namespace avp

namespace command {
inline constexpr std::uint32_t kCapabilitiesExchange = 257, kDeviceWatchdog = 280, kDisconnectPeer = 282,
                               kUserAuthorization = 300, kServerAssignment = 301, kLocationInfo = 302,
                               kMultimediaAuth = 303, kRegistrationTermination = 304, kPushProfile = 305;
}  // namespace command

inline constexpr std::uint32_t kCx = 16777216;
inline constexpr std::uint32_t kSwx = 16777265;

}  // namespace hss::lab
