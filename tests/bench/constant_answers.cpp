// SPDX-License-Identifier: MIT
#include "tests/bench/constant_answers.h"

namespace hss::bench {
namespace {

std::string unsigned32(std::uint32_t value) {
  std::string octets(4, '\0');
  for (std::size_t i = 4; i > 0; --i, value >>= 8U) octets[i - 1] = static_cast<char>(value & 0xffU);
  return octets;
}

ConstantAvp success() { return {268, 0, unsigned32(2001)}; }

/// DIAMETER_SUBSEQUENT_REGISTRATION, TS 29.229 6.2.1.2.
ConstantAvp subsequent_registration() {
  return {297, 0, {}, {{266, 0, unsigned32(kVendor3gpp)}, {298, 0, unsigned32(2002)}}};
}

ConstantAvp server_name() { return {602, kVendor3gpp, "sip:scscf.ims.mnc001.mcc001.3gppnetwork.org:6060"}; }

/// One vector of Digest-AKAv1-MD5, TS 29.229 6.3.13.
ConstantAvp auth_data_item() {
  return {612,
          kVendor3gpp,
          {},
          {{613, kVendor3gpp, unsigned32(1)},
           {608, kVendor3gpp, "Digest-AKAv1-MD5"},
           {609, kVendor3gpp, std::string(32, 'n')},
           {610, kVendor3gpp, std::string(8, 'x')},
           {625, kVendor3gpp, std::string(16, 'c')},
           {626, kVendor3gpp, std::string(16, 'i')}}};
}

/// As long as what the HSS sends for a subscriber with the default profile.
ConstantAvp user_data() {
  return {606, kVendor3gpp,
          R"(<?xml version="1.0" encoding="UTF-8"?><IMSSubscription>)"
          R"(<PrivateID>001010000000001@ims.mnc001.mcc001.3gppnetwork.org</PrivateID><ServiceProfile><PublicIdentity>)"
          R"(<Identity>sip:+155500000001@ims.mnc001.mcc001.3gppnetwork.org</Identity><Extension>)"
          R"(<IdentityType>0</IdentityType></Extension></PublicIdentity><PublicIdentity>)"
          R"(<BarringIndication>1</BarringIndication><Identity>)"
          R"(sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org</Identity><Extension>)"
          R"(<IdentityType>0</IdentityType></Extension></PublicIdentity><PublicIdentity>)"
          R"(<Identity>tel:+155500000001</Identity><Extension><IdentityType>0</IdentityType></Extension>)"
          R"(</PublicIdentity></ServiceProfile></IMSSubscription>)"};
}

}  // namespace

const std::vector<ConstantAnswer>& constant_answers() {
  static const std::vector<ConstantAnswer> answers{
      {.command = 300, .content = {subsequent_registration(), server_name()}},
      {.command = 301, .user_name = true, .content = {success(), user_data()}},
      {.command = 302, .content = {success(), server_name()}},
      {.command = 303,
       .user_name = true,
       .public_identity = true,
       .content = {success(), {607, kVendor3gpp, unsigned32(1)}, auth_data_item()}}};
  return answers;
}

const std::vector<ConstantAvp>& common_content() {
  static const std::vector<ConstantAvp> content{
      {260, 0, {}, {{266, 0, unsigned32(kVendor3gpp)}, {258, 0, unsigned32(kCx)}}}, {277, 0, unsigned32(1)}};
  return content;
}

const std::vector<DefinedAvp>& defined_avps() {
  using Type = DefinedAvp::Type;
  static const std::vector<DefinedAvp> avps{{600, "Visited-Network-Identifier"},
                                            {601, "Public-Identity"},
                                            {602, "Server-Name"},
                                            {606, "User-Data"},
                                            {607, "SIP-Number-Auth-Items", Type::kUnsigned32},
                                            {608, "SIP-Authentication-Scheme"},
                                            {609, "SIP-Authenticate"},
                                            {610, "SIP-Authorization"},
                                            {612, "SIP-Auth-Data-Item", Type::kGrouped},
                                            {613, "SIP-Item-Number", Type::kUnsigned32},
                                            {614, "Server-Assignment-Type", Type::kUnsigned32},
                                            {624, "User-Data-Already-Available", Type::kUnsigned32},
                                            {625, "Confidentiality-Key"},
                                            {626, "Integrity-Key"}};
  return avps;
}

}  // namespace hss::bench
