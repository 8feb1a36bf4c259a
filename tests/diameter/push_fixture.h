// The sender of RTR and PPR with a store in memory, a subscriber who is registered, and a network of the test's.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "diameter/push.h"
#include "tests/diameter/harness.h"
#include "tests/support/memory_repository.h"

namespace hss::diameter::test {

using hss::PushAnswer;
using hss::test::MemoryRepository;

inline constexpr UnixTime kStart = 1'000'000;
inline const AssignedServer kServer{"sip:scscf.example.org:6060", "scscf.example.org", "example.org"};

inline std::shared_ptr<const Subscription> subscription() {
  auto out = std::make_shared<Subscription>();
  out->id = 1;
  out->imsi = kImsi;
  PrivateIdentity impi;
  impi.id = 11;
  impi.impi = "alice@example.org";
  out->private_identities = {impi};
  PublicIdentity impu;
  impu.id = 21;
  impu.impu = "sip:alice@example.org";
  impu.implicit_set = 31;
  impu.service_profile = std::make_shared<const ServiceProfile>();
  out->public_identities = {impu};
  out->associations = {{11, 31}};
  return out;
}

/// Runs what it is given at once, as a store does that has nothing else to do.
class PromptQueue final : public TransactionQueue {
 public:
  explicit PromptQueue(MemoryRepository& repository) : repository_(repository) {}
  bool submit(std::unique_ptr<Transaction>& transaction) override {
    if (full) return false;
    held_.push_back(std::move(transaction));
    return true;
  }
  void run() {
    while (!held_.empty()) {
      auto all = std::move(held_);
      held_.clear();
      for (auto& transaction : all) {
        try {
          if (fail) throw StoreFault("disk full");
          transaction->run(repository_);
          transaction->committed();
        } catch (const std::exception& error) {
          transaction->failed(error.what());
        }
      }
    }
  }
  bool full = false;
  bool fail = false;

 private:
  MemoryRepository& repository_;
  std::vector<std::unique_ptr<Transaction>> held_;
};

struct Sent {
  RawMessage request;
  std::chrono::seconds patience;
  PushOutlet::Answered answered;
};

class PushTest : public CoreTest {
 protected:
  void SetUp() override {
    CoreTest::SetUp();
    repository_.add(subscription());
    Registration registration;
    registration.server = kServer;
    registration.pairs = {{31, 11, RegistrationStatus::kRegistered, std::nullopt}};
    repository_.save_registration(1, registration);
    PushOutlet outlet;
    outlet.anybody = [this] { return anybody_; };
    outlet.reaches = [this](std::string_view host) {
      return reachable_ && (host == "scscf.example.org" || host == kAaa);
    };
    outlet.send = [this](fd::MessagePtr request, std::chrono::seconds patience, PushOutlet::Answered answered) {
      if (send_error_ != 0) return send_error_;
      sent_.push_back({encoded(request.get()), patience, std::move(answered)});
      return 0;
    };
    outlet.record = [this](const log::TransactionRecord& record) {
      lines_.push_back(
          std::string(record.command) + " " + std::string(record.peer) + " " + std::string(record.private_identity) +
          " " + std::string(record.public_identity) + " " + std::string(record.detail) + " -> " +
          (record.result ? std::string(name_of(*record.result)) : "nothing") + " | " + std::string(record.remark));
    };
    outlet.now = [this] { return now_; };
    sender_.emplace(Services{queue_, live_, random_}, outlet);
  }

  PushId add(DeregistrationReason reason = DeregistrationReason::kPermanentTermination) {
    Push push;
    push.server = kServer;
    push.private_identity = "alice@example.org";
    push.public_identities = {"sip:alice@example.org"};
    push.subscription = 1;
    push.implicit_set = 31;
    push.private_identity_id = 11;
    push.reason = reason;
    push.created = now_;
    push.next_attempt = now_;
    return repository_.add_push(push);
  }

  /// One round of the thread, with the store keeping up.
  void turn() {
    sender_->turn();
    queue_.run();
    sender_->turn();
    queue_.run();
  }
  void answer(std::size_t index, PushAnswer what) {
    sent_.at(index).answered(std::move(what));
    queue_.run();
  }
  RegistrationStatus status() {
    const auto pairs = repository_.registration(1).pairs;
    return pairs.empty() ? RegistrationStatus::kNotRegistered : pairs.at(0).status;
  }

  MemoryRepository repository_;
  PromptQueue queue_{repository_};
  Settings settings_;  // in force after live_.put()
  LiveSettings live_{Settings{}};
  hss::test::CountingRandom random_;
  UnixTime now_ = kStart;
  bool anybody_ = true;
  bool reachable_ = true;
  int send_error_ = 0;
  std::vector<Sent> sent_;
  std::vector<std::string> lines_;
  std::optional<PushSender> sender_;
};

}  // namespace hss::diameter::test
