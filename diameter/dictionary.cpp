// Every object is searched before it is defined, by its number, so that nothing depends on who came first.
// SPDX-License-Identifier: MIT
#include "diameter/dictionary.h"

#include <array>
#include <string>

namespace hss::diameter {
namespace {

std::array<dict_object*, avp_table::kRows.size()> models{};

struct VendorRow {
  std::uint32_t id;
  const char* name;
};
constexpr std::array kVendors{VendorRow{kVendor3gpp, "3GPP"}, VendorRow{kVendorEtsi, "ETSI"}};

struct ApplicationRow {
  std::uint32_t id;
  const char* name;
};
constexpr std::array kApplications{ApplicationRow{kApplicationCx, "3GPP Cx"},
                                   ApplicationRow{kApplicationSwx, "3GPP SWx"}};

struct CommandRow {
  std::uint32_t code;
  const char* request;
  const char* answer;
};
/// Names of commands are unique in the dictionary, and RFC 4740 uses the same ones for others (283 to 288).
constexpr std::array kCommands{
    CommandRow{command_code::kUserAuthorization, "3GPP-User-Authorization-Request", "3GPP-User-Authorization-Answer"},
    CommandRow{command_code::kServerAssignment, "3GPP-Server-Assignment-Request", "3GPP-Server-Assignment-Answer"},
    CommandRow{command_code::kLocationInfo, "3GPP-Location-Info-Request", "3GPP-Location-Info-Answer"},
    CommandRow{command_code::kMultimediaAuth, "3GPP-Multimedia-Auth-Request", "3GPP-Multimedia-Auth-Answer"},
    CommandRow{command_code::kRegistrationTermination, "3GPP-Registration-Termination-Request",
               "3GPP-Registration-Termination-Answer"},
    CommandRow{command_code::kPushProfile, "3GPP-Push-Profile-Request", "3GPP-Push-Profile-Answer"},
};

dictionary* dict() { return fd_g_config->cnf_dict; }

dict_object* search(dict_object_type type, int criteria, const void* what) {
  dict_object* found = nullptr;
  fd::check(fd_dict_search(dict(), type, criteria, what, &found, 0), "search the dictionary");
  return found;
}

dict_avp_basetype base_type(AvpType type) {
  switch (type) {
    case AvpType::kGrouped:
      return AVP_TYPE_GROUPED;
    case AvpType::kUnsigned32:
      return AVP_TYPE_UNSIGNED32;
    case AvpType::kUnsigned64:
      return AVP_TYPE_UNSIGNED64;
    case AvpType::kEnumerated:
      return AVP_TYPE_INTEGER32;
    default:
      return AVP_TYPE_OCTETSTRING;
  }
}

/// The name of a derived type in freeDiameter; null for a basic one.
const char* derived_type(AvpType type) {
  switch (type) {
    case AvpType::kUtf8String:
      return "UTF8String";
    case AvpType::kDiameterIdentity:
      return "DiameterIdentity";
    case AvpType::kDiameterUri:
      return "DiameterURI";
    case AvpType::kAddress:
      return "Address";
    case AvpType::kTime:
      return "Time";
    default:
      return nullptr;
  }
}

dict_object* search_avp(const AvpDefinition& row) {
  const dict_avp_request wanted{row.vendor, row.code, nullptr};
  return search(DICT_AVP, AVP_BY_CODE_AND_VENDOR, &wanted);
}

dict_object* define_avp(const AvpDefinition& row) {
  if (dict_object* const present = search_avp(row)) {
    dict_avp_data data{};
    fd::check(fd_dict_getval(present, &data), "read an AVP's definition");
    if (data.avp_basetype != base_type(row.type)) {
      throw fd::Error("another dictionary extension defines AVP " + std::to_string(row.code) + " of vendor " +
                      std::to_string(row.vendor) + " (" + row.name + ") with a wrong type: do not load it");
    }
    return present;
  }
  const char* const type_name = derived_type(row.type);
  dict_object* const type = type_name == nullptr ? nullptr : search(DICT_TYPE, TYPE_BY_NAME, type_name);
  // Supported-Features may be sent with M or without (TS 29.229 7.2.1): its M is not fixed.
  const auto fixed = static_cast<std::uint8_t>(
      &row == &avps::kSupportedFeatures ? AVP_FLAG_VENDOR : AVP_FLAG_VENDOR | AVP_FLAG_MANDATORY);
  std::string name = row.name;
  // A name that something else has, under another number, is no reason to do without the AVP.
  const dict_avp_request taken{row.vendor, 0, name.data()};
  if (search(DICT_AVP, AVP_BY_NAME_AND_VENDOR, &taken) != nullptr) name += "-" + std::to_string(row.code);
  dict_avp_data data{row.code, row.vendor, name.data(), fixed, row.flags, base_type(row.type)};
  dict_object* out = nullptr;
  fd::check(fd_dict_new(dict(), DICT_AVP, &data, type, &out), row.name);
  return out;
}

void define_vendor(const VendorRow& row) {
  if (search(DICT_VENDOR, VENDOR_BY_ID, &row.id) != nullptr) return;
  std::string name = row.name;
  dict_vendor_data data{row.id, name.data()};
  fd::check(fd_dict_new(dict(), DICT_VENDOR, &data, nullptr, nullptr), row.name);
}

void define_application(const ApplicationRow& row) {
  if (search(DICT_APPLICATION, APPLICATION_BY_ID, &row.id) != nullptr) return;
  std::string name = row.name;
  dict_application_data data{row.id, name.data()};
  fd::check(fd_dict_new(dict(), DICT_APPLICATION, &data, vendor_object(kVendor3gpp), nullptr), row.name);
}

void define_command(std::uint32_t code, const char* name, bool request) {
  if (search(DICT_COMMAND, request ? CMD_BY_CODE_R : CMD_BY_CODE_A, &code) != nullptr) return;
  std::string text = name;
  const auto flags = static_cast<std::uint8_t>(CMD_FLAG_PROXIABLE | (request ? CMD_FLAG_REQUEST : 0));
  dict_cmd_data data{code, text.data(), static_cast<std::uint8_t>(CMD_FLAG_PROXIABLE | CMD_FLAG_REQUEST), flags};
  // No parent: the command belongs to more than one application.
  fd::check(fd_dict_new(dict(), DICT_COMMAND, &data, nullptr, nullptr), name);
}

/// Peers of RFC 3588 may repeat Vendor-Id in Vendor-Specific-Application-Id (its ABNF has 1*); freeDiameter's own rule,
/// which has RFC 6733's, would answer DIAMETER_AVP_OCCURS_TOO_MANY_TIMES.
void allow_repeated_vendor_id() {
  dict_object* const parent = model_of(avps::kVendorSpecificApplicationId);
  dict_object* const vendor_id = model_of(avps::kVendorId);
  const dict_rule_request wanted{parent, vendor_id};
  if (dict_object* const rule = search(DICT_RULE, RULE_BY_AVP_AND_PARENT, &wanted)) {
    fd::check(fd_dict_delete(rule), "replace the rule of Vendor-Id");
  }
  dict_rule_data data{vendor_id, RULE_REQUIRED, 0, -1, -1};
  fd::check(fd_dict_new(dict(), DICT_RULE, &data, parent, nullptr), "replace the rule of Vendor-Id");
}

}  // namespace

void define_dictionary() {
  for (const VendorRow& row : kVendors) define_vendor(row);
  for (std::size_t i = 0; i < models.size(); ++i) models.at(i) = define_avp(avp_table::kRows.at(i));
  allow_repeated_vendor_id();
  for (const ApplicationRow& row : kApplications) define_application(row);
  for (const CommandRow& row : kCommands) {
    define_command(row.code, row.request, true);
    define_command(row.code, row.answer, false);
  }
}

dict_object* model_of(const AvpDefinition& definition) {
  return models.at(static_cast<std::size_t>(&definition - avp_table::kRows.data()));
}

dict_object* application_object(std::uint32_t id) { return search(DICT_APPLICATION, APPLICATION_BY_ID, &id); }
dict_object* vendor_object(std::uint32_t id) { return search(DICT_VENDOR, VENDOR_BY_ID, &id); }
dict_object* request_object(std::uint32_t command_code) { return search(DICT_COMMAND, CMD_BY_CODE_R, &command_code); }

}  // namespace hss::diameter
