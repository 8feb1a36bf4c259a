// SPDX-License-Identifier: MIT
#include "diameter/common_session.h"

#include <chrono>
#include <exception>
#include <string>
#include <string_view>

#include "diameter/applications.h"
#include "diameter/avp_reader.h"
#include "diameter/avp_table.h"
#include "diameter/log.h"

namespace hss::diameter {
namespace {

constexpr std::chrono::years kForEver{100};

struct Session {
  session* handle = nullptr;
  std::string_view id;

  Session() {
    const std::string text = std::string(fd::own_host()) + ";requests";
    // With a reference that is never given back: it lasts as long as the process.
    fd::check(fd_sess_new(&handle, nullptr, 0, reinterpret_cast<os0_t>(const_cast<char*>(text.data())), text.size()),
              "make a session");
    timespec never{};
    never.tv_sec = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + kForEver);
    fd::check(fd_sess_settimeout(handle, &never), "keep a session");
    os0_t octets = nullptr;
    std::size_t size = 0;
    fd::check(fd_sess_getsid(handle, &octets, &size), "name a session");
    id = {reinterpret_cast<const char*>(octets), size};
  }
};

const Session& common() {
  static const Session made;
  return made;
}

bool is_of_another(application_id_t application) {
  if (find_application(application) != nullptr) return false;
  fd_app* served = nullptr;
  return fd_app_check(&fd_g_config->cnf_apps, application, &served) == 0 && served != nullptr;
}

}  // namespace

void CommonSession::take(msg* message) noexcept {
  try {
    const msg_hdr& header = fd::header(message);
    if ((header.msg_flags & CMD_FLAG_REQUEST) == 0 || is_of_another(header.msg_appl)) return;
    if (find_avp(message, avps::kSessionId) == nullptr) return;
    session* const handle = common().handle;
    fd::check(fd_sess_ref_msg(handle), "refer to a session");
    fd::check(fd_msg_sess_set(message, handle), "set a session");
  } catch (const std::exception& fault) {
    log::error(std::string("a request has a session of its own: ") + fault.what());
  }
}

void CommonSession::give_back(msg* answer) {
  if ((fd::header(answer).msg_flags & CMD_FLAG_REQUEST) != 0) return;
  avp* const found = find_avp(answer, avps::kSessionId);
  if (octets_of(found, avps::kSessionId) != common().id) return;
  msg* const request = fd::request_of(answer);
  const std::string_view id =
      request == nullptr ? "" : parsed_octets(find_avp(request, avps::kSessionId), avps::kSessionId);
  if (id.empty()) {
    fd_msg_free(found);
    return;
  }
  avp_value value{};
  value.os.data = reinterpret_cast<std::uint8_t*>(const_cast<char*>(id.data()));
  value.os.len = id.size();
  fd::check(fd_msg_avp_setvalue(found, &value), "echo a Session-Id");
}

}  // namespace hss::diameter
