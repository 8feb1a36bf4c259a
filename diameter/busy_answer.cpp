// SPDX-License-Identifier: MIT
#include "diameter/busy_answer.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "diameter/applications.h"
#include "diameter/avp_table.h"
#include "diameter/inline_vector.h"
#include "diameter/parts.h"
#include "diameter/raw_avps.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

constexpr std::uint8_t kRequest = 0x80;
constexpr std::uint8_t kProxiable = 0x40;
constexpr std::uint8_t kError = 0x20;

constexpr std::size_t kFlagsAt = 4;
constexpr std::size_t kApplicationAt = 8;
constexpr std::size_t kIdentifiersAt = 12;

using Buffer = std::vector<std::uint8_t>;

void put(Buffer& out, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void pad(Buffer& out) {
  while (out.size() % 4 != 0) out.push_back(0);
}

void put(Buffer& out, const AvpDefinition& avp, BytesView data) {
  const std::size_t header = avp.vendor == 0 ? 8 : 12;
  put(out, avp.code);
  put(out, std::uint32_t{avp.flags} << 24U | static_cast<std::uint32_t>(header + data.size()));
  if (avp.vendor != 0) put(out, avp.vendor);
  out.insert(out.end(), data.begin(), data.end());
  pad(out);
}

void put(Buffer& out, const AvpDefinition& avp, std::string_view text) {
  put(out, avp, BytesView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void put(Buffer& out, const AvpDefinition& avp, std::uint32_t value) {
  Buffer data;
  put(data, value);
  put(out, avp, data);
}

Buffer common_part(std::uint32_t application, std::string_view host, std::string_view realm) {
  Buffer whose;
  put(whose, avps::kVendorId, kVendor3gpp);
  put(whose, avps::kAuthApplicationId, application);
  Buffer out;
  put(out, avps::kVendorSpecificApplicationId, whose);
  put(out, avps::kResultCode, result::kTooBusy.code);
  put(out, avps::kAuthSessionState, std::uint32_t{kNoStateMaintained});
  put(out, avps::kOriginHost, host);
  put(out, avps::kOriginRealm, realm);
  return out;
}

bool is(const OctetAvp& avp, const AvpDefinition& definition) {
  return avp.code == definition.code && avp.vendor == definition.vendor;
}

std::string_view text_of(const OctetAvp& avp) {
  return {reinterpret_cast<const char*>(avp.data.data()), avp.data.size()};
}

/// What the answer, or the decision whether there may be one, is made of: the first of each kind.
struct Request {
  BytesView session_id, user_name, public_identity;
  std::string_view realm;
  InlineVector<BytesView, 4> proxies;
};

constexpr std::string_view kNotHere = "not for the octets alone";

/// Empty, or a reason why it is not for us.
std::string_view look_at(const OctetAvp& avp, std::string_view host, Request& request) {
  const auto keep_first = [&avp](BytesView& kept) {
    if (kept.data() == nullptr) kept = avp.data;
    return std::string_view();
  };
  if (is(avp, avps::kSessionId)) return keep_first(request.session_id);
  if (is(avp, avps::kPublicIdentity)) return keep_first(request.public_identity);
  if (is(avp, avps::kUserName)) {
    // One with a decoration may be for another realm.
    return text_of(avp).find('!') == std::string_view::npos ? keep_first(request.user_name) : kNotHere;
  }
  if (is(avp, avps::kDestinationRealm)) {
    request.realm = text_of(avp);
  } else if (is(avp, avps::kDestinationHost)) {
    return ascii::same_without_case(text_of(avp), host) ? std::string_view() : kNotHere;
  } else if (is(avp, avps::kRouteRecord)) {
    return ascii::same_without_case(text_of(avp), host) ? kNotHere : std::string_view();  // a loop
  } else if (is(avp, avps::kProxyInfo)) {
    request.proxies.push_back(avp.whole);
  }
  return {};
}

}  // namespace

BusyAnswers::BusyAnswers(std::string host, std::string realm, std::span<const CommandEntry> commands,
                         const Settings& settings)
    : host_(std::move(host)), realm_(std::move(realm)) {
  for (const CommandEntry& command : commands) {
    const ApplicationRow* const application = find_application(command.application);
    if (application == nullptr || !is_served(settings, application->application)) continue;
    rows_.push_back({command.application, command.code, command.echo, common_part(command.application, host_, realm_)});
  }
}

const BusyAnswers::Row* BusyAnswers::row_of(BytesView frame) const noexcept {
  if (frame.size() < kMessageHeader || (frame[kFlagsAt] & (kRequest | kError)) != kRequest) return nullptr;
  const std::uint32_t code = u32(&frame[kFlagsAt]) & 0xFFFFFFU;
  const std::uint32_t application = u32(&frame[kApplicationAt]);
  const auto row =
      std::ranges::find_if(rows_, [&](const Row& one) { return one.code == code && one.application == application; });
  return row == rows_.end() ? nullptr : &*row;
}

bool BusyAnswers::append(BytesView frame, Buffer& out) const {
  const Row* const row = row_of(frame);
  if (row == nullptr || frame.size() % 4 != 0) return false;
  Request request;
  const std::string_view reason = walk(frame.subspan(kMessageHeader),
                                       [this, &request](const OctetAvp& avp) { return look_at(avp, host_, request); });
  if (!reason.empty() || request.session_id.empty() || !ascii::same_without_case(request.realm, realm_)) return false;

  const std::size_t begin = out.size();
  put(out, 0);  // version and length: at the end
  put(out, std::uint32_t{static_cast<std::uint8_t>((frame[kFlagsAt] & kProxiable) | kError)} << 24U | row->code);
  put(out, row->application);
  const BytesView identifiers = frame.subspan(kIdentifiersAt, kMessageHeader - kIdentifiersAt);
  out.insert(out.end(), identifiers.begin(), identifiers.end());
  put(out, avps::kSessionId, request.session_id);
  out.insert(out.end(), row->common.begin(), row->common.end());
  if (row->echo != Echo::kNothing && !request.user_name.empty()) put(out, avps::kUserName, request.user_name);
  if (row->echo == Echo::kIdentities && !request.public_identity.empty()) {
    put(out, avps::kPublicIdentity, request.public_identity);
  }
  for (const BytesView proxy : request.proxies) {
    out.insert(out.end(), proxy.begin(), proxy.end());
    pad(out);
  }
  const std::size_t size = out.size() - begin;
  out[begin] = 1;
  for (const unsigned at : {1U, 2U, 3U}) out[begin + at] = static_cast<std::uint8_t>(size >> (24U - 8U * at));
  return true;
}

}  // namespace hss::diameter
