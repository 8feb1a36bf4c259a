// The certificate that a peer has shown in the TLS handshake, for the thread that reads its CER next. freeDiameter has
// verified it and gives it to nobody before the peer is admitted; a peer that its own configuration names (ConnectPeer)
// it admits with a certificate for any name.
// SPDX-License-Identifier: MIT
#pragma once

#include <gnutls/gnutls.h>

#include <string_view>

namespace hss::diameter {

constexpr std::string_view kOtherName = "its certificate is for another name: it needs one with this name (dNSName)";

/// Whether a certificate was made out to a Diameter identity (RFC 6733 13.1).
bool certificate_names(const gnutls_datum_t& certificate, std::string_view host);

/// From the extension's entry point: every handshake from here on is followed.
void keep_shown_certificates();
/// Of the latest handshake on this thread; true when there was none: the connection is without TLS.
bool shown_certificate_names(std::string_view host);

}  // namespace hss::diameter
