// SPDX-License-Identifier: MIT
#include "tests/lab/unit/wifi_hss.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "hss/eap_aka_prime.h"
#include "hss/sqn.h"

namespace hss::lab {
namespace {

constexpr AvpId kNon3gppIpAccessApn{1502, kVendor3gpp};
constexpr AvpId kContextIdentifier{1423, kVendor3gpp};
constexpr AvpId kApnConfiguration{1430, kVendor3gpp};
constexpr AvpId kPdnType{1456, kVendor3gpp};
constexpr std::uint32_t kUserDeregistration = 5;
constexpr std::uint32_t kRegistration = 1;
constexpr unsigned kInd = 16;

bool read_all(int descriptor, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::recv(descriptor, out.data(), out.size(), 0);
    if (got <= 0) return false;
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

Avp result_avp(const ResultOf& result) {
  if (result.vendor == 0) return number_avp(avp::kResultCode, result.code);
  return group_avp(avp::kExperimentalResult,
                   {number_avp(avp::kVendorId, result.vendor), number_avp(avp::kExperimentalResultCode, result.code)});
}

}  // namespace

WifiHss::WifiHss(WifiHssOptions options) : options_(std::move(options)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);  // NOLINT(*-reinterpret-cast)
  if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 4) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no listening socket");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

WifiHss::~WifiHss() {
  ::shutdown(listener_, SHUT_RDWR);  // accept() returns
  thread_.join();
  ::close(listener_);
}

std::vector<Message> WifiHss::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<Sqn> WifiHss::resynchronised() {
  const std::lock_guard lock(mutex_);
  return resynchronised_;
}

void WifiHss::serve() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    serve_connection(descriptor);
    ::close(descriptor);
  }
}

void WifiHss::serve_connection(int descriptor) {
  Bytes octets(4);
  while (read_all(descriptor, octets)) {
    const auto length = announced_length(octets);
    if (!length) return;
    octets.resize(*length);
    if (!read_all(descriptor, std::span(octets).subspan(4))) return;
    const auto request = parse(octets);
    octets.resize(4);
    if (!std::holds_alternative<Message>(request)) return;
    const auto reply = answer(std::get<Message>(request));
    if (!reply) return;
    const Bytes out = encode(*reply);
    if (::send(descriptor, out.data(), out.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(out.size())) return;
  }
}

std::optional<Message> WifiHss::answer(const Message& request) {
  Message out = request;
  out.request = false;
  out.avps.clear();
  if (const Avp* const session = request.find(avp::kSessionId)) out.avps.push_back(*session);
  if (request.application == 0) {
    out.avps.push_back(result_avp({0, 2001}));
  } else {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (options_.hangs_up) return std::nullopt;
    const bool is_mar = request.command == command::kMultimediaAuth;
    std::ranges::move(is_mar ? multimedia_auth(request) : server_assignment(request), std::back_inserter(out.avps));
  }
  out.avps.push_back(text_avp(avp::kOriginHost, "hss.example"));
  out.avps.push_back(text_avp(avp::kOriginRealm, "example"));
  return out;
}

std::vector<Avp> WifiHss::multimedia_auth(const Message& request) {
  const auto item = request.find(avp::kSipAuthDataItem)->members().value();
  if (const Avp* const token = find(item, avp::kSipAuthorization)) {
    Octets<16> rand{};
    Octets<14> auts{};
    std::copy_n(token->data.begin(), rand.size(), rand.begin());
    std::copy_n(token->data.begin() + 16, auts.size(), auts.begin());
    const auto sqn_ms = open_auts(options_.keys, rand, auts);
    if (!sqn_ms || options_.resynchronisation != ResultOf{0, 2001}) {
      return {result_avp(sqn_ms ? options_.resynchronisation : ResultOf{0, 5012})};
    }
    resynchronised_.push_back(*sqn_ms);
    if (!options_.keeps_seq) options_.seq = seq_of(*sqn_ms, options_.keys.ind_bits);
  }
  std::vector<Avp> out{result_avp(options_.mar)};
  if (!options_.aaa_server.empty()) out.push_back(text_avp(avp::kAaaServerName, options_.aaa_server));
  if (options_.mar != ResultOf{0, 2001}) return out;
  const Avp* const anid = request.find(avp::kAnid);
  const std::uint32_t asked = request.find(avp::kSipNumberAuthItems)->number().value();
  for (std::uint32_t i = 0; i < options_.items.value_or(asked); ++i) {
    out.push_back(vector_item(i + 1, find(item, avp::kSipAuthenticationScheme)->text(),
                              anid != nullptr ? anid->text() : std::string()));
  }
  return out;
}

Avp WifiHss::vector_item(std::uint32_t number, const std::string& scheme, const std::string& anid) {
  const Octets<16> rand{0x52, ++rands_};
  const AkaVector vector = make_vector(options_.keys, join_sqn(++options_.seq, kInd, options_.keys.ind_bits), rand);
  Bytes authenticate(rand.begin(), rand.end());
  authenticate.insert(authenticate.end(), vector.autn.begin(), vector.autn.end());
  Bytes xres(vector.xres.reveal().begin(), vector.xres.reveal().end());
  if (options_.wrong_xres) xres.back() ^= 1U;
  Secret<16> ck = vector.ck;
  Secret<16> ik = vector.ik;
  if (scheme == "EAP-AKA'" && !options_.plain_keys) {
    const auto bound = eap_aka_prime::derive_keys(ck, ik, options_.anid.empty() ? anid : options_.anid, vector.autn);
    ck = bound.ck_prime;
    ik = bound.ik_prime;
  }
  if (options_.keys_swapped) std::swap(ck, ik);
  return group_avp(avp::kSipAuthDataItem,
                   {number_avp(avp::kSipItemNumber, number),
                    text_avp(avp::kSipAuthenticationScheme, options_.scheme.empty() ? scheme : options_.scheme),
                    octets_avp(avp::kSipAuthenticate, authenticate), octets_avp(avp::kSipAuthorization, xres),
                    octets_avp(avp::kConfidentialityKey, ck.reveal()), octets_avp(avp::kIntegrityKey, ik.reveal())});
}

std::vector<Avp> WifiHss::server_assignment(const Message& request) const {
  const auto type = request.find(avp::kServerAssignmentType)->number();
  if (type == kUserDeregistration) return {result_avp(options_.deregistration)};
  if (type != kRegistration) return {result_avp({0, 2001})};
  std::vector<Avp> out{result_avp(options_.registration)};
  if (!options_.profile || options_.registration != ResultOf{0, 2001}) return out;
  std::vector<Avp> members = options_.more_of_the_profile;
  if (find(members, kNon3gppIpAccess) == nullptr) members.push_back(number_avp(kNon3gppIpAccess, 0));
  members.push_back(number_avp(kNon3gppIpAccessApn, 0));
  members.push_back(number_avp(kContextIdentifier, 1));
  members.push_back(group_avp(kApnConfiguration, {number_avp(kContextIdentifier, 1), number_avp(kPdnType, 2),
                                                  text_avp(avp::kServiceSelection, "ims")}));
  out.push_back(group_avp(avp::kNon3gppUserData, members));
  return out;
}

}  // namespace hss::lab
