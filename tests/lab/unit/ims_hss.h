// An HSS on a loopback port that serves Cx of one user, and is wrong in the ways that are asked for; and one run of
// hsslab against it.
// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hss/aka.h"
#include "tests/lab/message.h"
#include "tests/lab/unit/load_responder.h"

namespace hss::lab {

struct ImsHssOptions {
  std::uint64_t seq = 100;  // SEQ_HE; the first vector has the one after it
  unsigned ind = 3;
  Octets<2> amf{0x80, 0x00};
  bool cyclic_ind = false;               // each vector has the next IND
  bool keeps_seq = false;                // takes an AUTS and does not move
  bool wrong_xres = false;               // another RES than that of the card
  std::optional<std::uint32_t> items{};  // vectors to answer; absent: as the MAR says
  ResultOf uar{kVendor3gpp, 2001};
  std::string assigned{};  // Server-Name of UAA; empty: Server-Capabilities name one
  ResultOf mar{0, 2001};
  ResultOf sar{0, 2001};
  ResultOf lir{0, 2001};
  std::string located{};                // Server-Name of LIA; empty: that of the SAR
  std::string profile{};                // empty: one identity, and the one of the IMSI barred
  std::vector<std::uint32_t> pushes{};  // commands, sent after the first SAA
  bool hangs_up = false;                // at the first MAR
};

struct FlowOutcome {
  int code = -1;
  std::string out;
  std::string err;
  std::vector<Message> requests;    // of Cx, as they came
  std::vector<Message> answers;     // to RTR and PPR
  std::vector<Sqn> resynchronised;  // SQN_MS of each AUTS whose MAC-S was right

  /// "UE: ...", "S-CSCF -> HSS: MAR", "UE! MAC failure" of each event of --json.
  [[nodiscard]] std::vector<std::string> steps() const;
  /// Server-Assignment-Type of the SARs.
  [[nodiscard]] std::vector<std::uint32_t> assignments() const;
  [[nodiscard]] std::size_t count(std::uint32_t command) const;
};

enum class Shown : std::uint8_t { kJson, kLadder };
/// hsslab `arguments`, for the card of card_fixture.h. steps() needs JSON.
FlowOutcome play_flow(const ImsHssOptions& options, std::vector<std::string> arguments, Shown shown = Shown::kJson);

}  // namespace hss::lab
