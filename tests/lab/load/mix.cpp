// SPDX-License-Identifier: MIT
#include "tests/lab/load/mix.h"

#include <algorithm>
#include <stdexcept>

#include "hss/identity.h"
#include "hss/server_assignment_type.h"

namespace hss::lab {
namespace {

constexpr auto kRegister = static_cast<std::uint32_t>(ServerAssignmentType::kRegistration);
constexpr auto kReRegister = static_cast<std::uint32_t>(ServerAssignmentType::kReRegistration);

constexpr std::array kMar{Step{"MAR", Role::kScscf, command::kMultimediaAuth}};
constexpr std::array kRegistration{Step{"UAR", Role::kIcscf, command::kUserAuthorization},
                                   Step{"MAR", Role::kScscf, command::kMultimediaAuth},
                                   Step{"SAR", Role::kScscf, command::kServerAssignment, kRegister}};
constexpr std::array kReRegistration{Step{"MAR", Role::kScscf, command::kMultimediaAuth},
                                     Step{"SAR", Role::kScscf, command::kServerAssignment, kReRegister}};
constexpr std::array kLir{Step{"LIR", Role::kIcscf, command::kLocationInfo}};

struct Row {
  Mix mix;
  std::string_view name;
  std::span<const Step> steps;
};
constexpr std::array kMixes{Row{Mix::kMar, "mar", kMar}, Row{Mix::kRegistration, "registration", kRegistration},
                            Row{Mix::kReRegistration, "re-registration", kReRegistration}, Row{Mix::kLir, "lir", kLir}};

// Octets that no identity holds stand where the digits go.
constexpr char kImsiMark = '\x01';
constexpr char kSessionMark = '\x02';
constexpr std::size_t kSessionDigits = 16;  // hexadecimal
constexpr std::size_t kHopByHop = 12;       // in the header, RFC 6733 3

std::vector<Avp> avps_of(const Step& step, const Sender& sender, const std::string& imsi) {
  const std::string impi = imsi + "@" + sender.home_domain;
  const std::string impu = "sip:" + impi;
  std::vector<Avp> avps{
      text_avp(avp::kSessionId, sender.origin_host + ";" + std::string(kSessionDigits, kSessionMark) + ";load"),
      group_avp(avp::kVendorSpecificApplicationId,
                {number_avp(avp::kVendorId, kVendor3gpp), number_avp(avp::kAuthApplicationId, kCx)}),
      number_avp(avp::kAuthSessionState, 1),  // NO_STATE_MAINTAINED, TS 29.229 6.1
      text_avp(avp::kOriginHost, sender.origin_host),
      text_avp(avp::kOriginRealm, sender.origin_realm),
      text_avp(avp::kDestinationRealm, sender.destination_realm)};
  if (step.command != command::kLocationInfo) avps.push_back(text_avp(avp::kUserName, impi));
  avps.push_back(text_avp(avp::kPublicIdentity, impu));
  switch (step.command) {
    case command::kUserAuthorization:
      avps.push_back(text_avp(avp::kVisitedNetworkIdentifier, sender.home_domain));
      break;
    case command::kMultimediaAuth:
      avps.push_back(number_avp(avp::kSipNumberAuthItems, 1));
      avps.push_back(group_avp(avp::kSipAuthDataItem, {text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5")}));
      avps.push_back(text_avp(avp::kServerName, sender.server_name));
      break;
    case command::kServerAssignment:
      avps.push_back(text_avp(avp::kServerName, sender.server_name));
      avps.push_back(number_avp(avp::kServerAssignmentType, step.assignment));
      avps.push_back(number_avp(avp::kUserDataAlreadyAvailable, 0));
      break;
    default:
      break;
  }
  return avps;
}

void put_number(Bytes& out, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) out[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

}  // namespace

std::optional<Mix> parse_mix(std::string_view word) {
  const auto row = std::ranges::find(kMixes, word, &Row::name);
  return row == kMixes.end() ? std::nullopt : std::optional(row->mix);
}

std::string_view name_of(Mix mix) { return std::ranges::find(kMixes, mix, &Row::mix)->name; }

std::span<const Step> steps_of(Mix mix) { return std::ranges::find(kMixes, mix, &Row::mix)->steps; }

ImsiDigits::ImsiDigits(std::string_view first, std::uint32_t index) : length_(std::min(first.size(), digits_.size())) {
  std::copy_n(first.begin(), length_, digits_.begin());
  std::uint64_t carry = index;
  for (std::size_t i = length_; i > 0 && carry > 0; --i) {
    carry += static_cast<std::uint64_t>(digits_[i - 1] - '0');
    digits_[i - 1] = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
}

std::optional<std::string> last_imsi(const Subscribers& subscribers) {
  if (!is_imsi(subscribers.first_imsi) || subscribers.count == 0) return std::nullopt;
  std::uint64_t first = 0;
  std::uint64_t beyond = 1;  // the first number with more digits
  for (const char digit : subscribers.first_imsi) {
    first = first * 10 + static_cast<std::uint64_t>(digit - '0');
    beyond *= 10;
  }
  if (first + subscribers.count > beyond) return std::nullopt;
  return std::string(ImsiDigits(subscribers.first_imsi, subscribers.count - 1).text());
}

RequestTemplate::RequestTemplate(const Step& step, const Sender& sender, std::size_t imsi_length) {
  const std::string marks(imsi_length, kImsiMark);
  octets_ = encode(Message{.command = step.command, .application = kCx, .avps = avps_of(step, sender, marks)});
  for (auto at = std::search(octets_.begin(), octets_.end(), marks.begin(), marks.end()); at != octets_.end();
       at = std::search(at + static_cast<std::ptrdiff_t>(imsi_length), octets_.end(), marks.begin(), marks.end())) {
    imsi_places_.push_back(static_cast<std::size_t>(at - octets_.begin()));
  }
  const auto session = std::search_n(octets_.begin(), octets_.end(), kSessionDigits, std::uint8_t{kSessionMark});
  if (session == octets_.end() || imsi_places_.empty()) throw std::logic_error("a request has no place for its user");
  session_place_ = static_cast<std::size_t>(session - octets_.begin());
}

void RequestTemplate::append(Bytes& out, std::string_view imsi, std::uint64_t session, std::uint32_t hop_by_hop,
                             std::uint32_t end_to_end) const {
  const std::size_t start = out.size();
  out.insert(out.end(), octets_.begin(), octets_.end());
  put_number(out, start + kHopByHop, hop_by_hop);
  put_number(out, start + kHopByHop + 4, end_to_end);
  for (const std::size_t place : imsi_places_) {
    std::ranges::copy(imsi, out.begin() + static_cast<std::ptrdiff_t>(start + place));
  }
  for (std::size_t i = kSessionDigits; i > 0; --i, session >>= 4U) {
    out[start + session_place_ + i - 1] = static_cast<std::uint8_t>("0123456789abcdef"[session & 15U]);
  }
}

}  // namespace hss::lab
