// The owners and checks of fd.h.
// SPDX-License-Identifier: MIT
#include "diameter/fd.h"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

#include "hss/error_text.h"

namespace hss::diameter::fd {
namespace {

constexpr std::chrono::milliseconds kLook{20};

std::atomic<bool>& given_up() {
  static std::atomic<bool> yes{false};
  return yes;
}

}  // namespace

void fail(int code, const char* what) { throw Error(std::string("freeDiameter: ") + what + ": " + error_text(code)); }

MessagePtr parse(BytesView octets) {
  auto* copy = static_cast<std::uint8_t*>(std::malloc(octets.size()));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, octets.data(), octets.size());
  msg* message = nullptr;
  const int error = fd_msg_parse_buffer(&copy, octets.size(), &message);  // the octets become the message's
  if (error != 0) std::free(copy);
  check(error, "read a message");
  return MessagePtr(message);
}

MessagePtr parse_answer(BytesView octets, MessagePtr request) {
  MessagePtr out = parse(octets);
  check(fd_msg_answ_associate(out.get(), request.get()), "join an answer and its request");
  static_cast<void>(request.release());
  return out;
}

msg* request_of(msg* answer) {
  msg* request = nullptr;
  check(fd_msg_answ_getq(answer, &request), "find the request of an answer");
  return request;
}

std::string_view source_of(msg* message) {
  DiamId_t id = nullptr;
  std::size_t length = 0;
  if (fd_msg_source_get(message, &id, &length) != 0 || id == nullptr) return {};
  return {id, length};
}

std::string_view own_host() { return {fd_g_config->cnf_diamid, fd_g_config->cnf_diamid_len}; }
std::string_view own_realm() { return {fd_g_config->cnf_diamrlm, fd_g_config->cnf_diamrlm_len}; }

bool wait_until_served() {
  // A start that fails wakes nobody: whoever waits in freeDiameter must be fetched from there, for which its wait is a
  // cancellation point that takes its lock back.
  std::atomic<bool> served{false};
  pthread_t waiting{};
  const auto wait = [](void* out) -> void* {
    if (fd_core_waitstartcomplete() == 0) *static_cast<std::atomic<bool>*>(out) = true;
    return nullptr;
  };
  if (pthread_create(&waiting, nullptr, wait, &served) != 0) return false;
  while (!served && !given_up()) std::this_thread::sleep_for(kLook);
  pthread_cancel(waiting);
  pthread_join(waiting, nullptr);
  return served && fd_g_config != nullptr;
}

void give_up_waiting() noexcept { given_up() = true; }

}  // namespace hss::diameter::fd
