// One registration of an IMS user step by step (TS 24.229 5.4.1.2, TS 29.228 6.1, 6.3): I-CSCF, S-CSCF, P-CSCF and the
// phone with its card are played, the HSS is real.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/lab/cx_client.h"
#include "tests/lab/lab.h"
#include "tests/lab/verbs/sequence.h"

namespace hss::lab {

struct RegistrationOptions {
  std::string visited_network;  // left out: the home domain
  std::string scheme = "Digest-AKAv1-MD5";
  std::uint32_t items = 1;
  bool deregister = false;
};
/// --visited-network, --scheme, --items, --deregister.
void declare_registration(cli::App& app, RegistrationOptions& options);

class Registration {
 public:
  /// Called with each challenge before the card gets it: where a scenario moves the card.
  using BeforeCard = std::function<void(const Vector&)>;

  /// Connects I-CSCF and S-CSCF: a peer that is not let in is told before the user's state is touched. Throws
  /// NetworkError.
  Registration(Run& run, Phone& phone, RegistrationOptions options);

  // Each throws LabFailure when the flow ends here, after the trace has said why, and NetworkError.

  /// The first REGISTER; UAR; the S-CSCF is chosen.
  void find_server();
  /// MAR; at least one vector.
  std::vector<Vector> ask_vectors();
  /// One challenge: 401, the card, the response and its check. A synchronisation failure takes AUTS, MAR and a new
  /// challenge, twice at the most.
  void authenticate(Vector challenge, const BeforeCard& before_card = {});
  /// SAR REGISTRATION, the profile, 200 OK.
  void assign();
  /// LIR for the default public identity.
  void locate();
  /// REGISTER with Expires 0, UAR DE_REGISTRATION, SAR USER_DEREGISTRATION.
  void deregister();
  /// A further REGISTER of the phone, which the S-CSCF will challenge.
  void register_again(const std::string& why);

  [[nodiscard]] const std::string& server_name() const { return server_name_; }
  [[nodiscard]] const std::vector<Resynchronisation>& resynchronisations() const { return watch_.resynchronisations(); }

 private:
  void send_challenge(const Vector& challenge);
  void respond(const Vector& challenge, const UsimResponse& response, Sqn before);
  Vector resynchronise(const Vector& challenge, const UsimSynchronisationFailure& failure);
  [[noreturn]] void end_with_mac_failure(const Vector& challenge);
  [[noreturn]] void end_with_refused_auts(const Vector& challenge, const Octets<14>& auts, const ResultOf& result);
  void authentication_failed();
  std::string request_uri() const;

  Run& run_;
  Phone& phone_;
  RegistrationOptions options_;
  std::string realm_;
  std::string server_name_;
  std::vector<std::string> identities_;  // that are not barred, the default one first
  SequenceWatch watch_;
};

}  // namespace hss::lab
