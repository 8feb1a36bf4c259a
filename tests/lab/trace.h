// What happened, in order: messages on the wire and steps of the phone; all outputs (terminal, JSON, HTML, pcap) are
// made of it.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hss/bytes.h"

namespace hss::lab {

enum class Party : std::uint8_t { kUe, kPcscf, kIcscf, kScscf, kAaa, kHss };
/// "UE", "P-CSCF", "I-CSCF", "S-CSCF", "AAA", "HSS".
const char* name_of(Party party);

/// One arrow or note of the ladder.
struct Event {
  enum class Kind : std::uint8_t {
    kDiameter,  // octets on the wire, one message
    kSip,       // what would go by SIP or EAP between the others; not sent
    kNote,      // something that `from` finds or does
    kProblem,   // the same, and it is wrong
  };
  Kind kind = Kind::kNote;
  Party from = Party::kUe;
  Party to = Party::kUe;
  std::string title;                                           // "MAR", "401 Unauthorized", "MAC-A is right"
  std::vector<std::pair<std::string, std::string>> details{};  // in order: name, value
  Bytes octets{};                                              // kDiameter: the message
  std::chrono::system_clock::time_point at{};
  std::uint16_t local_port = 0;  // kDiameter: of the connection
  std::uint16_t remote_port = 0;
};

/// Takes events as they come; a terminal prints at once, others keep them for the end.
class Trace {
 public:
  virtual ~Trace() = default;
  virtual void add(const Event& event) = 0;
};

/// Passes on to several.
class Traces final : public Trace {
 public:
  void attach(Trace& trace) { all_.push_back(&trace); }
  void add(const Event& event) override {
    for (Trace* trace : all_) trace->add(event);
  }

 private:
  std::vector<Trace*> all_;
};

}  // namespace hss::lab
