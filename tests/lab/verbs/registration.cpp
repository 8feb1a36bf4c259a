// What the I-CSCF and the S-CSCF ask about a user; the challenge is in authentication.cpp.
// SPDX-License-Identifier: MIT
#include "tests/lab/verbs/registration.h"

#include "hss/identity.h"
#include "hss/server_assignment_type.h"
#include "provisioning/command_line.h"
#include "tests/lab/dictionary.h"
#include "tests/lab/output/reading.h"
#include "tests/lab/verbs/words.h"

namespace hss::lab {
namespace {

// TS 29.229 6.2.1
constexpr ResultOf kFirstRegistration{kVendor3gpp, 2001};
constexpr ResultOf kSubsequentRegistration{kVendor3gpp, 2002};
constexpr std::uint32_t kDeregistration = 1;  // User-Authorization-Type, TS 29.229 6.3.24

constexpr std::uint32_t number_of(ServerAssignmentType type) { return static_cast<std::uint32_t>(type); }

std::string joined(const std::vector<std::string>& uris) {
  std::string out;
  for (const std::string& uri : uris) out += (out.empty() ? "<" : ", <") + uri + ">";
  return out;
}

}  // namespace

void declare_registration(cli::App& app, RegistrationOptions& options) {
  app.add_option("--visited-network", options.visited_network, "P-Visited-Network-ID; left out: the home domain")
      ->type_name("DOMAIN");
  app.add_option("--scheme", options.scheme, "SIP-Authentication-Scheme of the MAR; left out: Digest-AKAv1-MD5")
      ->type_name("NAME");
  app.add_option("--items", options.items, "vectors to ask for; left out: 1")->type_name("N")->between(1U, 100U);
  app.add_flag("--deregister", options.deregister, "de-register at the end");
}

Registration::Registration(Run& run, Phone& phone, RegistrationOptions options)
    : run_(run), phone_(phone), options_(std::move(options)), realm_(run.realm_of(phone)), watch_(run, phone) {
  if (options_.visited_network.empty()) options_.visited_network = realm_;
  run.icscf(phone);
  run.scscf(phone);
}

std::string Registration::request_uri() const { return "sip:" + realm_; }

void Registration::find_server() {
  run_.says(Party::kUe, Party::kPcscf, "REGISTER " + request_uri(),
            {{"To", "<" + phone_.impu + ">"},
             {"Authorization", "Digest username=\"" + phone_.impi + "\", realm=\"" + realm_ + "\", uri=\"" +
                                   request_uri() + "\", nonce=\"\", response=\"\""}});
  run_.says(Party::kPcscf, Party::kIcscf, "REGISTER " + request_uri(),
            {{"P-Visited-Network-ID", options_.visited_network}});

  const UserAuthorization answer =
      ask_uar(run_.icscf(phone_), phone_.impi, phone_.impu, options_.visited_network, std::nullopt, run_.patience());
  if (answer.result != kSuccess && answer.result != kFirstRegistration && answer.result != kSubsequentRegistration) {
    run_.problem(Party::kIcscf, refusal_words("the user may not register", answer.result));
    run_.says(Party::kIcscf, Party::kUe, "403 Forbidden");
    throw LabFailure(refusal_words("UAA", answer.result));
  }
  std::string from = "named on the command line";
  server_name_ = run_.options().scscf_name;
  if (server_name_.empty() && !answer.server_name.empty()) {
    server_name_ = answer.server_name;
    from = "assigned already, or being assigned";
  } else if (server_name_.empty() && !answer.server_names.empty()) {
    server_name_ = answer.server_names.front();
    from = "the first one that the HSS offers";
  } else if (server_name_.empty()) {
    server_name_ = "sip:" + run_.scscf(phone_).node().host + ":6060";
    from = "the I-CSCF's own choice: the HSS names none";
  }
  run_.note(Party::kIcscf,
            answer.result == kFirstRegistration        ? "the user is registered nowhere yet"
            : answer.result == kSubsequentRegistration ? "the user has an S-CSCF"
                                                       : "the user may register",
            {{"S-CSCF", server_name_ + " (" + from + ")"}});
  run_.says(Party::kIcscf, Party::kScscf, "REGISTER " + request_uri());
}

void Registration::register_again(const std::string& why) {
  run_.says(Party::kUe, Party::kScscf, "REGISTER " + request_uri(), {{"because", why}});
}

void Registration::assign() {
  const ServerAssignment answer = ask_sar(run_.scscf(phone_), phone_.impi, phone_.impu, server_name_,
                                          number_of(ServerAssignmentType::kRegistration), run_.patience());
  if (answer.result != kSuccess) {
    run_.problem(Party::kScscf, refusal_words("the HSS does not take the registration", answer.result));
    run_.says(Party::kScscf, Party::kUe, "500 Server Internal Error");
    throw LabFailure(refusal_words("SAA", answer.result));
  }
  identities_.clear();
  for (const auto& [name, value] : user_data_summary(answer.user_data)) {
    if (name == "public identity" && !value.ends_with(" (barred)")) identities_.push_back(value);
  }
  if (identities_.empty()) {
    run_.problem(Party::kScscf, "the profile holds no public identity that may be used");
    throw LabFailure("SAA: User-Data holds no public identity that is not barred: the S-CSCF cannot serve the user");
  }
  run_.says(Party::kScscf, Party::kUe, "200 OK", {{"P-Associated-URI", joined(identities_)}});
}

void Registration::locate() {
  const std::string& impu = identities_.empty() ? phone_.impu : identities_.front();
  run_.note(Party::kIcscf, "a call for " + impu + " arrives");
  const LocationInfo answer = ask_lir(run_.icscf(phone_), impu, run_.patience());
  if (answer.result != kSuccess) {
    run_.problem(Party::kIcscf, refusal_words("the user cannot be found", answer.result));
    throw LabFailure(refusal_words("LIA", answer.result));
  }
  if (!same_server(answer.server_name, server_name_)) {
    run_.problem(Party::kIcscf, "the HSS names another S-CSCF than the one that the user registered with",
                 {{"named", answer.server_name}, {"registered with", server_name_}});
    throw LabFailure("LIA: names another S-CSCF than the one that the user registered with");
  }
  run_.note(Party::kIcscf, "calls for the user go to its S-CSCF", {{"S-CSCF", answer.server_name}});
}

void Registration::deregister() {
  run_.says(Party::kUe, Party::kIcscf, "REGISTER " + request_uri(), {{"Expires", "0"}});
  const UserAuthorization authorization =
      ask_uar(run_.icscf(phone_), phone_.impi, phone_.impu, options_.visited_network, kDeregistration, run_.patience());
  if (authorization.result != kSuccess) {
    run_.problem(Party::kIcscf, refusal_words("the user cannot be de-registered", authorization.result));
    throw LabFailure(refusal_words("UAA of the de-registration", authorization.result));
  }
  run_.says(Party::kIcscf, Party::kScscf, "REGISTER " + request_uri(), {{"Expires", "0"}});
  const ServerAssignment answer = ask_sar(run_.scscf(phone_), phone_.impi, phone_.impu, server_name_,
                                          number_of(ServerAssignmentType::kUserDeregistration), run_.patience());
  // 2004 of 3GPP: de-registered, and the name of the S-CSCF was not kept.
  if (answer.result != kSuccess && answer.result != ResultOf{kVendor3gpp, 2004}) {
    run_.problem(Party::kScscf, refusal_words("the HSS does not take the de-registration", answer.result));
    throw LabFailure(refusal_words("SAA of the de-registration", answer.result));
  }
  run_.says(Party::kScscf, Party::kUe, "200 OK", {{"Expires", "0"}});
}

}  // namespace hss::lab
