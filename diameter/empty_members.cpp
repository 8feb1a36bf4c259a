// SPDX-License-Identifier: MIT
#include "diameter/empty_members.h"

#include <cstdint>
#include <vector>

namespace hss::diameter {
namespace {

bool is_empty(avp* one) {
  const avp_hdr& header = fd::header(one);
  const std::uint32_t header_size = (header.avp_flags & AVP_FLAG_VENDOR) != 0 ? 12 : 8;
  return fd::model(one) == nullptr && header.avp_len <= header_size;
}

void fill(avp* empty) {
  avp_hdr& old = fd::header(empty);
  old.avp_len = ((old.avp_flags & AVP_FLAG_VENDOR) != 0 ? 12 : 8) + 1;
  avp* filled = empty;  // read for the length of the data, then set to the new AVP
  fd::check(fd_msg_avp_new(nullptr, AVPFL_SET_RAWDATA_FROM_AVP, &filled), "fill an empty AVP");
  fd::AvpPtr owned(filled);
  avp_hdr& header = fd::header(filled);
  header.avp_code = old.avp_code;
  header.avp_flags = old.avp_flags;
  header.avp_vendor = old.avp_vendor;
  header.avp_len = old.avp_len;
  fd::check(fd_msg_avp_add(empty, MSG_BRW_NEXT, filled), "fill an empty AVP");
  static_cast<void>(owned.release());
  fd::check(fd_msg_free(empty), "fill an empty AVP");
}

}  // namespace

void fill_empty_members(avp* group) {
  std::vector<avp*> empty;
  for (std::vector<avp*> groups{group}; !groups.empty();) {
    avp* const one = groups.back();
    groups.pop_back();
    for (avp* child : fd::children(one)) (is_empty(child) ? empty : groups).push_back(child);
  }
  for (avp* each : empty) fill(each);
}

}  // namespace hss::diameter
