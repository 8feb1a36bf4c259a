// freeDiameter makes the bare answer (header, Proxy-Info); the rest is put between the two. Of a session, which it
// would begin for the Session-Id, it is to know nothing.
// SPDX-License-Identifier: MIT
#include "diameter/answer.h"

#include <algorithm>
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

}  // namespace

Answer::Answer(msg* request, Result result) : request_(request), result_(result) {
  for (avp* child : fd::children(request)) {
    if (is(child, avps::kProxyInfo)) fill_empty_members(child);
    asked_.push_back({key_of(child), child});
  }
  const msg_hdr& header = fd::header(request);
  msg* made = request;
  fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &made, MSGFL_ANSW_NOSID), "make an answer");
  answer_ = made;
  fd::header(made).msg_flags = static_cast<std::uint8_t>((header.msg_flags & CMD_FLAG_PROXIABLE) |
                                                         (is_protocol_error(result) ? CMD_FLAG_ERROR : 0));
  writer_ = AvpWriter(made, find_avp(made, avps::kProxyInfo));
  echo(avps::kSessionId);
  write_application(writer_, header.msg_appl);
  write_result(writer_, result);
  writer_.enumerated(avps::kAuthSessionState, kNoStateMaintained);
  writer_.lasting_text(avps::kOriginHost, fd::own_host());
  writer_.lasting_text(avps::kOriginRealm, fd::own_realm());
}

Answer::~Answer() {
  if (answer_ == nullptr) return;
  fd_msg_answ_detach(answer_);
  fd_msg_free(answer_);
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

fd::MessagePtr Answer::take() { return fd::MessagePtr(std::exchange(answer_, nullptr)); }

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
