// SPDX-License-Identifier: MIT
#include "tests/diameter/harness.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "diameter/dictionary.h"

namespace hss::diameter::test {
namespace {

constexpr std::uint32_t kSwx = 16777265;

std::vector<RawAvp> common_part(const char* session, const char* origin = kPeer, std::uint32_t application = 16777216) {
  return {text(263, session), group(260, {number(266, k3gpp), number(258, application)}),
          number(277, 1),     text(264, origin),
          text(296, kRealm),  text(283, kRealm)};
}

RawMessage request(std::uint32_t code, std::vector<RawAvp> avps, std::uint32_t application = 16777216) {
  RawMessage out;
  out.application = application;
  out.code = code;
  out.avps = std::move(avps);
  return out;
}

}  // namespace

void CoreTest::SetUp() {
  level_ = fd_g_debug_lvl;
  fd_g_debug_lvl = FD_LOG_FATAL + 1;
  start();
}

void CoreTest::TearDown() { fd_g_debug_lvl = level_; }

void initialize_core() { fd::check(fd_core_initialize(), "initialise the library"); }

void read_configuration(const std::vector<std::string>& extensions) {
  const auto file =
      std::filesystem::temp_directory_path() / ("minihss-diameter-test-" + std::to_string(getpid()) + ".conf");
  std::ofstream out(file);
  out << "Identity = \"" << kHost << "\";\nRealm = \"" << kRealm << "\";\n"
      << "Port = 3868;\nSecPort = 0;\nNo_SCTP;\nNo_IPv6;\nNoRelay;\n";
  for (const std::string& extension : extensions) out << "LoadExtension = \"" << extension << "\";\n";
  out.close();
  const int error = fd_core_parseconf(file.c_str());
  std::filesystem::remove(file);
  fd::check(error, "read the configuration");
}

void start() {
  static const bool started = [] {
    initialize_core();
    read_configuration();
    define_dictionary();
    return true;
  }();
  static_cast<void>(started);
}

fd::MessagePtr parse_header(const RawMessage& message, const std::string& peer) {
  const std::string octets = message.octets();
  auto* buffer = static_cast<unsigned char*>(std::malloc(octets.size()));
  std::memcpy(buffer, octets.data(), octets.size());
  msg* parsed = nullptr;
  if (const int error = fd_msg_parse_buffer(&buffer, octets.size(), &parsed)) {
    std::free(buffer);
    fd::check(error, "parse a buffer");
  }
  fd::MessagePtr out(parsed);
  fd::check(fd_msg_source_set(parsed, const_cast<char*>(peer.data()), peer.size()), "set the source");
  return out;
}

fd::MessagePtr parse(const RawMessage& message, const std::string& peer) {
  fd::MessagePtr out = parse_header(message, peer);
  fd_pei error{};
  fd::check(fd_msg_parse_rules(out.get(), fd_g_config->cnf_dict, &error), "parse with the dictionary");
  return out;
}

RawMessage encoded_only(msg* message) {
  unsigned char* buffer = nullptr;
  std::size_t size = 0;
  fd::check(fd_msg_bufferize(message, &buffer, &size), "encode a message");
  const std::string octets(reinterpret_cast<const char*>(buffer), size);
  std::free(buffer);
  return RawMessage::from(octets);
}

RawMessage encoded(msg* message) {
  RawMessage out = encoded_only(message);
  static_cast<void>(parse(out));
  return out;
}

RawMessage user_authorization_request() {
  auto avps = common_part("icscf.example.org;1;1");
  avps.push_back(text(1, "alice@example.org"));
  avps.push_back(text(601, "sip:alice@example.org", k3gpp));
  avps.push_back(text(600, "example.org", k3gpp));
  return request(300, std::move(avps));
}

RawMessage multimedia_auth_request() {
  auto avps = common_part("scscf.example.org;1;2");
  avps.push_back(text(1, "alice@example.org"));
  avps.push_back(text(601, "sip:alice@example.org", k3gpp));
  avps.push_back(group(612, {text(608, "Digest-AKAv1-MD5", k3gpp)}, k3gpp));
  avps.push_back(number(607, 1, k3gpp));
  avps.push_back(text(602, "sip:scscf.example.org:6060", k3gpp));
  return request(303, std::move(avps));
}

RawMessage server_assignment_request() {
  auto avps = common_part("scscf.example.org;1;3");
  avps.push_back(text(1, "alice@example.org"));
  avps.push_back(text(601, "sip:alice@example.org", k3gpp));
  avps.push_back(text(602, "sip:scscf.example.org:6060", k3gpp));
  avps.push_back(number(614, 1, k3gpp));
  avps.push_back(number(624, 0, k3gpp));
  return request(301, std::move(avps));
}

RawMessage location_info_request() {
  auto avps = common_part("icscf.example.org;1;4");
  avps.push_back(text(601, "sip:alice@example.org", k3gpp));
  return request(302, std::move(avps));
}

RawMessage swx_multimedia_auth_request() {
  auto avps = common_part("aaa.example.org;1;1", kAaa, kSwx);
  avps.push_back(text(1, kImsi));
  avps.push_back(group(612, {text(608, "EAP-AKA", k3gpp)}, k3gpp));
  avps.push_back(number(607, 1, k3gpp));
  return request(303, std::move(avps), kSwx);
}

RawMessage swx_server_assignment_request() {
  auto avps = common_part("aaa.example.org;1;2", kAaa, kSwx);
  avps.push_back(text(1, kImsi));
  avps.push_back(number(614, 1, k3gpp));
  return request(301, std::move(avps), kSwx);
}

RawMessage with(RawMessage message, RawAvp avp) {
  message.avps.push_back(std::move(avp));
  return message;
}

RawMessage without(RawMessage message, std::uint32_t code, std::uint32_t vendor) {
  std::erase_if(message.avps, [&](const RawAvp& avp) { return avp.code == code && avp.vendor == vendor; });
  return message;
}

RawMessage replaced(RawMessage message, RawAvp avp) {
  for (RawAvp& one : message.avps) {
    if (one.code == avp.code && one.vendor == avp.vendor) {
      one = std::move(avp);
      return message;
    }
  }
  throw std::logic_error("nothing to replace");
}

RawAvp supported_features(std::uint32_t features, std::uint8_t flags, std::uint32_t list) {
  return with_flags(group(628,
                          {number(266, k3gpp), with_flags(number(629, list, k3gpp), 0x80),
                           with_flags(number(630, features, k3gpp), 0x80)},
                          k3gpp),
                    flags);
}

fd::MessagePtr finished(Answer& answer, fd::MessagePtr request) {
  return FinishedAnswer{answer.take(), std::move(request), {}}.message();
}

const Outlet& Recorder::outlet() {
  made.send = [this](FinishedAnswer answer) {
    if (send_error != 0) return send_error;
    sent.push_back(encoded(std::move(answer).message().get()));
    return 0;
  };
  made.record = [this](const log::TransactionRecord& record) {
    lines.push_back({std::string(record.command), std::string(record.peer), std::string(record.origin_host),
                     std::string(record.session_id), std::string(record.private_identity),
                     std::string(record.public_identity), std::string(record.server_name), std::string(record.detail),
                     std::string(record.remark), record.public_identities, record.result.value()});
  };
  return made;
}

}  // namespace hss::diameter::test
