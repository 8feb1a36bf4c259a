// hssctl profile set: stores a service profile, checked.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <memory>

#include "hss/user_profile.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::profile {
namespace {

struct Options {
  std::string name;
  std::string file;
};

std::string read_text(const Options& options, Command& command) {
  if (options.file == "-") return {std::istreambuf_iterator<char>(command.in), {}};
  std::ifstream file(options.file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Failure(printable(options.file) + ": cannot be read: check its name, owner and mode");
  return text;
}

void run_set(const Options& options, Command& command) {
  if (trim(options.name).empty()) throw UsageError("the name is empty: give one");
  Store store(command.directory);
  const std::string xml = read_text(options, command);
  std::size_t criteria = 0;
  try {
    criteria = parse_service_profile(xml).criteria.size();
  } catch (const ProfileError& error) {
    throw Failure(printable(options.file) + ": " + one_line(error.what()));
  }
  store.database().write([&] { store.administration().save_profile(trim(options.name), xml); });
  if (command.json) {
    command.out << compact({{"name", trim(options.name)}, {"criteria", criteria}}) << '\n';
  } else {
    command.out << "stored " << printable(trim(options.name)) << ": " << criteria << " initial filter criteria\n";
  }
}

}  // namespace

void add_set(CLI::App& parent, Command& command) {
  CLI::App* app = parent.add_subcommand("set", "store a service profile under a name, or change it");
  const auto options = std::make_shared<Options>();
  app->add_option("NAME", options->name, "its name")->required()->type_name("");
  app->add_option("FILE", options->file,
                  "a ServiceProfile element of TS 29.228 Annex E without PublicIdentity; - is standard input")
      ->required()
      ->type_name("");
  app->footer("Example:\n  hssctl -C ./hss profile set sms sms.xml");
  app->final_callback([options, &command] { run_set(*options, command); });
}

}  // namespace hss::provisioning::profile
