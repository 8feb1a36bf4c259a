// One authentication over Wi-Fi step by step (TS 33.402 6, TS 29.273 8.1.2): the phone with its card and the 3GPP AAA
// server, which speak EAP-AKA or EAP-AKA', are played, the HSS is real.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/lab/cx_client.h"
#include "tests/lab/eap.h"
#include "tests/lab/lab.h"
#include "tests/lab/verbs/sequence.h"

namespace hss::lab {

struct WifiOptions {
  bool prime = true;  // EAP-AKA', else EAP-AKA
  std::string anid = "WLAN";
  std::uint32_t items = 1;
  std::string ahead;  // as is_jump() wants it; empty: the card stays where it is
};

class WifiAccess {
 public:
  /// The phone must have an IMSI.
  WifiAccess(Run& run, Phone& phone, WifiOptions options);

  // Each throws LabFailure when the flow ends here, after the trace has said why, and NetworkError.

  /// The phone's identity; MAR; at least one vector.
  std::vector<Vector> ask_vectors();
  /// One challenge: the card, its response, and the keys of both sides, which derive them apart. A synchronisation
  /// failure takes AUTS, MAR and a new challenge, twice at the most. True when it did: then the vectors from before are
  /// worth nothing any more (TS 33.102 6.3.5).
  bool authenticate(Vector challenge);
  /// SAR REGISTRATION, the profile, EAP-Success.
  void assign();
  /// SAR USER_DEREGISTRATION.
  void deregister();

 private:
  [[nodiscard]] std::string message(const std::string& code) const;
  [[nodiscard]] EapKeys keys_of(const Secret<16>& ck, const Secret<16>& ik) const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> words_of(const EapKeys& keys) const;
  void check_vectors(const std::vector<Vector>& vectors, const std::string& answer);
  EapKeys send_challenge(const Vector& challenge);
  void move_card(const Vector& challenge);
  void check_separation_bit(const Vector& challenge);
  void respond(const Vector& challenge, const UsimResponse& response, Sqn before, const EapKeys& aaa);
  [[nodiscard]] std::string why_keys_differ(const Vector& challenge, const UsimResponse& response) const;
  Vector resynchronise(const Vector& challenge, const UsimSynchronisationFailure& failure);
  void check_profile(const std::optional<Avp>& user_data);
  void authentication_failed();
  [[noreturn]] void end(Party party, const std::string& why);
  [[noreturn]] void end_with_mac_failure(const Vector& challenge);
  [[noreturn]] void end_for_a_person(CardFault seen_as, const std::string& what, const std::string& meaning);
  [[noreturn]] void end_without_access(const std::string& why);

  Run& run_;
  Phone& phone_;
  WifiOptions options_;
  std::string scheme_;
  std::string identity_;
  bool show_;
  bool moved_ = false;
  SequenceWatch watch_;
};

}  // namespace hss::lab
