// SPDX-License-Identifier: MIT
#include "diameter/busy_answer.h"

#include <cstddef>
#include <string_view>

#include "diameter/applications.h"
#include "diameter/avp_table.h"
#include "diameter/parts.h"
#include "diameter/raw_avps.h"

namespace hss::diameter {
namespace {

constexpr std::uint8_t kProxiable = 0x40;
constexpr std::uint8_t kError = 0x20;

constexpr std::size_t kFlagsAt = 4;
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

}  // namespace

BusyAnswers::BusyAnswers(const std::string& host, const std::string& realm, std::span<const CommandEntry> commands,
                         const Settings& settings)
    : requests_(host, realm, commands, settings) {
  for (const ApplicationRow& row : kApplicationRows) common_[row.id] = common_part(row.id, host, realm);
}

bool BusyAnswers::append(BytesView frame, Buffer& out) const {
  const auto request = requests_.read(frame);
  if (!request) return false;
  const CommandEntry& command = *request->command;
  const Buffer& common = common_.at(command.application);

  const std::size_t begin = out.size();
  put(out, 0);  // version and length: at the end
  put(out, std::uint32_t{static_cast<std::uint8_t>((frame[kFlagsAt] & kProxiable) | kError)} << 24U | command.code);
  put(out, command.application);
  const BytesView identifiers = frame.subspan(kIdentifiersAt, kMessageHeader - kIdentifiersAt);
  out.insert(out.end(), identifiers.begin(), identifiers.end());
  put(out, avps::kSessionId, request->session_id);
  out.insert(out.end(), common.begin(), common.end());
  if (command.echo != Echo::kNothing && !request->user_name.empty()) put(out, avps::kUserName, request->user_name);
  if (command.echo == Echo::kIdentities && !request->public_identity.empty()) {
    put(out, avps::kPublicIdentity, request->public_identity);
  }
  for (const BytesView proxy : request->proxies) {
    out.insert(out.end(), proxy.begin(), proxy.end());
    pad(out);
  }
  const std::size_t size = out.size() - begin;
  out[begin] = 1;
  for (const unsigned at : {1U, 2U, 3U}) out[begin + at] = static_cast<std::uint8_t>(size >> (24U - 8U * at));
  return true;
}

}  // namespace hss::diameter
