// Octets from the beginning: freeDiameter's messages, of an AVP each, cost more than all that is in them. Only
// Proxy-Info is freeDiameter's, which has kept of it what it does not know.
// SPDX-License-Identifier: MIT
#include "diameter/answer.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "diameter/empty_members.h"
#include "diameter/parts.h"
#include "diameter/supported_features.h"

namespace hss::diameter {
namespace {

bool is_protocol_error(Result result) { return result.vendor == kVendorBase && result.code / 1000 == 3; }

void write_result(AvpWriter& writer, Result result) {
  if (result.vendor == kVendorBase) {
    writer.unsigned32(avps::kResultCode, result.code);
    return;
  }
  AvpWriter group = writer.group(avps::kExperimentalResult);
  group.unsigned32(avps::kVendorId, result.vendor);
  group.unsigned32(avps::kExperimentalResultCode, result.code);
}

struct FieldRow {
  RequestField field;
  const AvpDefinition& avp;
  const AvpDefinition* group;
};

const FieldRow& row_of(RequestField field) {
  static const FieldRow kRows[] = {
      {RequestField::kUserName, avps::kUserName, nullptr},
      {RequestField::kPublicIdentity, avps::kPublicIdentity, nullptr},
      {RequestField::kServerName, avps::kServerName, nullptr},
      {RequestField::kServerAssignmentType, avps::kServerAssignmentType, nullptr},
      {RequestField::kUserAuthorizationType, avps::kUserAuthorizationType, nullptr},
      {RequestField::kUserDataAlreadyAvailable, avps::kUserDataAlreadyAvailable, nullptr},
      {RequestField::kSipNumberAuthItems, avps::kSipNumberAuthItems, nullptr},
      {RequestField::kSipAuthDataItem, avps::kSipAuthDataItem, nullptr},
      {RequestField::kSipAuthenticationScheme, avps::kSipAuthenticationScheme, &avps::kSipAuthDataItem},
      {RequestField::kSipAuthorization, avps::kSipAuthorization, &avps::kSipAuthDataItem},
      {RequestField::kScscfRestorationInfo, avps::kScscfRestorationInfo, nullptr},
      {RequestField::kAnid, avps::kAnid, nullptr},
      {RequestField::kServiceSelection, avps::kServiceSelection, nullptr},
  };
  for (const FieldRow& row : kRows) {
    if (row.field == field) return row;
  }
  throw std::logic_error("a request field without a row in answer.cpp");
}

constexpr std::size_t kMessageHeader = 20;

void put_header(AvpOctets::Buffer& out, const msg_hdr& request, std::uint8_t flags) {
  AvpOctets::put(out, std::uint32_t{DIAMETER_VERSION} << 24U);  // the length: at the end
  AvpOctets::put(out, std::uint32_t{flags} << 24U | request.msg_code);
  AvpOctets::put(out, request.msg_appl);
  AvpOctets::put(out, request.msg_hbhid);
  AvpOctets::put(out, request.msg_eteid);
}

/// The Proxy-Info of a request, as octets.
void append_proxies(msg* request, AvpOctets::Buffer& out) {
  msg* bare = request;
  fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &bare, MSGFL_ANSW_NOSID), "make an answer");
  fd_msg_answ_detach(bare);
  const fd::MessagePtr owner(bare);
  std::uint8_t* octets = nullptr;
  std::size_t size = 0;
  fd::check(fd_msg_bufferize(bare, &octets, &size), "copy Proxy-Info");
  const std::unique_ptr<std::uint8_t, decltype(&std::free)> copy(octets, &std::free);
  out.insert(out.end(), octets + kMessageHeader, octets + size);
}

}  // namespace

Answer::Answer(msg* request, Result result) : request_(request), result_(result) {
  constexpr std::size_t kUsual = 640;  // octets
  out_.buffer().reserve(kUsual);
  for (avp* child : fd::children(request)) {
    if (is(child, avps::kProxyInfo)) {
      fill_empty_members(child);
      has_proxies_ = true;
    }
    asked_.push_back({key_of(child), child});
  }
  const msg_hdr& header = fd::header(request);
  put_header(out_.buffer(), header,
             static_cast<std::uint8_t>((header.msg_flags & CMD_FLAG_PROXIABLE) |
                                       (is_protocol_error(result) ? CMD_FLAG_ERROR : 0)));
  echo(avps::kSessionId);
  write_application(writer_, header.msg_appl);
  write_result(writer_, result);
  writer_.enumerated(avps::kAuthSessionState, kNoStateMaintained);
  writer_.text(avps::kOriginHost, fd::own_host());
  writer_.text(avps::kOriginRealm, fd::own_realm());
}

avp* Answer::asked(const AvpDefinition& avp) const {
  const auto* const found = std::ranges::find(asked_, key_of(avp), &Asked::key);
  return found == asked_.end() ? nullptr : found->received;
}

void Answer::echo(const AvpDefinition& avp) {
  const std::string_view value = octets_of(asked(avp), avp);
  if (!value.empty()) writer_.text(avp, value);
}

void Answer::supported_features() {
  if (result_ == result::kFeatureUnsupported ||
      (asked(avps::kSupportedFeatures) != nullptr && asks_for_features(request_))) {
    write_features(writer_, fd::header(request_).msg_appl);
  }
}

void Answer::failed_avp(const FailedAvp& failed) {
  AvpWriter writer = writer_.group(avps::kFailedAvp);
  for (const AvpDefinition* group : failed.groups) writer = writer.group(*group);
  if (failed.received == nullptr || !writer.copy(failed.received)) writer.example(*failed.avp);
}

AvpOctets::Buffer Answer::take() {
  out_.close(0);
  AvpOctets::Buffer& octets = out_.buffer();
  if (has_proxies_) append_proxies(request_, octets);
  const std::size_t size = octets.size();
  for (const unsigned at : {1U, 2U, 3U}) octets[at] = static_cast<std::uint8_t>(size >> (24U - 8U * at));
  return std::exchange(octets, {});
}

void write_application(AvpWriter& writer, std::uint32_t application) {
  AvpWriter group = writer.group(avps::kVendorSpecificApplicationId);
  group.unsigned32(avps::kVendorId, kVendor3gpp);
  group.unsigned32(avps::kAuthApplicationId, application);
}

FailedAvp failed_avp_of(msg* request, RequestField field, Result result) {
  const FieldRow& row = row_of(field);
  FailedAvp out{&row.avp, nullptr, {}};
  msg_or_avp* parent = request;
  if (row.group != nullptr) {
    out.groups.push_back(row.group);
    parent = find_avp(request, *row.group);
  }
  if (parent == nullptr || result == result::kMissingAvp) return out;
  const std::size_t index = result == result::kAvpOccursTooManyTimes ? 1 : 0;
  out.received = find_avp(parent, row.avp, index);
  return out;
}

}  // namespace hss::diameter
