// What freeDiameter itself can give: an extension that answers UAR, MAR, SAR and LIR with constants. Its argument says
// how: "packaged" answers in the dispatch callback and leaves everything as it is; "tuned" does all that is known to
// make freeDiameter faster.
// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <sched.h>

#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
extern "C" {
#include <freeDiameter/extension.h>
}
#pragma GCC diagnostic pop

#include "tests/bench/constant_answers.h"

namespace hss::bench {
namespace {

constexpr std::uint32_t kUserName = 1;
constexpr std::uint32_t kPublicIdentity = 601;

void check(int code, const char* what) {
  if (code != 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(code));
}

dictionary* dict() { return fd_g_config->cnf_dict; }

// ---- Dictionary -----------------------------------------------------------------------------------------------------

dict_object* find_model(std::uint32_t code, std::uint32_t vendor) {
  const dict_avp_request wanted{vendor, code, nullptr};
  dict_object* found = nullptr;
  check(fd_dict_search(dict(), DICT_AVP, AVP_BY_CODE_AND_VENDOR, &wanted, &found, ENOENT), "an AVP of an answer");
  return found;
}

void define_avp(const DefinedAvp& avp) {
  std::string name = avp.name;
  const dict_avp_basetype type = avp.type == DefinedAvp::Type::kGrouped      ? AVP_TYPE_GROUPED
                                 : avp.type == DefinedAvp::Type::kUnsigned32 ? AVP_TYPE_UNSIGNED32
                                                                             : AVP_TYPE_OCTETSTRING;
  constexpr std::uint8_t kFlags = AVP_FLAG_VENDOR | AVP_FLAG_MANDATORY;
  dict_avp_data data{avp.code, kVendor3gpp, name.data(), kFlags, kFlags, type};
  check(fd_dict_new(dict(), DICT_AVP, &data, nullptr, nullptr), avp.name);
}

dict_object* define_command(std::uint32_t code, bool request) {
  std::string name = "Bench-" + std::to_string(code) + (request ? "-Request" : "-Answer");
  dict_cmd_data data{code, name.data(), CMD_FLAG_PROXIABLE | CMD_FLAG_REQUEST,
                     static_cast<std::uint8_t>(CMD_FLAG_PROXIABLE | (request ? CMD_FLAG_REQUEST : 0))};
  dict_object* command = nullptr;
  check(fd_dict_new(dict(), DICT_COMMAND, &data, nullptr, &command), "define a command");
  return command;
}

// ---- Answers --------------------------------------------------------------------------------------------------------

/// A constant AVP with its model looked up.
struct ReadyAvp {
  explicit ReadyAvp(const ConstantAvp& avp) : model(find_model(avp.code, avp.vendor)), octets(avp.value) {
    dict_avp_data data{};
    check(fd_dict_getval(model, &data), "read an AVP's definition");
    if (data.avp_basetype == AVP_TYPE_OCTETSTRING) {
      value.os.data = reinterpret_cast<std::uint8_t*>(octets.data());
      value.os.len = octets.size();
    } else if (data.avp_basetype != AVP_TYPE_GROUPED) {
      for (const char octet : octets) value.u32 = value.u32 << 8U | static_cast<std::uint8_t>(octet);
    }
    for (const ConstantAvp& member : avp.members) members.push_back(std::make_unique<ReadyAvp>(member));
  }
  dict_object* model;
  std::string octets;
  avp_value value{};
  std::vector<std::unique_ptr<ReadyAvp>> members;
};
using ReadyAvps = std::vector<std::unique_ptr<ReadyAvp>>;

void add(msg_or_avp* parent, dict_object* model, avp_value* value) {
  avp* made = nullptr;
  check(fd_msg_avp_new(model, 0, &made), "make an AVP");
  check(fd_msg_avp_setvalue(made, value), "set an AVP");
  check(fd_msg_avp_add(parent, MSG_BRW_LAST_CHILD, made), "add an AVP");
}

void add_all(msg_or_avp* parent, const ReadyAvps& avps) {
  for (const auto& ready : avps) {
    if (ready->members.empty()) {
      add(parent, ready->model, &ready->value);
      continue;
    }
    avp* group = nullptr;
    check(fd_msg_avp_new(ready->model, 0, &group), "make an AVP");
    add_all(group, ready->members);
    check(fd_msg_avp_add(parent, MSG_BRW_LAST_CHILD, group), "add an AVP");
  }
}

ReadyAvps ready(const std::vector<ConstantAvp>& avps) {
  ReadyAvps out;
  for (const ConstantAvp& avp : avps) out.push_back(std::make_unique<ReadyAvp>(avp));
  return out;
}

struct ReadyAnswer {
  const ConstantAnswer* answer = nullptr;
  ReadyAvps content{};
};

/// What is looked up once.
struct Tables {
  dict_object* user_name = find_model(kUserName, 0);
  dict_object* public_identity = find_model(kPublicIdentity, kVendor3gpp);
  ReadyAvps common = ready(common_content());
  std::map<std::uint32_t, ReadyAnswer> answers{};
};

void echo(msg* request, msg* answer, dict_object* model) {
  avp* found = nullptr;
  avp_hdr* header = nullptr;
  check(fd_msg_search_avp(request, model, &found), "search an AVP");
  if (found == nullptr) return;
  check(fd_msg_avp_hdr(found, &header), "read an AVP");
  if (header->avp_value != nullptr) add(answer, model, header->avp_value);
}

void send_answer(const Tables& tables, msg* request) {
  msg_hdr* header = nullptr;
  check(fd_msg_hdr(request, &header), "read a header");
  const ReadyAnswer& ready = tables.answers.at(header->msg_code);
  msg* message = request;
  check(fd_msg_new_answer_from_req(dict(), &message, 0), "make an answer");
  add_all(message, tables.common);
  check(fd_msg_add_origin(message, 0), "add the origin");
  add_all(message, ready.content);
  if (ready.answer->user_name) echo(request, message, tables.user_name);
  if (ready.answer->public_identity) echo(request, message, tables.public_identity);
  check(fd_msg_send(&message, nullptr, nullptr), "send an answer");
}

// ---- The sender of the tuned one ------------------------------------------------------------------------------------

class Sender {
 public:
  explicit Sender(const Tables& tables) : tables_(tables), thread_([this] { run(); }) {}
  ~Sender() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void submit(msg* request) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = waiting_.empty();
      waiting_.push_back(request);
    }
    if (first) wake_.notify_one();
  }

 private:
  void run() {
    std::vector<msg*> batch;
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        batch.swap(waiting_);
      }
      for (msg* const request : batch) {
        try {
          send_answer(tables_, request);
        } catch (const std::exception& error) {
          std::fprintf(stderr, "empty.fdx: %s\n", error.what());
        }
      }
      batch.clear();
    }
  }

  const Tables& tables_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<msg*> waiting_;
  bool closed_ = false;
  std::thread thread_;
};

// ---- The extension --------------------------------------------------------------------------------------------------

struct Extension {
  std::unique_ptr<Tables> tables;
  std::unique_ptr<Sender> sender;  // of the tuned one
};
Extension& extension() {
  static Extension instance;
  return instance;
}

int on_request(msg** message, avp* /*avp*/, session* /*session*/, void* /*opaque*/, disp_action* action) {
  msg* const request = std::exchange(*message, nullptr);
  *action = DISP_ACT_CONT;
  if (extension().sender != nullptr) {
    extension().sender->submit(request);
    return 0;
  }
  try {
    send_answer(*extension().tables, request);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "empty.fdx: %s\n", error.what());
  }
  return 0;
}

int admit(peer_info* info, int* auth, int (** /*after_handshake*/)(peer_info*)) {
  info->config.pic_flags.sec = PI_SEC_NONE;
  *auth = 1;
  return 0;
}

void on_message(fd_hook_type /*type*/, msg* /*message*/, peer_hdr* /*peer*/, void* /*other*/,
                fd_hook_permsgdata* /*data*/, void* /*registered*/) {}

/// A type of hook without a handler makes libfdcore format each message under one lock.
void take_hooks() {
  std::uint32_t mask = 0;
  for (const fd_hook_type type : {HOOK_DATA_RECEIVED, HOOK_MESSAGE_RECEIVED, HOOK_MESSAGE_LOCAL, HOOK_MESSAGE_SENDING,
                                  HOOK_MESSAGE_SENT, HOOK_MESSAGE_ROUTING_FORWARD, HOOK_MESSAGE_ROUTING_LOCAL}) {
    mask |= std::uint32_t{1} << static_cast<unsigned>(type);
  }
  static fd_hook_hdl* handle = nullptr;
  check(fd_hook_register(mask, &on_message, nullptr, nullptr, &handle), "register hooks");
}

void schedule_batch() {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    const std::string name = task.path().filename();
    pid_t thread = 0;
    std::from_chars(name.data(), name.data() + name.size(), thread);
    const sched_param parameters{};
    if (sched_setscheduler(thread, SCHED_BATCH, &parameters) != 0 && errno != ESRCH) check(errno, "SCHED_BATCH");
  }
}

/// freeDiameter ignores ListenOn = "127.0.0.1" and would listen everywhere.
void listen_on_loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(fd_ep_add_merge(&fd_g_config->cnf_endpoints, reinterpret_cast<sockaddr*>(&address), sizeof address,
                        EP_FL_CONF | EP_ACCEPTALL),
        "listen on loopback");
}

void define_and_register() {
  std::string vendor_name = "3GPP";
  dict_vendor_data vendor{kVendor3gpp, vendor_name.data()};
  dict_object* vendor_object = nullptr;
  check(fd_dict_new(dict(), DICT_VENDOR, &vendor, nullptr, &vendor_object), "define the vendor");
  std::string application_name = "Cx";
  dict_application_data application{kCx, application_name.data()};
  dict_object* application_object = nullptr;
  check(fd_dict_new(dict(), DICT_APPLICATION, &application, vendor_object, &application_object),
        "define the application");
  for (const DefinedAvp& avp : defined_avps()) define_avp(avp);
  extension().tables = std::make_unique<Tables>();
  for (const ConstantAnswer& answer : constant_answers()) {
    disp_when when{};
    when.app = application_object;
    when.command = define_command(answer.command, true);
    define_command(answer.command, false);
    extension().tables->answers[answer.command] = {&answer, ready(answer.content)};
    check(fd_disp_register(&on_request, DISP_HOW_CC, &when, nullptr, nullptr), "register for a command");
  }
  check(fd_disp_app_support(application_object, vendor_object, 1, 0), "announce Cx");
}

int enter(char* argument) {
  try {
    const std::string_view how = argument == nullptr ? "" : argument;
    if (how != "packaged" && how != "tuned") throw std::runtime_error("the argument must be packaged or tuned");
    define_and_register();
    listen_on_loopback();
    check(fd_peer_validate_register(&admit), "admit peers");
    if (how == "tuned") {
      take_hooks();
      extension().sender = std::make_unique<Sender>(*extension().tables);
      schedule_batch();
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "empty.fdx: %s\n", error.what());
    return EINVAL;
  }
}

}  // namespace
}  // namespace hss::bench

extern "C" {
#pragma GCC visibility push(default)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
EXTENSION_ENTRY("empty", hss::bench::enter)
#pragma GCC diagnostic pop
void fd_ext_fini() { hss::bench::extension().sender.reset(); }
#pragma GCC visibility pop
}
