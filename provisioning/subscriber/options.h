// The options of subscriber add and subscriber set, which are the same.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "provisioning/command.h"
#include "provisioning/subscriber_fields.h"

namespace hss::provisioning::subscriber {

/// Adds the options to a verb; `fields` gets what is typed. `keys_file` gets a name to hand to read_keys_file.
void declare_options(CLI::App& app, SubscriberFields& fields, std::string& keys_file);

/// Lines k=HEX, opc=HEX or op=HEX of a file, "-" being `in`. Throws Failure and UsageError. Nothing when `name` is
/// empty.
void read_keys_file(const std::string& name, std::istream& in, SubscriberFields& fields);

/// All problems as one line.
[[nodiscard]] UsageError refusal(const FieldProblems& problems);

}  // namespace hss::provisioning::subscriber
