// The options of subscriber add and subscriber set, which are the same.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "provisioning/command.h"
#include "provisioning/key_options.h"
#include "provisioning/subscriber_fields.h"

namespace hss::provisioning::subscriber {

/// What is typed: the fields, and files that hold some of them.
struct Typed {
  SubscriberFields fields;
  KeyFiles key_files;
  std::string password_file;
};

/// Adds the options to a verb.
void declare_options(cli::App& app, Typed& typed);

/// Reads into `typed.fields` what the files hold, "-" being `in`: lines k=HEX, opc=HEX and the like of the keys file,
/// the first line of the password file. Throws Failure and UsageError.
void read_files(Typed& typed, std::istream& in);

/// What helps against it is said with it.
[[nodiscard]] Failure unknown_apn(const db::UnknownApn& error);

/// All problems as one line.
[[nodiscard]] UsageError refusal(const FieldProblems& problems);

}  // namespace hss::provisioning::subscriber
