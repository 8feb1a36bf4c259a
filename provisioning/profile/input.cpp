// SPDX-License-Identifier: MIT
#include "provisioning/profile/input.h"

#include <fstream>
#include <istream>
#include <iterator>

#include "provisioning/text.h"

namespace hss::provisioning::profile {

std::string read_document(const std::string& file, Command& command) {
  if (file == "-") return {std::istreambuf_iterator<char>(command.in), {}};
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw Failure(printable(file) + ": cannot be read: check its name, owner and mode");
  return text;
}

}  // namespace hss::provisioning::profile
