// libfdproto and libfdcore for C++: their headers, included here alone, and small owners and checks instead of their
// macros (which return from the middle of a function).
// SPDX-License-Identifier: MIT
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
extern "C" {
#include <freeDiameter/freeDiameter-host.h>
#include <freeDiameter/libfdcore.h>
#include <freeDiameter/libfdproto.h>
}
#pragma GCC diagnostic pop

#include <cstdint>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "hss/bytes.h"

namespace hss::diameter::fd {

/// A call into freeDiameter that failed.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws Error with `what` and the system's text of `code`.
[[noreturn, gnu::cold]] void fail(int code, const char* what);
/// The same unless `code` is 0.
inline void check(int code, const char* what) {
  if (code != 0) [[unlikely]]
    fail(code, what);
}

struct MessageFree {
  void operator()(msg* message) const noexcept { fd_msg_free(message); }
};
/// A message that is ours to free. Freeing an answer frees its request too.
using MessagePtr = std::unique_ptr<msg, MessageFree>;

struct AvpFree {
  void operator()(avp* avp) const noexcept { fd_msg_free(avp); }
};
/// An AVP that is not yet part of a message.
using AvpPtr = std::unique_ptr<avp, AvpFree>;

// What follows is called for every AVP, several times: inline.

/// The header of a message or an AVP; it can be changed through the reference.
inline msg_hdr& header(msg* message) {
  msg_hdr* out = nullptr;
  check(fd_msg_hdr(message, &out), "read a message's header");
  return *out;
}
inline avp_hdr& header(avp* avp) {
  avp_hdr* out = nullptr;
  check(fd_msg_avp_hdr(avp, &out), "read an AVP's header");
  return *out;
}

/// The dictionary object behind an AVP; null when there is none.
inline dict_object* model(avp* avp) {
  dict_object* out = nullptr;
  check(fd_msg_model(avp, &out), "read an AVP's dictionary entry");
  return out;
}

/// The AVP in that direction; null when there is none.
inline avp* step(msg_or_avp* from, msg_brw_dir direction) {
  msg_or_avp* found = nullptr;
  check(fd_msg_browse_internal(from, direction, &found, nullptr), "walk through a message");
  return static_cast<avp*>(found);
}

/// The direct children of a message or a grouped AVP, in their order: for (avp* child : children(message)).
class Children {
 public:
  class Iterator {
   public:
    using value_type = avp*;
    using difference_type = std::ptrdiff_t;
    explicit Iterator(avp* at) : at_(at) {}
    avp* operator*() const { return at_; }
    Iterator& operator++() {
      at_ = step(at_, MSG_BRW_NEXT);
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    avp* at_;
  };
  explicit Children(msg_or_avp* parent) : parent_(parent) {}
  [[nodiscard]] Iterator begin() const { return Iterator(step(parent_, MSG_BRW_FIRST_CHILD)); }
  [[nodiscard]] static Iterator end() { return Iterator(nullptr); }

 private:
  msg_or_avp* parent_;
};
inline Children children(msg_or_avp* parent) { return Children(parent); }

/// A message of its octets, header and all, which stay the caller's. Throws Error when they are none.
MessagePtr parse(BytesView octets);

/// The same of an answer, which owns its request from then on.
MessagePtr parse_answer(BytesView octets, MessagePtr request);

/// The request that an answer belongs to; null when there is none.
msg* request_of(msg* answer);

/// The Diameter identity of the peer that a message came from; empty for one of our own. Valid as long as the message.
std::string_view source_of(msg* message);

/// Our own Diameter identity and realm.
std::string_view own_host();
std::string_view own_realm();

/// Waits until freeDiameter serves. False: it ends before, or give_up_waiting() was called.
bool wait_until_served();
/// It will never serve: it calls the end of its extensions without having come so far.
void give_up_waiting() noexcept;

}  // namespace hss::diameter::fd
