// Identities as TS 23.003 clause 13 defines them: how they are compared, and how they follow from an IMSI or an MSISDN.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hss {

/// The form under which a public identity (IMPU) is stored and found; nullopt when `text` is no sip:, sips: or tel:
/// URI.
/// - sip:, sips: scheme and host in lower case, user part as it is except that percent-escapes of unreserved characters
///   are decoded and the others written with upper-case digits; port, parameters and headers dropped (RFC 3261 19.1.4
///   in spirit: CSCFs add them, identities never differ by them).
///   A password is refused. An IPv6 host is written in its shortest form, a host name without final dot.
/// - tel: scheme in lower case, visual separators "-.()" and parameters dropped (RFC 3966 5.1.1). A local number (no
///   '+') must have a phone-context, which stays: "tel:7042;phone-context=example.com".
/// White space, control characters, angle brackets and an empty user or host are refused. A sip URI without a user part
/// is accepted (sip:example.com may be a PSI).
std::optional<std::string> canonical_public_identity(std::string_view text);

/// The form under which a private identity (IMPI, an NAI user@realm) is stored and found: realm in lower case, user
/// part as it is. nullopt when there is not exactly one '@', a part is empty, or it holds white space, control
/// characters or broken UTF-8.
std::optional<std::string> canonical_private_identity(std::string_view text);

/// True when both name the same server: SIP URIs compared by RFC 3261 19.1.4 (scheme and host without case, default
/// port 5060 or 5061 not the same as no port, parameters without order); anything else, and texts beyond
/// 2048 octets, as text.
bool same_server(std::string_view a, std::string_view b);

/// True for a SIP URI that can be sent as Server-Name.
bool is_sip_uri(std::string_view text);

/// True for a DiameterURI (RFC 6733 4.3.1): aaa://host or aaas://host, then :port, ;transport=tcp|sctp|udp and
/// ;protocol=diameter, each when it is there.
bool is_diameter_uri(std::string_view text);

/// Visited-Network-Identifier as it is compared: surrounding double quotes and white space dropped, lower case.
std::string canonical_network(std::string_view text);

/// 6 to 15 decimal digits (TS 23.003 2.2).
bool is_imsi(std::string_view text);
/// 5 to 15 decimal digits, no '+' (E.164 as TS 23.003 3.3 writes it).
bool is_msisdn(std::string_view text);

/// Number of MNC digits (2 or 3) of an IMSI: taken from `home_domain` when that is ims.mncNNN.mccNNN.3gppnetwork.org
/// and the IMSI lies in it, else 3 for the mobile country codes that use three digits, else 2.
int mnc_digits(std::string_view imsi, std::string_view home_domain);

/// ims.mncNNN.mccNNN.3gppnetwork.org of an IMSI, a two-digit MNC padded with a leading 0 (TS 23.003 13.2).
std::string home_domain_of(std::string_view imsi, int mnc_digits);

}  // namespace hss
