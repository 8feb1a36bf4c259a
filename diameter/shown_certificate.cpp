// SPDX-License-Identifier: MIT
#include "diameter/shown_certificate.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <vector>

#include "diameter/cancellation.h"
#include "diameter/fd.h"

// Of libfdcore, exported and not in its public headers: what it has GnuTLS call at the end of a handshake.
extern "C" int fd_tls_verify_credentials_2(gnutls_session_t session);

namespace hss::diameter {
namespace {

/// freeDiameter's threads for newcomers have a port each, with TLS or without, and handle one connection at a time.
std::vector<unsigned char>& shown() {
  thread_local std::vector<unsigned char> certificate;
  return certificate;
}

int verify(gnutls_session_t session) {
  if (const int refused = fd_tls_verify_credentials_2(session); refused != 0) return refused;
  const NoCancellation guard;
  try {
    unsigned count = 0;
    const gnutls_datum_t* const chain = gnutls_certificate_get_peers(session, &count);
    if (chain == nullptr || count == 0) return GNUTLS_E_CERTIFICATE_ERROR;
    shown().assign(chain[0].data, chain[0].data + chain[0].size);
    return 0;
  } catch (...) {
    return GNUTLS_E_MEMORY_ERROR;
  }
}

}  // namespace

bool certificate_names(const gnutls_datum_t& certificate, std::string_view host) {
  const unsigned char* data = certificate.data;
  const std::unique_ptr<X509, decltype(&X509_free)> read(d2i_X509(nullptr, &data, static_cast<long>(certificate.size)),
                                                         &X509_free);
  return read != nullptr &&
         X509_check_host(read.get(), host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

void keep_shown_certificates() {
  gnutls_certificate_set_verify_function(fd_g_config->cnf_sec_data.credentials, &verify);
}

bool shown_certificate_names(std::string_view host) {
  if (shown().empty()) return true;
  return certificate_names({shown().data(), static_cast<unsigned>(shown().size())}, host);
}

}  // namespace hss::diameter
