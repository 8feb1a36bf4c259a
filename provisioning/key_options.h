// The options that name the keys of a card, and the files that keep them out of the command line.
// SPDX-License-Identifier: MIT
#pragma once

#include <istream>
#include <string>

#include "provisioning/command.h"
#include "provisioning/key_fields.h"

namespace hss::provisioning {

/// What is typed beside the fields: files that hold some of them.
struct KeyFiles {
  std::string keys_file;
  std::string milenage_constants;  // a text with '=', or a file
};

/// Adds --algorithm, --k, --opc and the like, and the files.
void declare_keys(cli::App& app, KeyFields& fields, KeyFiles& files);

/// Reads into `fields` what the files hold, "-" being `in`: lines k=HEX, opc=HEX and the like, and ha1=HEX into `ha1`
/// when there is a place for it. Throws Failure and UsageError.
void read_key_files(const KeyFiles& files, std::istream& in, KeyFields& fields, KeyText* ha1 = nullptr);

}  // namespace hss::provisioning
