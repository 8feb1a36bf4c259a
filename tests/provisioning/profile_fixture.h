// A server directory with a subscriber whom an S-CSCF serves, for the verbs that change what it has a copy of.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "directory.h"
#include "hss/push.h"
#include "provisioning/store.h"

namespace hss::provisioning {

inline const std::string kImsi = "001010000000001";
inline const std::string kDomain = "ims.mnc001.mcc001.3gppnetwork.org";
inline const std::string kSip = "sip:+491510000001@" + kDomain;
inline const std::string kTel = "tel:+491510000001";

class ProfileTest : public Directory {
 protected:
  ProfileTest() {
    init();
    add(kImsi, "491510000001");
  }

  /// InitialFilterCriteria with a priority, to sip:NAME.example.org.
  static std::string criteria(int priority, const std::string& name) {
    return "<InitialFilterCriteria><Priority>" + std::to_string(priority) +
           "</Priority><ApplicationServer><ServerName>sip:" + name +
           ".example.org</ServerName></ApplicationServer></InitialFilterCriteria>";
  }
  static std::string profile(const std::string& content) { return "<ServiceProfile>" + content + "</ServiceProfile>"; }
  static std::string shared(const std::string& ids) {
    return "<Extension><SharedIFCSetID>" + ids + "</SharedIFCSetID></Extension>";
  }

  /// hssctl ... and it must fail: its one line on standard error.
  std::string failed(const std::vector<std::string>& arguments, const std::string& input = {}, int code = 1) {
    const Outcome outcome = hssctl(arguments, input);
    EXPECT_EQ(outcome.code, code) << outcome.out;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  }

  std::string preview(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"profile", "preview"});
    return done(arguments).out;
  }

  /// Puts every set of a subscriber into a state at the S-CSCF scscf.example.org, for one of its private identities.
  void serve(const std::string& identity, RegistrationStatus status = RegistrationStatus::kRegistered,
             std::size_t private_identity = 0) {
    Store store(directory_.string());
    store.database().write([&] {
      Repository& repository = store.administration().repository();
      const auto subscription = repository.subscription(store.require(identity));
      Registration registration;
      registration.server = AssignedServer{"sip:scscf.example.org:6060", "scscf.example.org", "example.org"};
      for (const auto& each : subscription->associations) {
        if (each.private_identity != subscription->private_identities.at(private_identity).id) continue;
        registration.pairs.push_back({each.implicit_set, each.private_identity, status, std::nullopt});
      }
      repository.save_registration(subscription->id, registration);
    });
  }

  std::vector<Push> pushes() {
    Store store(directory_.string());
    std::vector<Push> all;
    store.database().read([&] { all = store.administration().pushes(std::nullopt, false, 100); });
    return all;
  }
};

}  // namespace hss::provisioning
