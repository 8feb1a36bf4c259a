// Completion runs on the threads that send; it looks at every answer once and mostly finds nothing to do.
// SPDX-License-Identifier: MIT
#include "diameter/completion.h"

#include <optional>
#include <string>
#include <vector>

#include "diameter/answer.h"
#include "diameter/applications.h"
#include "diameter/avp_reader.h"
#include "diameter/avp_writer.h"
#include "diameter/cancellation.h"
#include "diameter/command_table.h"
#include "diameter/common_session.h"
#include "diameter/core_traps.h"
#include "diameter/dictionary.h"
#include "diameter/empty_members.h"
#include "diameter/late_answers.h"
#include "diameter/log.h"
#include "diameter/newcomers.h"
#include "diameter/overload.h"
#include "diameter/parts.h"
#include "diameter/plain_connections.h"
#include "diameter/received_frames.h"
#include "diameter/repeated_lines.h"
#include "diameter/short_way.h"

namespace hss::diameter {
namespace {

struct Present {
  avp* session_id = nullptr;
  avp* after_session_id = nullptr;  // or what opens the message when there is none
  avp* failed_avp = nullptr;        // the first
  bool application = false;
  bool session_state = false;
  bool origin_host = false;
  bool origin_realm = false;
  bool user_name = false;
  bool public_identity = false;
};

/// In one walk: most answers are whole, and this is all that is done for them.
Present look(msg* answer) {
  Present out;
  avp* first = nullptr;
  avp* previous = nullptr;
  for (avp* child : fd::children(answer)) {
    if (previous == nullptr) first = child;
    if (previous != nullptr && previous == out.session_id) out.after_session_id = child;
    previous = child;
    switch (key_of(child)) {
      case key_of(avps::kSessionId):
        out.session_id = child;
        out.after_session_id = nullptr;
        break;
      case key_of(avps::kFailedAvp):
        if (out.failed_avp == nullptr) out.failed_avp = child;
        break;
      case key_of(avps::kVendorSpecificApplicationId):
        out.application = true;
        break;
      case key_of(avps::kAuthSessionState):
        out.session_state = true;
        break;
      case key_of(avps::kOriginHost):
        out.origin_host = true;
        break;
      case key_of(avps::kOriginRealm):
        out.origin_realm = true;
        break;
      case key_of(avps::kUserName):
        out.user_name = true;
        break;
      case key_of(avps::kPublicIdentity):
        out.public_identity = true;
        break;
      default:
        break;
    }
  }
  if (out.session_id == nullptr) out.after_session_id = first;
  return out;
}

void echo(msg* request, AvpWriter& writer, const AvpDefinition& definition) {
  const std::string_view octets = parsed_octets(find_avp(request, definition), definition);
  if (!octets.empty()) writer.text(definition, octets);
}

/// A request that we made (RTR, PPR) comes from nobody; what happens to it is the sender's to tell (push.h).
bool is_ours(msg* request) { return fd::source_of(request).empty(); }

// ---- Hooks ----------------------------------------------------------------------------------------------------------

/// A reason or a name for the log: one line whatever is in it.
std::string printable(const char* text) {
  std::string out = text == nullptr ? "" : text;
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return out;
}

std::string peer_name(msg* message, peer_hdr* peer) {
  if (peer != nullptr && peer->info.pi_diamid != nullptr) return printable(peer->info.pi_diamid);
  const std::string source(message == nullptr ? std::string_view() : fd::source_of(message));
  return source.empty() ? "an unknown peer" : printable(source.c_str());
}

std::string command_name(msg* message) {
  const msg_hdr& header = fd::header(message);
  return std::string("command ") + std::to_string(header.msg_code) +
         ((header.msg_flags & CMD_FLAG_REQUEST) != 0 ? " request" : " answer") + " of application " +
         std::to_string(header.msg_appl);
}

void on_sending(fd_hook_type /*type*/, msg* message, peer_hdr* /*peer*/, void* /*other*/, fd_hook_permsgdata* /*pmd*/,
                void* /*data*/) noexcept {
  const NoCancellation guard;
  try {
    CommonSession::give_back(message);
    complete_answer(message);
  } catch (const std::exception& fault) {
    log::error(std::string("an answer could not be completed and goes out as it is: ") + fault.what());
  }
}

/// One line for what freeDiameter refuses or drops.
void tell_failure(fd_hook_type type, msg* message, peer_hdr* peer, void* other) noexcept {
  try {
    if (message == nullptr && type != HOOK_MESSAGE_PARSING_ERROR) {
      // A request of freeDiameter's own (DWR) that could not be sent: it is in the list of those that wait for an
      // answer.
      log::debug("a request to " + peer_name(nullptr, peer) +
                 " is lost: " + printable(static_cast<const char*>(other)));
      return;
    }
    if (message == nullptr) {
      const auto* const data = static_cast<const fd_cnx_rcvdata*>(other);
      if (data != nullptr && was_stopped(*data)) return;
      log::warn("no Diameter message: " + std::to_string(data == nullptr ? 0 : data->length) + " octets from " +
                peer_name(nullptr, peer) + " cannot be parsed; the connection is closed");
      return;
    }
    const char* const what = type == HOOK_MESSAGE_DROPPED         ? "dropped"
                             : type == HOOK_MESSAGE_ROUTING_ERROR ? "not routed"
                                                                  : "refused";
    if (type == HOOK_MESSAGE_PARSING_ERROR2) {  // the answer to what was refused
      msg* const request = fd::request_of(message);
      log::debug(command_name(message) + " to " + peer_name(request, peer) + ": sent for a request that was refused");
      return;
    }
    msg* const request = (fd::header(message).msg_flags & CMD_FLAG_REQUEST) == 0 ? fd::request_of(message) : nullptr;
    const bool ours = request != nullptr ? is_ours(request)
                                         : (fd::header(message).msg_flags & CMD_FLAG_REQUEST) != 0 && is_ours(message);
    const std::string line =
        command_name(message) + (request != nullptr && !ours ? " to " : " from ") +
        (ours && request == nullptr ? std::string("this server")
                                    : peer_name(request != nullptr && !ours ? request : message, peer)) +
        ": " + what + ": " + printable(static_cast<const char*>(other));
    if (ours) {
      log::debug(line);
    } else {
      repeated_warnings().tell(line, line);  // all that a peer asked for and did not wait for, say
    }
  } catch (const std::exception& fault) {
    log::error(std::string("a message was refused, and its log line failed: ") + fault.what());
  }
}

/// freeDiameter's own handlers print the message, keys and all.
void on_failure(fd_hook_type type, msg* message, peer_hdr* peer, void* other, fd_hook_permsgdata* /*pmd*/,
                void* /*data*/) noexcept {
  const NoCancellation guard;
  const auto* const why = static_cast<const char*>(other);  // of a message; without one it is the octets
  if (type == HOOK_MESSAGE_DROPPED && message != nullptr && answer_instead(message, why)) return;
  tell_failure(type, message, peer, other);
  const bool refused = type == HOOK_MESSAGE_PARSING_ERROR || type == HOOK_MESSAGE_ROUTING_ERROR;
  if (refused && message != nullptr) before_refusal(message, why);
}

void on_received(fd_hook_type type, msg* message, peer_hdr* peer, void* other, fd_hook_permsgdata* /*pmd*/,
                 void* /*data*/) noexcept {
  if (type == HOOK_DATA_RECEIVED) {
    if (other == nullptr) return;
    auto& data = *static_cast<fd_cnx_rcvdata*>(other);
    take_frame(data);
    if (!was_stopped(data) && !Overload::received(data)) ShortWay::received(data);
  } else if (message != nullptr && peer == nullptr) {
    forget_inband_security(message);
    take_capabilities(message, static_cast<const char*>(other));
  } else if (message != nullptr) {
    CommonSession::take(message);
    LateAnswers::look_at(message, peer);
    if (decorated_user_name_seen()) deliver_decorated_here(message);
  }
}

void on_sent(fd_hook_type /*type*/, msg* message, peer_hdr* peer, void* /*other*/, fd_hook_permsgdata* /*pmd*/,
             void* /*data*/) noexcept {
  PlainConnections::instance().about_to_send(message, peer);
}

void on_settled(fd_hook_type type, msg* /*message*/, peer_hdr* peer, void* /*other*/, fd_hook_permsgdata* /*pmd*/,
                void* /*data*/) noexcept {
  capabilities_settled(peer);
  if (type == HOOK_PEER_CONNECT_SUCCESS) PlainConnections::instance().connected(peer);
}

void on_other(fd_hook_type /*type*/, msg* /*message*/, peer_hdr* /*peer*/, void* /*other*/, fd_hook_permsgdata* /*pmd*/,
              void* /*data*/) noexcept {}

fd_hook_hdl* register_hook(std::uint32_t mask, decltype(&on_other) handler) {
  fd_hook_hdl* out = nullptr;
  fd::check(fd_hook_register(mask, handler, nullptr, nullptr, &out), "register a hook");
  return out;
}

constexpr std::uint32_t bit(fd_hook_type type) { return std::uint32_t{1} << static_cast<unsigned>(type); }

}  // namespace

void complete_answer(msg* answer) {
  msg_hdr& header = fd::header(answer);
  if ((header.msg_flags & CMD_FLAG_REQUEST) != 0 || find_application(header.msg_appl) == nullptr) return;
  msg* const request = fd::request_of(answer);
  if (request == nullptr || is_ours(request)) return;
  header.msg_flags = static_cast<std::uint8_t>((header.msg_flags & ~CMD_FLAG_PROXIABLE) |
                                               (fd::header(request).msg_flags & CMD_FLAG_PROXIABLE));

  const Present present = look(answer);
  // The core copies the AVP it refuses without its data.
  if (present.failed_avp != nullptr) fill_empty_members(present.failed_avp);
  AvpWriter head(answer, present.after_session_id);
  if (present.session_id == nullptr) echo(request, head, avps::kSessionId);
  if (!present.application) write_application(head, header.msg_appl);
  if (!present.session_state) head.enumerated(avps::kAuthSessionState, kNoStateMaintained);
  if (!present.origin_host) head.lasting_text(avps::kOriginHost, fd::own_host());
  if (!present.origin_realm) head.lasting_text(avps::kOriginRealm, fd::own_realm());
  const Echo echoed = echo_of(header.msg_appl, header.msg_code);
  AvpWriter tail(answer);
  if (echoed != Echo::kNothing && !present.user_name) echo(request, tail, avps::kUserName);
  if (echoed == Echo::kIdentities && !present.public_identity) echo(request, tail, avps::kPublicIdentity);
}

Hooks::Hooks() {
  try {
    handles_[0] = register_hook(bit(HOOK_MESSAGE_SENDING), on_sending);
    handles_[1] = register_hook(bit(HOOK_MESSAGE_DROPPED) | bit(HOOK_MESSAGE_PARSING_ERROR) |
                                    bit(HOOK_MESSAGE_PARSING_ERROR2) | bit(HOOK_MESSAGE_ROUTING_ERROR),
                                on_failure);
    handles_[2] = register_hook(bit(HOOK_DATA_RECEIVED) | bit(HOOK_MESSAGE_RECEIVED), on_received);
    handles_[4] = register_hook(bit(HOOK_PEER_CONNECT_SUCCESS) | bit(HOOK_PEER_CONNECT_FAILED), on_settled);
    handles_[5] = register_hook(bit(HOOK_MESSAGE_SENT), on_sent);
    // A type of hook without a handler makes freeDiameter format every message under one lock, logged or not: with
    // these it serves half as many requests again.
    handles_[3] = register_hook(bit(HOOK_MESSAGE_LOCAL) | bit(HOOK_MESSAGE_FAILOVER) |
                                    bit(HOOK_MESSAGE_ROUTING_FORWARD) | bit(HOOK_MESSAGE_ROUTING_LOCAL),
                                on_other);
  } catch (...) {
    release();
    throw;
  }
}

Hooks::~Hooks() { release(); }

void Hooks::release() noexcept {
  for (fd_hook_hdl*& handle : handles_) {
    if (handle != nullptr) fd_hook_unregister(handle);
    handle = nullptr;
  }
}

}  // namespace hss::diameter
