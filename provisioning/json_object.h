// Reads one JSON object strictly: wrong types and unknown members become problems named by their path.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/checks.h"
#include "provisioning/json.h"

namespace hss::provisioning {

class JsonObject {
 public:
  /// `path` names the object in problems: empty for the outermost.
  JsonObject(const Json& value, std::string path, Checker& check);

  /// The path of a member.
  [[nodiscard]] std::string path_of(std::string_view member) const;

  /// The member's text, number, truth value or array; nullopt (null) when it is absent, JSON's null, or of another
  /// type, which is a problem.
  std::optional<std::string> text(std::string_view member);
  std::optional<bool> boolean(std::string_view member);
  std::optional<std::uint64_t> number(std::string_view member,
                                      std::uint64_t max = std::numeric_limits<std::uint64_t>::max());
  const Json* array(std::string_view member);
  const Json* object(std::string_view member);
  std::vector<std::string> texts(std::string_view member);
  std::vector<std::uint32_t> numbers(std::string_view member);

  /// Makes every member that was not asked for a problem. Call last.
  void refuse_the_rest();

 private:
  const Json* member(std::string_view name);

  const Json& value_;
  std::string path_;
  Checker& check_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace hss::provisioning
