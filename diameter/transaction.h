// One request on its way through the store, and the one answer and the one log line that it gets, whatever happens.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "diameter/command.h"
#include "diameter/dispatch.h"
#include "diameter/fd.h"
#include "diameter/log.h"

namespace hss::diameter {

/// Where answers and log lines go: freeDiameter and the log, or a test.
struct Outlet {
  /// Sends an answer, and returns 0 or an error.
  std::function<int(FinishedAnswer)> send;
  std::function<void(const log::TransactionRecord&)> record;
};

/// The real one; there always.
const Outlet& network();

/// What the log line tells of a request. The texts are elsewhere: in the request, or in memory that is given.
struct RequestNames {
  explicit RequestNames(msg* request);
  RequestNames() = default;
  /// The same with the texts in `memory`, and with the peer's address, which is looked up now.
  [[nodiscard]] RequestNames kept_in(std::string& memory) const;

  std::string_view peer;
  std::string_view origin_host;
  std::string_view session_id;
  std::string_view user_name;
  std::string_view public_identity;  // the first
  std::string_view server_name;
  std::string_view peer_address;  // of kept_in()
  std::size_t public_identities = 0;
};

class RequestTransaction final : public Transaction {
 public:
  /// `outlet`, and what `services` refers to, outlive the transaction. `services` itself need not: the dispatcher,
  /// which has it, ends before the store's queue does.
  RequestTransaction(fd::MessagePtr request, const CommandEntry& command, const Services& services,
                     const Outlet& outlet);
  /// A transaction that nobody finished is answered 5012.
  ~RequestTransaction() override;
  RequestTransaction(const RequestTransaction&) = delete;
  RequestTransaction& operator=(const RequestTransaction&) = delete;

  /// Reads the request; null when it may be submitted, else the answer that refuses it, also when
  /// the peer, by the identity of its connection, may not send it (Access).
  [[nodiscard]] fd::MessagePtr decode() noexcept;
  /// The answer 3004: the queue is full.
  [[nodiscard]] fd::MessagePtr refuse_busy() noexcept;

  [[nodiscard]] Subject subject() const override;
  void run(Repository& repository) override;
  void committed() noexcept override;
  void failed(const std::string& reason) noexcept override;

 private:
  struct Outcome {
    Result result;
    std::string remark;
    std::optional<FailedAvp> failed;
  };
  enum class Content { kNone, kOfProcedure };
  enum class Way { kSend, kHandBack };
  fd::MessagePtr finish(Outcome outcome, Content content, Way way) noexcept;
  [[nodiscard]] AvpOctets::Buffer build(const Outcome& outcome, Content content) const;
  void record(const Outcome& outcome, const RequestNames& names, Way way) const;

  const CommandEntry& command_;
  RandomSource& random_;
  ResynchronisationLimit* resynchronisations_;
  const LiveSettings::State& state_;  // in force when the request came
  const Outlet& outlet_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::unique_ptr<Exchange> exchange_;
  fd::MessagePtr request_;  // null once it is answered
  RequestNames names_;      // in the request: sending its answer frees them
};

/// Takes a request from freeDiameter and submits it. What it returns is the answer to a request that is refused at
/// once; it is not sent from here, where a full queue of freeDiameter's could hold a dispatch thread for ever at
/// shutdown. Null: the answer comes later.
[[nodiscard]] fd::MessagePtr take_request(fd::MessagePtr request, const CommandEntry& command, const Services& services,
                                          const Outlet& outlet) noexcept;

}  // namespace hss::diameter
