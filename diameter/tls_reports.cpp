// SPDX-License-Identifier: MIT
#include "diameter/tls_reports.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hss::diameter {
namespace {

struct Row {
  std::string_view line;  // its beginning, in libfdcore/cnxctx.c
  std::string_view cause;
};

constexpr std::array<Row, 5> kCertificate{{
    {" - The certificate has expired.", "its certificate has expired"},
    {" - The certificate is not yet activated.", "its certificate is not valid yet"},
    {" - The certificate hasn't got a known issuer.", "its certificate is not of an authority that TLS_CA names"},
    {" - The certificate has been revoked.", "its certificate has been revoked"},
    {"\t - The certificate hostname does not match", "its certificate is for another name"},
}};

/// GnuTLS's words for what ends a handshake.
constexpr std::array<Row, 7> kHandshake{{
    {"Certificate is required.", "it shows no certificate"},
    {"No certificate was found.", "it shows no certificate"},
    {"An unexpected TLS packet was received.", "it does not speak TLS, which this port is for"},
    {"A TLS fatal alert has been received.", "it ended the TLS handshake: it may not trust this server's certificate"},
    {"Decryption has failed.",  // the same alert from OpenSSL
     "it ended the TLS handshake: it may not trust this server's certificate"},
    {"The TLS connection was non-properly terminated.", "it ended during the TLS handshake"},
    {"Resource temporarily unavailable, try again.", "it ended during the TLS handshake"},
}};

/// What is said of each connection over TLS that ends, and after what was told already.
constexpr std::array<std::string_view, 5> kEnds{
    "TLS ERROR: in 'ret = gnutls_record_recv", "Fatal GNUTLS error: ", "ERROR: in '(fd_tls_rcvthr_core(",
    "ERROR: in '(fd_cnx_receive(c, ",          "ERROR: in 'ret' :",
};

constexpr std::string_view kHead = "TLS: Remote certificate invalid on socket ";
constexpr std::string_view kFailed = "TLS ERROR: in 'ret = gnutls_handshake(";

std::string& cause() {
  thread_local std::string text;
  return text;
}

template <std::size_t n>
std::string_view cause_in(const std::array<Row, n>& rows, std::string_view line) {
  const auto* const row =
      std::find_if(rows.begin(), rows.end(), [line](const Row& each) { return line.starts_with(each.line); });
  return row == rows.end() ? std::string_view() : row->cause;
}

}  // namespace

bool take_tls_report(std::string_view line) {
  if (line.starts_with(kHead)) {
    cause().clear();
    return true;
  }
  if (const std::string_view found = cause_in(kCertificate, line); !found.empty()) {
    cause() += (cause().empty() ? "" : ", and ") + std::string(found);
    return true;
  }
  if (line.starts_with(kFailed)) {
    if (!cause().empty()) return true;  // the certificate
    const std::string_view words = line.substr(line.find_last_of('\t') + 1);
    const std::string_view found = cause_in(kHandshake, words);
    cause() = found.empty() ? "TLS: " + std::string(words) : std::string(found);
    return true;
  }
  return std::any_of(kEnds.begin(), kEnds.end(), [line](std::string_view end) { return line.starts_with(end); });
}

std::string take_tls_cause() { return std::exchange(cause(), {}); }

}  // namespace hss::diameter
