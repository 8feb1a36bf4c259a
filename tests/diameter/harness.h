// freeDiameter's library without a running server, and the good requests that tests spoil.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "diameter/answer.h"
#include "diameter/fd.h"
#include "diameter/transaction.h"
#include "tests/diameter/raw_message.h"

namespace hss::diameter::test {

inline constexpr const char* kHost = "hss.example.org";
inline constexpr const char* kRealm = "example.org";
inline constexpr const char* kPeer = "scscf.example.org";
inline constexpr const char* kAaa = "aaa.example.org";
inline constexpr const char* kImsi = "001010000000001";

/// By which kPeer may pass on what others ask: the messages here come over its connection, whoever sends them.
inline Settings for_everybody() {
  Settings settings;
  settings.agents = {kPeer};
  return settings;
}

/// A test that needs the library. freeDiameter's own lines are off while it runs.
class CoreTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

 private:
  int level_ = 0;
};

/// Initialises libfdcore with a minimal configuration; once in a process.
void initialize_core();
/// Reads that configuration, which loads `extensions`.
void read_configuration(const std::vector<std::string>& extensions = {});
/// Both, and our dictionary; the first call in a process does it.
void start();

/// Through freeDiameter's own parser, as received from kPeer or another; throws when the parser refuses it.
fd::MessagePtr parse(const RawMessage& message, const std::string& peer = kPeer);
/// The same without the dictionary: what a hook sees of a message that was refused early.
fd::MessagePtr parse_header(const RawMessage& message, const std::string& peer = kPeer);
/// Through freeDiameter's own encoder.
RawMessage encoded_only(msg* message);
/// An answer as freeDiameter's message, which owns the request.
fd::MessagePtr finished(Answer& answer, fd::MessagePtr request);
/// Through freeDiameter's encoder and its parser, which must take what we send.
RawMessage encoded(msg* message);

/// Whole requests with every required AVP, as an S-CSCF or I-CSCF sends them.
RawMessage user_authorization_request();
RawMessage multimedia_auth_request();
RawMessage server_assignment_request();
RawMessage location_info_request();
/// And as a 3GPP AAA server sends them.
RawMessage swx_multimedia_auth_request();
RawMessage swx_server_assignment_request();

RawAvp supported_features(std::uint32_t features, std::uint8_t flags, std::uint32_t list = 1);

/// A request with something more, something less, or something else.
RawMessage with(RawMessage message, RawAvp avp);
RawMessage without(RawMessage message, std::uint32_t code, std::uint32_t vendor = 0);
/// Replaces the first AVP of that kind; throws when there is none.
RawMessage replaced(RawMessage message, RawAvp avp);

/// A queue that keeps what it is given.
class FakeQueue final : public TransactionQueue {
 public:
  bool submit(std::unique_ptr<Transaction>& transaction) override {
    if (full) return false;
    waiting.push_back(std::move(transaction));
    return true;
  }
  [[nodiscard]] bool is_full() const noexcept override { return known_full; }
  bool full = false;
  bool known_full = false;
  std::vector<std::unique_ptr<Transaction>> waiting;
};

/// Where answers and log lines end up.
struct Recorder {
  struct Line {
    std::string command, peer, origin_host, session_id, private_identity, public_identity, server_name, detail, remark;
    std::size_t public_identities = 0;
    Result result;
  };
  std::vector<RawMessage> sent;
  std::vector<Line> lines;
  int send_error = 0;
  /// It points back here.
  [[nodiscard]] const Outlet& outlet();
  Outlet made{};
};

}  // namespace hss::diameter::test
