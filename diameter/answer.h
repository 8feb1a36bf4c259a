// The part that every answer has in common (TS 29.229 6.1), and the ways a request is refused.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string_view>
#include <utility>

#include "diameter/avp_reader.h"
#include "diameter/avp_writer.h"
#include "diameter/dictionary.h"
#include "diameter/inline_vector.h"
#include "hss/result.h"

namespace hss::diameter {

/// A finished answer: a whole message, and the request that it belongs to, which tells where it goes.
struct FinishedAnswer {
  AvpOctets::Buffer octets;
  fd::MessagePtr request;
  std::chrono::steady_clock::time_point received;  // the request

  /// freeDiameter's message of it.
  [[nodiscard]] fd::MessagePtr message() && { return fd::parse_answer(octets, std::move(request)); }
};

/// An answer in the making, as octets. It is begun with Session-Id, Vendor-Specific-Application-Id, the result in the
/// AVP of its family, Auth-Session-State, Origin-Host and Origin-Realm; what follows is written in the order of the
/// command's ABNF, before the Proxy-Info of the request, which ends it. P is as in the request, E goes with 3xxx alone.
class Answer {
 public:
  /// The request stays the caller's, and lives as long. Throws fd::Error.
  Answer(msg* request, Result result);
  ~Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  [[nodiscard]] AvpWriter& avps() { return writer_; }
  [[nodiscard]] msg* request() const { return request_; }

  /// The value of the request's first AVP of that row, which is a text, when it has one.
  void echo(const AvpDefinition& avp);
  /// Our Supported-Features, when the request asks for it; with 5011 in any case.
  void supported_features();
  void failed_avp(const FailedAvp& failed);

  /// The finished answer: a whole message.
  [[nodiscard]] AvpOctets::Buffer take();

 private:
  struct Asked {
    AvpKey key = 0;
    avp* received = nullptr;
  };
  /// The request's first AVP of that row; null when there is none.
  [[nodiscard]] avp* asked(const AvpDefinition& avp) const;

  msg* request_;
  InlineVector<Asked, 16> asked_;  // what the request holds, walked through once
  Result result_;
  bool has_proxies_ = false;
  AvpOctets out_;
  AvpWriter writer_{out_};
};

/// Writes the head of Vendor-Specific-Application-Id for an application of 3GPP.
void write_application(AvpWriter& writer, std::uint32_t application);

/// What the verdict of a procedure is about, in the request: the AVP itself, the second of its kind with 5009, none
/// with 5005 or when it is not there.
FailedAvp failed_avp_of(msg* request, RequestField field, Result result);

}  // namespace hss::diameter
