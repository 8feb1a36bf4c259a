// SPDX-License-Identifier: MIT
#include "diameter/core_traps.h"

#include <pthread.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "diameter/applications.h"
#include "diameter/avp_reader.h"
#include "diameter/avp_table.h"
#include "diameter/avp_writer.h"
#include "diameter/cancellation.h"
#include "diameter/common_session.h"
#include "diameter/dictionary.h"
#include "diameter/empty_members.h"
#include "diameter/log.h"
#include "diameter/refusal_sender.h"
#include "diameter/repeated_lines.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

/// No Diameter identity, so no peer has it.
constexpr std::string_view kNobody = "(refused)";

constexpr std::uint32_t kInbandSecurityId = 299;  // RFC 6733 6.10

/// A request on its way from the hook of its refusal to that of its drop, on the one routing thread.
struct Refused {
  std::string source;
  std::string why;
};
Refused& refused() {
  thread_local Refused instance;
  return instance;
}

bool on_routing_thread() {
  const auto* const name = static_cast<const char*>(pthread_getspecific(fd_log_thname));
  return name != nullptr && std::string_view(name).starts_with("Routing-IN");
}

void set_source(msg* message, std::string_view source) {
  fd::check(fd_msg_source_set(message, const_cast<char*>(source.data()), source.size()), "set a message's source");
}

/// So that the search for it finds one that was read, or none. None is found in an answer of another command than its
/// request: with an error in it freeDiameter would pass it on all the same, to where the command must be known.
void read_result_code(msg* answer) {
  msg* const request = fd::request_of(answer);
  const bool strange = request != nullptr && fd::header(request).msg_code != fd::header(answer).msg_code;
  for (avp* child : fd::children(answer)) {
    if (!is(child, avps::kResultCode)) continue;
    fd_pei error{};
    if (fd::header(child).avp_value == nullptr) fd_msg_parse_dict(child, fd_g_config->cnf_dict, &error);
    if (strange || fd::header(child).avp_value == nullptr) fd::header(child).avp_code = 0;
  }
}

/// freeDiameter's words of a drop name the result that it would have sent: "Unable to send error 'CODE' to deleted
/// peer".
std::string code_in(std::string_view why) {
  const std::size_t first = why.find('\'');
  const std::size_t last = first == std::string_view::npos ? first : why.find('\'', first + 1);
  return last == std::string_view::npos ? "DIAMETER_UNABLE_TO_COMPLY"
                                        : std::string(why.substr(first + 1, last - first - 1));
}

fd::MessagePtr copy_of(msg* message) {
  std::uint8_t* octets = nullptr;
  std::size_t size = 0;
  fd::check(fd_msg_bufferize(message, &octets, &size), "copy a request");
  msg* copy = nullptr;
  const int error = fd_msg_parse_buffer(&octets, size, &copy);  // the octets become the copy's
  if (error != 0) std::free(octets);
  fd::check(error, "copy a request");
  return fd::MessagePtr(copy);
}

/// Whether routing would find the request to be for our realm, without a host named.
bool is_for_our_realm(msg* request) {
  if (find_avp(request, avps::kDestinationHost) != nullptr) return false;
  avp* const realm = find_avp(request, avps::kDestinationRealm);
  return ascii::same_without_case(parsed_octets(realm, avps::kDestinationRealm), fd::own_realm());
}

bool has_decorated_user_name(msg* request) {
  for (avp* child : fd::children(request)) {
    if (is(child, avps::kUserName) && parsed_octets(child, avps::kUserName).find('!') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// One with a member that breaks the dictionary's rules cannot be copied into the answer: nothing would be answered,
/// and freeDiameter would lose what it had copied. The answer is made without an AVP that is no Proxy-Info. Nor can an
/// empty one that it does not know, which is filled.
void make_proxy_info_fit_to_copy(msg* request) {
  for (avp* each : fd::children(request)) {
    if (!is(each, avps::kProxyInfo)) continue;
    if (fd_msg_parse_dict(each, fd_g_config->cnf_dict, nullptr) != 0) {
      fd::header(each).avp_code = 0;
    } else {
      fill_empty_members(each);
    }
  }
}

}  // namespace

fd::MessagePtr refusal_of(msg* request, const std::string& source, const std::string& code, const std::string& why) {
  fd::MessagePtr copy = copy_of(request);
  set_source(copy.get(), source);
  CommonSession::take(copy.get());
  msg* answer = copy.get();
  make_proxy_info_fit_to_copy(answer);
  fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &answer, MSGFL_ANSW_ERROR), "make an answer");
  static_cast<void>(copy.release());  // the answer's from here on
  fd::MessagePtr out(answer);
  fd::check(fd_msg_rescode_set(answer, const_cast<char*>(code.c_str()),
                               why.empty() || why == code ? nullptr : const_cast<char*>(why.c_str()), nullptr, 1),
            "set a result");
  return out;
}

void before_refusal(msg* message, const char* why) noexcept {
  const NoCancellation guard;
  try {
    if ((fd::header(message).msg_flags & CMD_FLAG_REQUEST) == 0) {
      read_result_code(message);
      return;
    }
    if (!on_routing_thread()) {
      make_proxy_info_fit_to_copy(message);
      return;
    }
    std::string source(fd::source_of(message));
    if (source.empty() || source == kNobody) return;
    refused() = {std::move(source), why == nullptr ? "" : why};
    set_source(message, kNobody);
  } catch (const std::exception& fault) {
    log::error(std::string("a message that freeDiameter refuses could not be made harmless: ") + fault.what());
  }
}

bool answer_instead(msg* message, const char* why) noexcept {
  const NoCancellation guard;
  try {
    if (!on_routing_thread() || fd::source_of(message) != kNobody) return false;
    const Refused kept = std::exchange(refused(), {});
    fd::MessagePtr answer = refusal_of(message, kept.source, code_in(why == nullptr ? "" : why), kept.why);
    if (!RefusalSender::submit_to_instance(std::move(answer))) {
      repeated_warnings().tell("unanswered", "a refused request gets no answer: too many of them");
    }
  } catch (const std::exception& fault) {
    log::error(std::string("a refused request gets no answer: ") + fault.what());
  }
  return true;
}

void deliver_decorated_here(msg* message) noexcept {
  const NoCancellation guard;
  try {
    const msg_hdr& header = fd::header(message);
    if ((header.msg_flags & CMD_FLAG_REQUEST) == 0 || find_application(header.msg_appl) == nullptr) return;
    if (has_decorated_user_name(message) && is_for_our_realm(message)) {
      AvpWriter(message).text(avps::kDestinationHost, fd::own_host());
    }
  } catch (const std::exception& fault) {
    log::error(std::string("a request with a decorated User-Name is left to freeDiameter: ") + fault.what());
  }
}

void forget_inband_security(msg* message) noexcept {
  const NoCancellation guard;
  try {
    if (fd::header(message).msg_code != command_code::kCapabilitiesExchange) return;
    std::vector<fd::AvpPtr> forgotten;
    for (avp* child : fd::children(message)) {
      const avp_hdr& header = fd::header(child);
      const bool vendor = (header.avp_flags & AVP_FLAG_VENDOR) != 0;
      if (header.avp_code == kInbandSecurityId && !vendor) forgotten.emplace_back(child);
    }
  } catch (const std::exception& fault) {
    log::error(std::string("a CER may ask for TLS within a connection: ") + fault.what());
  }
}

}  // namespace hss::diameter
