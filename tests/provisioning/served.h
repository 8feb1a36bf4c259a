// A server directory with one subscriber that an S-CSCF or 3GPP AAA server has registered, and what a server would do
// with its pushes.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "directory.h"
#include "hss/cx/registration_termination.h"
#include "hss/random.h"
#include "hss/swx/push_profile.h"
#include "hss/swx/registration_termination.h"
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

  /// The subscriber becomes registered on SWx, or authenticated only.
  void serve_on_swx(bool registered = true, const std::string& identity = kSubscriber,
                    const std::string& host = "aaa.example.org") {
    Store store(directory_.string());
    store.database().write([&] {
      Non3gppRegistration registration;
      registration.server = AaaServer{.host = host, .realm = "example.org"};
      registration.registered = registered;
      if (!registered) registration.pending_until = now() + 300;
      store.administration().repository().save_non_3gpp_registration(store.require(identity), registration);
    });
  }

  std::vector<Push> pushes() {
    Store store(directory_.string());
    std::vector<Push> all;
    store.database().read([&] { all = store.administration().pushes(std::nullopt, false, 100); });
    return all;
  }

  /// The S-CSCF or 3GPP AAA server answers every push of SWx and every RTR of Cx that waits; how many there were.
  std::size_t answer(Result result, const std::string& reported = {}) {
    Store store(directory_.string());
    std::size_t count = 0;
    store.database().write([&] {
      SystemRandom random;
      const Context context{.settings = store.settings(), .now = now(), .random = random, .observer = nullptr};
      for (const Push& push : store.administration().pushes(std::nullopt, true, 100)) {
        const PushAnswer answered{
            .result = result, .trouble = {}, .emergency_private_identities = {}, .reported = reported};
        Repository& repository = store.administration().repository();
        if (push.application == Application::kCx) {
          cx::apply_termination_answer(push, answered, repository, context);
        } else if (push.kind == PushKind::kPushProfile) {
          swx::apply_push_profile_answer(push, answered, repository, context);
        } else {
          swx::apply_termination_answer(push, answered, repository, context);
        }
        ++count;
      }
    });
    return count;
  }
};

}  // namespace hss::provisioning
