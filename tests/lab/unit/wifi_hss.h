// An HSS on a loopback port that serves SWx of one user, and is wrong in the ways that are asked for.
// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hss/aka.h"
#include "tests/lab/cx_client.h"
#include "tests/lab/message.h"

namespace hss::lab {

struct WifiHssOptions {
  KeySet keys{};  // with the AMF that its vectors get
  std::uint64_t seq = 0;
  std::string anid{};               // that CK' and IK' are made for; empty: as the MAR says
  bool plain_keys = false;          // CK and IK where CK' and IK' belong
  bool keys_swapped = false;        // CK' and IK' in each other's place
  bool wrong_xres = false;          // another RES than that of the card
  bool keeps_seq = false;           // takes an AUTS and does not move
  std::string scheme{};             // of the vectors; empty: as the MAR says
  std::optional<unsigned> items{};  // vectors to answer; absent: as the MAR says
  ResultOf mar{0, 2001};
  ResultOf resynchronisation{0, 2001};
  ResultOf registration{0, 2001};
  ResultOf deregistration{0, 2001};
  std::string aaa_server{};                // 3GPP-AAA-Server-Name of MAA
  bool profile = true;                     // Non-3GPP-User-Data in SAA
  std::vector<Avp> more_of_the_profile{};  // its further members
  bool hangs_up = false;                   // at the first MAR
};

class WifiHss {
 public:
  explicit WifiHss(WifiHssOptions options);
  ~WifiHss();
  WifiHss(const WifiHss&) = delete;
  WifiHss& operator=(const WifiHss&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// MARs and SARs as they came, once the client is gone.
  [[nodiscard]] std::vector<Message> requests();
  /// SQN_MS of each AUTS whose MAC-S was right.
  [[nodiscard]] std::vector<Sqn> resynchronised();

 private:
  void serve();
  void serve_connection(int descriptor);
  /// nullopt: hang up.
  std::optional<Message> answer(const Message& request);
  std::vector<Avp> multimedia_auth(const Message& request);
  [[nodiscard]] std::vector<Avp> server_assignment(const Message& request) const;
  Avp vector_item(std::uint32_t number, const std::string& scheme, const std::string& anid);

  WifiHssOptions options_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::uint8_t rands_ = 0;
  std::mutex mutex_;
  std::vector<Message> requests_;
  std::vector<Sqn> resynchronised_;
  std::thread thread_;
};

/// AVPs of Non-3GPP-User-Data.
inline constexpr AvpId kNon3gppIpAccess{1501, kVendor3gpp};

}  // namespace hss::lab
