// SPDX-License-Identifier: MIT
#include "diameter/local_requests.h"

#include <algorithm>
#include <utility>

#include "diameter/applications.h"
#include "diameter/avp_table.h"
#include "diameter/raw_avps.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

constexpr std::uint8_t kRequest = 0x80;
constexpr std::uint8_t kError = 0x20;

constexpr std::size_t kFlagsAt = 4;
constexpr std::size_t kApplicationAt = 8;

constexpr std::string_view kNotHere = "not for the octets alone";

bool is(const OctetAvp& avp, const AvpDefinition& definition) {
  return avp.code == definition.code && avp.vendor == definition.vendor;
}

std::string_view text_of(const OctetAvp& avp) {
  return {reinterpret_cast<const char*>(avp.data.data()), avp.data.size()};
}

/// Empty, or a reason why it is not for us.
std::string_view look_at(const OctetAvp& avp, std::string_view host, LocalRequest& request) {
  const auto keep_first = [&avp](BytesView& kept) {
    if (kept.data() == nullptr) kept = avp.data;
    return std::string_view();
  };
  if (is(avp, avps::kSessionId)) return keep_first(request.session_id);
  if (is(avp, avps::kPublicIdentity)) return keep_first(request.public_identity);
  if (is(avp, avps::kUserName)) {
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

LocalRequests::LocalRequests(std::string host, std::string realm, std::span<const CommandEntry> commands,
                             const Settings& settings)
    : host_(std::move(host)), realm_(std::move(realm)) {
  for (const CommandEntry& command : commands) {
    const ApplicationRow* const application = find_application(command.application);
    if (application != nullptr && is_served(settings, application->application)) commands_.push_back(&command);
  }
}

const CommandEntry* LocalRequests::command_of(BytesView frame) const noexcept {
  if (frame.size() < kMessageHeader || (frame[kFlagsAt] & (kRequest | kError)) != kRequest) return nullptr;
  const std::uint32_t code = u32(&frame[kFlagsAt]) & 0xFFFFFFU;
  const std::uint32_t application = u32(&frame[kApplicationAt]);
  const auto found = std::ranges::find_if(
      commands_, [&](const CommandEntry* one) { return one->code == code && one->application == application; });
  return found == commands_.end() ? nullptr : *found;
}

std::optional<LocalRequest> LocalRequests::read(BytesView frame) const {
  LocalRequest request;
  request.command = command_of(frame);
  if (request.command == nullptr || frame.size() % 4 != 0) return std::nullopt;
  const std::string_view reason = walk(frame.subspan(kMessageHeader),
                                       [this, &request](const OctetAvp& avp) { return look_at(avp, host_, request); });
  if (!reason.empty() || request.session_id.empty() || !ascii::same_without_case(request.realm, realm_)) {
    return std::nullopt;
  }
  return request;
}

}  // namespace hss::diameter
