// What freeDiameter and GnuTLS write of a TLS connection that cannot be made, line by line as it comes, and the one
// cause that is made of it.
// SPDX-License-Identifier: MIT
#include "diameter/tls_reports.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace hss::diameter {
namespace {

const char* const kHead = "TLS: Remote certificate invalid on socket 12 (Remote: 'localhost')(Connection: '{---T}') :";

std::string handshake(const std::string& words) {
  return "TLS ERROR: in 'ret = gnutls_handshake(conn->cc_tls_para.session)' :\t" + words;
}

TEST(TlsReports, MakesOneCauseOfTheLinesOfARefusal) {
  struct Row {
    std::vector<std::string> lines;
    const char* cause;
  };
  const std::string failed = handshake("Error in the certificate.");
  const std::vector<Row> rows{
      {{kHead, " - The certificate has expired.", failed}, "its certificate has expired"},
      {{kHead, " - The certificate is not yet activated.", failed}, "its certificate is not valid yet"},
      {{kHead, " - The certificate hasn't got a known issuer.", failed},
       "its certificate is not of an authority that TLS_CA names"},
      {{kHead, " - The certificate hasn't got a known issuer.", " - The certificate has expired.", failed},
       "its certificate is not of an authority that TLS_CA names, and its certificate has expired"},
      {{kHead, failed}, "TLS: Error in the certificate."},
      {{handshake("Certificate is required.")}, "it shows no certificate"},
      {{handshake("An unexpected TLS packet was received.")}, "it does not speak TLS, which this port is for"},
      {{handshake("Decryption has failed.")}, "it ended the TLS handshake: it may not trust this server's certificate"},
      {{handshake("Something new.")}, "TLS: Something new."},
  };
  for (const Row& row : rows) {
    for (const std::string& line : row.lines) EXPECT_TRUE(take_tls_report(line)) << line;
    EXPECT_EQ(take_tls_cause(), row.cause);
    EXPECT_EQ(take_tls_cause(), "") << "it is told once";
  }
}

TEST(TlsReports, OfAnEndThereIsNoCause) {
  for (const char* line : {"TLS ERROR: in 'ret = gnutls_record_recv(session, data, sz)' :\tThe TLS connection was ...",
                           "Fatal GNUTLS error: The TLS connection was non-properly terminated.",
                           "ERROR: in '(fd_tls_rcvthr_core(conn, conn->cc_tls_para.session))' :\tNot connected"}) {
    EXPECT_TRUE(take_tls_report(line)) << line;
  }
  EXPECT_EQ(take_tls_cause(), "");
}

TEST(TlsReports, LeavesOtherLinesAlone) {
  for (const char* line : {"", "ERROR: in '(fd_core_start())' :\tProtocol not supported", " - ", "TLS"}) {
    EXPECT_FALSE(take_tls_report(line)) << line;
  }
}

TEST(TlsReports, KeepsThreadsApart) {
  EXPECT_TRUE(take_tls_report(handshake("Certificate is required.")));
  std::thread([] { EXPECT_EQ(take_tls_cause(), ""); }).join();
  EXPECT_EQ(take_tls_cause(), "it shows no certificate");
}

}  // namespace
}  // namespace hss::diameter
