// Diameter messages as octets: what the guard lets pass is parsed by freeDiameter without an end of it; what that takes
// is decoded and run against a store in memory; and every request gets exactly one answer, that freeDiameter takes.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "diameter/applications.h"
#include "diameter/busy_answer.h"
#include "diameter/command_table.h"
#include "diameter/completion.h"
#include "diameter/core_traps.h"
#include "diameter/cx/location_info.h"
#include "diameter/cx/multimedia_auth.h"
#include "diameter/cx/server_assignment.h"
#include "diameter/cx/user_authorization.h"
#include "diameter/log.h"
#include "diameter/push_parts.h"
#include "diameter/swx/multimedia_auth.h"
#include "diameter/swx/server_assignment.h"
#include "diameter/wire_guard.h"
#include "hss/utf8.h"
#include "tests/diameter/harness.h"
#include "tests/fuzz/target.h"
#include "tests/support/memory_repository.h"

// There with a sanitizer that looks for leaks.
extern "C" {
[[gnu::weak]] void __lsan_disable();
[[gnu::weak]] void __lsan_enable();
}

namespace hss::fuzz {
namespace {

using namespace diameter;
using namespace diameter::test;

constexpr char kImpi[] = "alice@example.org";
constexpr char kImpu[] = "sip:alice@example.org";

/// Those whom the harness's good requests are about.
hss::test::MemoryRepository store() {
  PublicIdentity identity;
  identity.id = identity.implicit_set = 1;
  identity.impu = kImpu;
  identity.service_profile = std::make_shared<const ServiceProfile>();
  auto subscription = std::make_shared<Subscription>();
  subscription->id = 1;
  subscription->imsi = kImsi;
  subscription->usim = 1;
  subscription->private_identities = {{1, kImpi, AuthScheme::kDigestAkaV1Md5, 1}};
  subscription->public_identities = {std::move(identity)};
  subscription->associations = {{1, 1}};
  Non3gppSubscription access;
  access.apns.emplace_back().configuration.name = "ims";
  KeySet keys;
  keys.id = 1;
  keys.k = Secret<16>(Octets<16>{1});
  keys.opc = Secret<16>(Octets<16>{2});
  hss::test::MemoryRepository out;
  out.add(std::move(subscription));
  out.add(1, access);
  out.add(keys);
  return out;
}

void check_text(std::string_view text, std::size_t room) {
  require(text.size() <= room, "no text is longer than its message");
  require(is_utf8(text) && text.find('\0') == std::string_view::npos, "a decoded text is UTF-8 without NUL");
}

/// What a decoder gives its procedure, by its sizes. SWx and Cx name the members alike.
template <class Request>
void check_request(const Request& request, std::size_t room) {
  check_text(request.origin.host, room);
  check_text(request.origin.realm, room);
  require(!request.origin.host.empty() && !request.origin.realm.empty(), "there is an origin");
  if constexpr (requires { std::string_view(request.user_name); }) check_text(request.user_name, room);
  if constexpr (requires { request.user_name->size(); }) check_text(request.user_name.value_or(""), room);
  if constexpr (requires { request.public_identity.size(); }) check_text(request.public_identity, room);
  if constexpr (requires { request.scheme.size(); }) check_text(request.scheme, room);
  if constexpr (requires { request.sip_authorization->size(); }) {
    require(!request.sip_authorization || request.sip_authorization->size() <= room, "no octets but those that came");
  }
  if constexpr (requires { request.public_identities.size(); }) {
    require(request.public_identities.size() * 12 <= room, "as many identities as there is room for");
    for (const std::string& identity : request.public_identities) check_text(identity, room);
  }
  if constexpr (requires { request.restoration_info->size(); }) {
    require(!request.restoration_info || request.restoration_info->size() <= room, "no more than what came");
  }
}

template <const auto& kCommand>
void check_decoder(msg* message, std::uint32_t application, std::uint32_t code, std::size_t room) {
  if (kCommand.application != application || kCommand.code != code) return;
  const auto decoded = diameter::decode(kCommand, message);
  if (decoded.index() == 0) check_request(std::get<0>(decoded), room);
}

void check_answer(const RawMessage& answer, const msg_hdr& request) {
  require((answer.flags & 0x80U) == 0 && answer.code == request.msg_code, "an answer has its request's code");
  require(answer.hop_by_hop == request.msg_hbhid && answer.end_to_end == request.msg_eteid, "and its identifiers");
  require(answer.all(268).size() + answer.all(297).size() == 1, "an answer has one result");
  require(answer.all(264).size() == 1 && answer.all(296).size() == 1, "an answer has one origin");
}

/// The request is decoded, run and answered.
void serve(fd::MessagePtr message, const CommandEntry& command) {
  static const LiveSettings kSettings{Settings{}};
  hss::test::CountingRandom random;
  hss::test::MemoryRepository repository = store();
  const msg_hdr header = fd::header(message.get());
  Recorder recorder;
  FakeQueue queue;
  const auto& outlet = recorder.outlet();
  const fd::MessagePtr refusal = take_request(std::move(message), command, {queue, kSettings, random}, outlet);
  require((refusal == nullptr) == (queue.waiting.size() == 1), "a request is refused or it waits");
  if (refusal != nullptr) {
    check_answer(encoded(refusal.get()), header);
  } else {
    hss::Transaction& waiting = *queue.waiting.front();
    repository.transact([&] { waiting.run(repository); });
    waiting.committed();
    require(recorder.sent.size() == 1, "a request gets one answer");
    check_answer(recorder.sent.front(), header);
  }
  require(recorder.lines.size() == 1, "a request gets one line in the log");
}

fd::MessagePtr parse_octets(std::string_view octets) {
  auto* buffer = static_cast<unsigned char*>(std::malloc(octets.size()));
  std::memcpy(buffer, octets.data(), octets.size());
  msg* parsed = nullptr;
  if (fd_msg_parse_buffer(&buffer, octets.size(), &parsed) != 0) {
    std::free(buffer);
    return nullptr;
  }
  fd::MessagePtr message(parsed);
  fd::check(fd_msg_source_set(parsed, const_cast<char*>(kPeer), std::strlen(kPeer)), "set the source");
  return message;
}

/// What is answered by its octets alone when too much comes.
void check_busy_answer(std::span<const std::uint8_t> frame) {
  static const BusyAnswers kAnswers{std::string(fd::own_host()), std::string(fd::own_realm()), commands(), Settings{}};
  std::vector<std::uint8_t> out;
  if (!kAnswers.append(frame, out)) {
    require(out.empty(), "what is not answered leaves nothing behind");
    return;
  }
  require(inspect(out).refusal.empty(), "an answer made of octets is a list of AVPs");
  const fd::MessagePtr answer = parse_octets({reinterpret_cast<const char*>(out.data()), out.size()});
  require(answer != nullptr, "freeDiameter reads an answer made of octets");
  const msg_hdr& header = fd::header(answer.get());
  require((header.msg_flags & CMD_FLAG_REQUEST) == 0 && header.msg_length == out.size(), "and it is an answer");
  require(std::equal(out.begin() + 4, out.begin() + 20, frame.begin() + 4,
                     [at = 0](std::uint8_t ours, std::uint8_t theirs) mutable { return at++ == 0 || ours == theirs; }),
          "an answer has its request's code, application and identifiers");
}

/// freeDiameter loses the AVP with which it explains what a bad answer lacks.
class LeaksOfOthers {
 public:
  explicit LeaksOfOthers(msg* message) : off_((fd::header(message).msg_flags & CMD_FLAG_REQUEST) == 0) {
    if (off_ && __lsan_disable != nullptr) __lsan_disable();
  }
  ~LeaksOfOthers() {
    if (off_ && __lsan_enable != nullptr) __lsan_enable();
  }
  LeaksOfOthers(const LeaksOfOthers&) = delete;
  LeaksOfOthers& operator=(const LeaksOfOthers&) = delete;

 private:
  bool off_;
};

/// As freeDiameter's dispatch does it, with what the hooks do to the answer; null when it refuses the message.
fd::MessagePtr accepted(fd::MessagePtr message) {
  msg* parsed = message.release();
  msg* error = nullptr;
  const int refused = [&] {
    const LeaksOfOthers allowed(parsed);
    return fd_msg_parse_or_error(&parsed, &error);
  }();
  message.reset(parsed);
  if (refused == 0) return message;
  // The answer to a bad request; a bad answer that brings an error is the same message.
  fd::MessagePtr answer(error == parsed ? nullptr : error);
  if (answer == nullptr) return nullptr;
  complete_answer(answer.get());
  static_cast<void>(encoded_only(answer.get()));
  return nullptr;
}

bool run(std::string_view input) {
  static const Hooks* const kHooks = [] {  // stays
    fd_g_debug_lvl = FD_LOG_FATAL + 1;
    diameter::log::start("off");
    start();
    return new Hooks;
  }();
  static_cast<void>(kHooks);
  std::string frame(input);
  for (std::size_t i = 0; frame.size() >= 20 && i < 3; ++i) {  // freeDiameter reads as much as the header says
    frame[i + 1] = static_cast<char>(frame.size() >> (16 - 8 * i));
  }
  const std::span octets(reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size());
  if (!inspect(octets).refusal.empty()) return false;
  check_busy_answer(octets);
  fd::MessagePtr message = parse_octets(frame);
  if (message == nullptr) return false;
  const msg_hdr& header = fd::header(message.get());
  const bool request = (header.msg_flags & CMD_FLAG_REQUEST) != 0;
  if (request) static_cast<void>(refusal_of(message.get(), kPeer, "DIAMETER_UNABLE_TO_DELIVER", "nobody is there"));
  if (request && find_application(header.msg_appl) == nullptr) return false;  // routing refuses it
  message = accepted(std::move(message));
  if (message == nullptr) return false;
  if (!request) {
    const hss::PushAnswer answer = read_answer(message.get());
    require(answer.result.has_value() == answer.trouble.empty(), "an answer has a result, or what is wrong with it");
    return true;
  }
  const std::uint32_t application = fd::header(message.get()).msg_appl;
  const std::uint32_t code = fd::header(message.get()).msg_code;
  check_decoder<diameter::cx::kUserAuthorization>(message.get(), application, code, frame.size());
  check_decoder<diameter::cx::kServerAssignment>(message.get(), application, code, frame.size());
  check_decoder<diameter::cx::kLocationInfo>(message.get(), application, code, frame.size());
  check_decoder<diameter::cx::kMultimediaAuth>(message.get(), application, code, frame.size());
  check_decoder<diameter::swx::kMultimediaAuth>(message.get(), application, code, frame.size());
  check_decoder<diameter::swx::kServerAssignment>(message.get(), application, code, frame.size());
  const auto rows = commands();
  const auto command = std::ranges::find_if(
      rows, [&](const CommandEntry& row) { return row.application == application && row.code == code; });
  if (command == rows.end()) return false;
  serve(std::move(message), *command);
  return true;
}

std::vector<std::string> seeds() {
  std::vector<RawMessage> good{user_authorization_request(),  multimedia_auth_request(),
                               server_assignment_request(),   location_info_request(),
                               swx_multimedia_auth_request(), swx_server_assignment_request()};
  good.push_back(with(good[2], group(639, {text(1, kImpi), group(649, {text(641, "sip:p@q", k3gpp)}, k3gpp)}, k3gpp)));
  good.push_back(replaced(
      good[1], group(612, {text(608, "Digest-AKAv1-MD5", k3gpp), text(610, std::string(30, 'x'), k3gpp)}, k3gpp)));
  good.push_back(with(with(good[3], supported_features(1, 0x80)), group(284, {text(280, "p"), text(33, "s")})));
  good.push_back(with(with(good[5], text(493, "ims")), group(486, {text(334, std::string("\0\1\1\2\3\4", 6))})));
  RawMessage answer = good[0];  // to an RTR
  answer.flags = 0x40;
  answer.code = 304;
  answer.avps = {text(263, "hss.example.org;1;1"),
                 group(260, {number(266, k3gpp), number(258, 16777216)}),
                 number(268, 2001),
                 number(277, 1),
                 text(264, kPeer),
                 text(296, kRealm),
                 with_flags(group(651, {text(1, kImpi), text(601, kImpu, k3gpp)}, k3gpp), 0x80)};
  good.push_back(answer);
  std::vector<std::string> out;
  for (const RawMessage& message : good) out.push_back(message.octets());
  return out;
}

const Registration kTarget({"message", seeds, run});

}  // namespace
}  // namespace hss::fuzz
