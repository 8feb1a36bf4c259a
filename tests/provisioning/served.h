// A server directory with one subscriber that an S-CSCF has registered, and what a server would do with its pushes.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "directory.h"
#include "hss/cx/registration_termination.h"
#include "hss/random.h"
#include "provisioning/announce.h"
#include "provisioning/store.h"

namespace hss::provisioning {

class ServedTest : public Directory {
 protected:
  static constexpr const char* kSubscriber = "001010000000001";
  static constexpr const char* kPrivate = "001010000000001@ims.mnc001.mcc001.3gppnetwork.org";
  static constexpr const char* kPublic = "sip:+491510000001@ims.mnc001.mcc001.3gppnetwork.org";

  void SetUp() override {
    init();
    add(kSubscriber, "491510000001");
    serve();
  }

  /// All that the subscriber has becomes registered at scscf.example.org.
  void serve(RegistrationStatus status = RegistrationStatus::kRegistered, const std::string& identity = kSubscriber) {
    Store store(directory_.string());
    store.database().write([&] {
      Repository& repository = store.administration().repository();
      const auto subscription = repository.subscription(store.require(identity));
      Registration registration;
      registration.server = AssignedServer{"sip:scscf.example.org:6060", "scscf.example.org", "example.org"};
      for (const auto& pair : subscription->associations) {
        registration.pairs.push_back({pair.implicit_set, pair.private_identity, status, std::nullopt});
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

  /// The S-CSCF answers every RTR that waits; how many there were.
  std::size_t answer(Result result) {
    Store store(directory_.string());
    std::size_t count = 0;
    store.database().write([&] {
      SystemRandom random;
      const Context context{.settings = store.settings(), .now = now(), .random = random, .observer = nullptr};
      for (const Push& push : store.administration().pushes(std::nullopt, true, 100)) {
        cx::apply_termination_answer(push, {.result = result, .trouble = {}, .emergency_private_identities = {}},
                                     store.administration().repository(), context);
        ++count;
      }
    });
    return count;
  }
};

}  // namespace hss::provisioning
