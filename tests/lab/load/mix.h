// What a load consists of: procedures of Cx, each some requests one after the other, encoded once; for each request
// only the user's digits and the identifiers are written into the octets.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lab/message.h"

namespace hss::lab {

enum class Mix : std::uint8_t { kMar, kRegistration, kReRegistration, kLir };
/// "mar", "registration", "re-registration", "lir".
std::optional<Mix> parse_mix(std::string_view word);
std::string_view name_of(Mix mix);

/// Who asks.
enum class Role : std::uint8_t { kIcscf, kScscf };

struct Step {
  std::string_view name;  // "MAR"
  Role role = Role::kScscf;
  std::uint32_t command = 0;
  std::uint32_t assignment = 0;  // Server-Assignment-Type of a SAR
};
/// The requests of one procedure, in order; at least one.
std::span<const Step> steps_of(Mix mix);

/// Subscribers with consecutive IMSIs and the identities of TS 23.003 13.3 and 13.4B: IMSI@REALM, sip:IMSI@REALM.
struct Subscribers {
  std::string first_imsi;  // 6 to 15 digits
  std::uint32_t count = 0;
};
/// The digits of one IMSI, counted up in place; leading zeros stay.
class ImsiDigits {
 public:
  /// The IMSI `index` after the first. `first` is digits; it must not overflow (see last_imsi).
  ImsiDigits(std::string_view first, std::uint32_t index);
  [[nodiscard]] std::string_view text() const { return {digits_.data(), length_}; }

 private:
  std::array<char, 15> digits_{};
  std::size_t length_ = 0;
};
/// nullopt when the first one is no IMSI or the last one would have more digits.
std::optional<std::string> last_imsi(const Subscribers& subscribers);

/// What all requests of a connection have in common.
struct Sender {
  std::string origin_host;
  std::string origin_realm;
  std::string destination_realm;
  std::string home_domain;  // of the subscribers
  std::string server_name;  // SIP URI of the S-CSCF
};

/// One request, encoded, with places for what differs.
class RequestTemplate {
 public:
  RequestTemplate(const Step& step, const Sender& sender, std::size_t imsi_length);

  /// Appends the request. `session` makes Session-Id unique; `imsi` has the length that was told.
  void append(Bytes& out, std::string_view imsi, std::uint64_t session, std::uint32_t hop_by_hop,
              std::uint32_t end_to_end) const;

 private:
  Bytes octets_;
  std::vector<std::size_t> imsi_places_;
  std::size_t session_place_ = 0;
};

}  // namespace hss::lab
