// The request is looked at without rules: this also serves requests that were refused for another reason.
// SPDX-License-Identifier: MIT
#include "diameter/supported_features.h"

#include "diameter/applications.h"

namespace hss::diameter {
namespace {

std::uint32_t offered_features(std::uint32_t application) {
  const ApplicationRow* const row = find_application(application);
  return row == nullptr ? 0 : row->offered_features;
}

struct FeatureList {
  std::uint32_t vendor = 0;
  std::uint32_t id = 0;
  std::uint32_t features = 0;
  [[nodiscard]] bool ours() const { return vendor == kVendor3gpp && id == kFeatureListId; }
};

std::optional<FeatureList> feature_list(avp* received) {
  if (!has_value(received, avps::kSupportedFeatures)) return std::nullopt;
  const auto content = AvpReader::read(received, abnf::kSupportedFeatures);
  const auto* const reader = std::get_if<AvpReader>(&content);
  if (reader == nullptr) return std::nullopt;
  return FeatureList{reader->unsigned32(avps::kVendorId), reader->unsigned32(avps::kFeatureListId),
                     reader->unsigned32(avps::kFeatureList)};
}

}  // namespace

bool asks_for_features(msg* request) {
  for (avp* child : fd::children(request)) {
    if (!is(child, avps::kSupportedFeatures)) continue;
    const auto list = feature_list(child);
    if (list && list->ours()) return true;
  }
  return false;
}

std::optional<DecodeError> refuse_features(msg* request) {
  const std::uint32_t offered = offered_features(fd::header(request).msg_appl);
  for (avp* child : fd::children(request)) {
    if (!is(child, avps::kSupportedFeatures)) continue;
    if ((fd::header(child).avp_flags & AVP_FLAG_MANDATORY) == 0) continue;
    const auto list = feature_list(child);
    if (!list) continue;
    const std::uint32_t lacking = list->ours() ? list->features & ~offered : list->features;
    if (lacking != 0)
      return DecodeError{result::kFeatureUnsupported, std::nullopt, "needs a feature that is not offered"};
  }
  return std::nullopt;
}

hss::cx::Features features_of(const AvpReader& request) {
  for (const AvpReader& list : request.groups(avps::kSupportedFeatures)) {
    if (list.unsigned32(avps::kVendorId) != kVendor3gpp || list.unsigned32(avps::kFeatureListId) != kFeatureListId) {
      continue;
    }
    return hss::cx::common_features(list.unsigned32(avps::kFeatureList));
  }
  return {};
}

void write_features(AvpWriter& writer, std::uint32_t application) {
  AvpWriter group = writer.group(avps::kSupportedFeatures);
  group.unsigned32(avps::kVendorId, kVendor3gpp);
  group.unsigned32(avps::kFeatureListId, kFeatureListId);
  group.unsigned32(avps::kFeatureList, offered_features(application));
}

}  // namespace hss::diameter
