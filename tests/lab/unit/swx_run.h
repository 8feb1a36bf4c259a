// One run of hsslab swx against a WifiHss, and what came of it.
// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/lab/lab.h"
#include "tests/lab/unit/card_fixture.h"
#include "tests/lab/unit/wifi_hss.h"

namespace hss::lab {

// Server-Assignment-Type, TS 29.229 6.3.15
inline constexpr std::uint32_t kRegistration = 1;
inline constexpr std::uint32_t kDeregistration = 5;
inline constexpr std::uint32_t kAuthenticationFailure = 9;

/// An HSS that does it as it should be.
inline WifiHssOptions right(const Octets<2>& amf = {0x80, 0x00}) {
  WifiHssOptions options;
  options.keys = spec_with(CardFault::kNone, amf).keys;
  options.seq = 100;
  return options;
}

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
  std::vector<Message> requests;
  std::vector<Sqn> resynchronised;

  /// "UE: MAC failure", "UE -> AAA: EAP-Response/Identity", of each event.
  [[nodiscard]] std::vector<std::string> steps() const {
    std::vector<std::string> all;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
      const auto event = nlohmann::json::parse(line);
      const std::string kind = event["kind"];
      std::string who = event["from"];
      if (event["from"] != event["to"]) who += " -> " + event["to"].get<std::string>();
      all.push_back(who + (kind == "problem" ? "! " : ": ") + event["title"].get<std::string>());
    }
    return all;
  }
  [[nodiscard]] std::vector<std::uint32_t> assignments() const {
    std::vector<std::uint32_t> types;
    for (const Message& request : requests) {
      if (const Avp* const type = request.find(avp::kServerAssignmentType)) types.push_back(type->number().value());
    }
    return types;
  }
  [[nodiscard]] std::size_t challenges_asked() const { return requests.size() - assignments().size(); }
};

/// As a person reads it.
inline Outcome swx_words(const WifiHssOptions& options, const std::vector<std::string>& more = {}) {
  WifiHss hss(options);
  const CardSpec card = spec_with(CardFault::kNone);
  std::vector<std::string> arguments{"swx",
                                     "--hss",
                                     "127.0.0.1:" + std::to_string(hss.port()),
                                     "--imsi",
                                     "001010000000001",
                                     "--k",
                                     to_hex(card.keys.k.reveal()),
                                     "--op",
                                     to_hex(card.op->reveal())};
  arguments.insert(arguments.end(), more.begin(), more.end());
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.code = run(arguments, Environment{.in = in, .out = out, .err = err});
  outcome.out = out.str();
  outcome.err = err.str();
  outcome.requests = hss.requests();
  outcome.resynchronised = hss.resynchronised();
  return outcome;
}

/// With --json.
inline Outcome swx(const WifiHssOptions& options, std::vector<std::string> more = {}) {
  more.emplace_back("--json");
  return swx_words(options, more);
}

}  // namespace hss::lab
