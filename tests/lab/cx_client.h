// What I-CSCF and S-CSCF ask on Cx (TS 29.228 6.1.1, 6.1.2, 6.1.4, 6.3), and what they read from the answers.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hss/bytes.h"
#include "hss/secret.h"
#include "tests/lab/connection.h"

namespace hss::lab {

struct UserAuthorization {
  ResultOf result;
  std::string server_name;                // empty: none
  std::vector<std::string> server_names;  // of Server-Capabilities
};

/// A vector as the HSS answered it.
struct Vector {
  Octets<16> rand{};
  Octets<16> autn{};
  SecretOctets<32> xres;
  Secret<16> ck;
  Secret<16> ik;
  std::string scheme;
};

struct MultimediaAuth {
  ResultOf result;
  std::vector<Vector> vectors;
  std::string aaa_server;  // SWx: 3GPP-AAA-Server-Name, or Redirect-Host; empty: none
};

struct ServerAssignment {
  ResultOf result;
  std::string user_data;  // XML
};

struct LocationInfo {
  ResultOf result;
  std::string server_name;
};

/// Throws NetworkError for no answer, one without a result, and vectors that are not whole, with what is wrong in them.
UserAuthorization ask_uar(Connection& icscf, const std::string& impi, const std::string& impu,
                          const std::string& visited_network, std::optional<std::uint32_t> type,
                          std::chrono::milliseconds patience);
/// `sip_authorization`: RAND || AUTS of a resynchronisation.
MultimediaAuth ask_mar(Connection& scscf, const std::string& impi, const std::string& impu,
                       const std::string& server_name, const std::string& scheme, std::uint32_t items,
                       const std::optional<Bytes>& sip_authorization, std::chrono::milliseconds patience);
ServerAssignment ask_sar(Connection& scscf, const std::string& impi, const std::string& impu,
                         const std::string& server_name, std::uint32_t type, std::chrono::milliseconds patience);
LocationInfo ask_lir(Connection& icscf, const std::string& impu, std::chrono::milliseconds patience);

/// Reads vectors of a MAA, Cx or SWx. Throws NetworkError.
std::vector<Vector> vectors_of(const Message& answer);

/// SWx, TS 29.273 8.1.2.1, 8.1.2.2. `anid` empty: not sent.
MultimediaAuth ask_swx_mar(Connection& aaa, const std::string& user_name, const std::string& scheme,
                           std::uint32_t items, const std::string& anid, const std::optional<Bytes>& sip_authorization,
                           std::chrono::milliseconds patience);
struct SwxServerAssignment {
  ResultOf result;
  std::optional<Avp> user_data;  // Non-3GPP-User-Data
};
SwxServerAssignment ask_swx_sar(Connection& aaa, const std::string& user_name, std::uint32_t type,
                                std::vector<Avp> more, std::chrono::milliseconds patience);

}  // namespace hss::lab
