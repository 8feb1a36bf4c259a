// SPDX-License-Identifier: MIT
#include "provisioning/json_object.h"

#include <algorithm>

#include "hss/ascii.h"

namespace hss::provisioning {

JsonObject::JsonObject(const Json& value, std::string path, Checker& check)
    : value_(value), path_(std::move(path)), check_(check) {
  if (!value.is_object()) check_.refuse(path_.empty() ? "(record)" : path_, "must be an object");
}

std::string JsonObject::path_of(std::string_view member) const {
  return path_.empty() ? std::string(member) : path_ + '.' + std::string(member);
}

const Json* JsonObject::member(std::string_view name) {
  known_.emplace(name);
  if (!value_.is_object()) return nullptr;
  const auto found = value_.find(std::string(name));
  return found == value_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> JsonObject::text(std::string_view name) {
  const Json* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  check_.refuse(path_of(name), "must be a text in quotes");
  return std::nullopt;
}

std::optional<bool> JsonObject::boolean(std::string_view name) {
  const Json* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  check_.refuse(path_of(name), "must be true or false");
  return std::nullopt;
}

std::optional<std::uint64_t> JsonObject::number(std::string_view name, std::uint64_t max) {
  const Json* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() <= max) return value->get<std::uint64_t>();
  check_.refuse(path_of(name), "must be a number from 0 to " + std::to_string(max));
  return std::nullopt;
}

const Json* JsonObject::array(std::string_view name) {
  const Json* value = member(name);
  if (value == nullptr || value->is_array()) return value;
  check_.refuse(path_of(name), "must be an array");
  return nullptr;
}

const Json* JsonObject::object(std::string_view name) { return member(name); }

std::vector<std::string> JsonObject::texts(std::string_view name) {
  std::vector<std::string> out;
  const Json* values = array(name);
  if (values == nullptr) return out;
  for (const Json& value : *values) {
    if (value.is_string()) {
      out.push_back(value.get<std::string>());
    } else {
      check_.refuse(path_of(name), "must hold texts in quotes");
      break;
    }
  }
  return out;
}

std::vector<std::uint32_t> JsonObject::numbers(std::string_view name) {
  std::vector<std::uint32_t> out;
  const Json* values = array(name);
  if (values == nullptr) return out;
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
  for (const Json& value : *values) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= kMax) {
      out.push_back(value.get<std::uint32_t>());
    } else {
      check_.refuse(path_of(name), "must hold numbers from 0 to " + std::to_string(kMax));
      break;
    }
  }
  return out;
}

void JsonObject::refuse_the_rest() {
  if (!value_.is_object()) return;
  for (const auto& [name, value] : value_.items()) {
    if (known_.contains(name)) continue;
    // A name is repeated only when it looks like one: it might be a key in the wrong place.
    const bool is_name = !name.empty() && name.size() < 30 &&
                         std::ranges::all_of(name, [](char c) { return ascii::is_alpha(c) || c == '_'; });
    check_.refuse(path_of(is_name ? name : "(member)"), "is not known");
  }
}

}  // namespace hss::provisioning
