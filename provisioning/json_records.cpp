// SPDX-License-Identifier: MIT
#include "provisioning/json_records.h"

#include <openssl/crypto.h>

#include <limits>

#include "hss/user_profile.h"
#include "provisioning/apn/apn_json.h"
#include "provisioning/json_object.h"
#include "provisioning/non_3gpp_fields.h"
#include "provisioning/subscription_json.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

void read_profile(const Json& value, Record& record) {
  Checker check(record.problems);
  JsonObject profile(value, "service_profile", check);
  const std::string name(trim(profile.text("name").value_or("")));
  const std::string xml = profile.text("xml").value_or("");
  profile.refuse_the_rest();
  if (name.empty()) check.refuse("service_profile.name", "missing");
  try {
    parse_service_profile(xml);
  } catch (const ProfileError& error) {
    check.refuse("service_profile.xml", one_line(error.what()));
  }
  record.content = ProfileRecord{name, xml};
}

void read_shared_ifc_set(const Json& value, Record& record) {
  Checker check(record.problems);
  JsonObject set(value, "shared_ifc_set", check);
  const std::string name(trim(set.text("name").value_or("")));
  const auto id = set.number("id", std::numeric_limits<std::int32_t>::max());
  const std::string xml = set.text("xml").value_or("");
  set.refuse_the_rest();
  if (name.empty()) check.refuse("shared_ifc_set.name", "missing");
  if (!id) check.refuse("shared_ifc_set.id", "missing");
  try {
    parse_shared_ifc_set(xml);
  } catch (const ProfileError& error) {
    check.refuse("shared_ifc_set.xml", one_line(error.what()));
  }
  record.content = SharedIfcRecord{name, static_cast<std::uint32_t>(id.value_or(0)), xml};
}

}  // namespace

JsonRecords::~JsonRecords() { OPENSSL_cleanse(text_.data(), text_.size()); }

bool JsonRecords::next(Record& record) {
  record = {};
  try {
    if (!splitter_.next(text_)) {
      if (!any_)
        throw RecordsError("the file holds no subscriber: write an object for each, as export --format json does");
      return false;
    }
  } catch (const JsonTextError& error) {
    throw RecordsError(error.what());
  }
  any_ = true;
  record.line = splitter_.line();
  Json object;
  try {
    object = Json::parse(text_);
  } catch (const Json::parse_error& error) {  // its text repeats what was read, which may be a key
    record.problems.push_back(
        {"(object)", "is no JSON: mistake at octet " + std::to_string(error.byte) + " of the object"});
    return true;
  } catch (const Json::out_of_range&) {  // likewise
    record.problems.push_back({"(object)", "holds a number that is too large: write keys in quotes"});
    return true;
  }
  if (object.size() == 1 && object.contains("service_profile")) {
    read_profile(object["service_profile"], record);
    return true;
  }
  if (object.size() == 1 && object.contains("shared_ifc_set")) {
    read_shared_ifc_set(object["shared_ifc_set"], record);
    return true;
  }
  if (object.size() == 1 && object.contains("apn")) {
    Checker check(record.problems);
    record.content = ApnRecord{read_apn(object["apn"], "apn", check)};
    return true;
  }
  read_subscription(object, record);
  return true;
}

void JsonRecords::read_subscription(const Json& object, Record& record) const {
  auto read = subscription_from_json(object);
  if (auto* problems = std::get_if<FieldProblems>(&read)) {
    record.problems = std::move(*problems);
    return;
  }
  auto& subscription = std::get<JsonSubscription>(read);
  db::SubscriptionDraft& draft = subscription.draft;
  if (!subscription.says_non_3gpp) draft.non_3gpp = default_non_3gpp(draft, settings_);
  if (draft.non_3gpp && draft.non_3gpp->apns.empty()) {
    draft.non_3gpp->apns = access_to_default_apns(settings_).apns;
    if (draft.non_3gpp->apns.empty()) {
      record.problems.push_back({"non_3gpp.apns", "missing, and hss.toml has no default_apns"});
    }
  }
  record.content = SubscriberRecord{.draft = std::move(draft),
                                    .without_keys = std::move(subscription.without_keys),
                                    .without_ha1 = std::move(subscription.without_ha1),
                                    .said = {.non_3gpp = subscription.says_non_3gpp}};
}

}  // namespace hss::provisioning
