// hssctl shared-ifc set: stores initial filter criteria that profiles share, checked; S-CSCFs that have a copy are
// told.
// SPDX-License-Identifier: MIT
#include <memory>
#include <optional>

#include "hss/user_profile.h"
#include "provisioning/checks.h"
#include "provisioning/command_line.h"
#include "provisioning/profile/input.h"
#include "provisioning/profile/served.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::shared_ifc {
namespace {

constexpr std::uint64_t kLargestId = 2147483647;  // xs:int, TS 29.228 Annex E

struct Options {
  std::string name;
  std::string file;
  std::string id;
  push::Wait wait;
};

std::optional<std::uint32_t> id_of(const Options& options) {
  if (options.id.empty()) return std::nullopt;
  FieldProblems problems;
  const auto id = Checker(problems).number("--id", options.id, kLargestId);
  if (!id) throw UsageError("--id: " + problems.front().reason);
  return static_cast<std::uint32_t>(*id);
}

void run_set(const Options& options, Command& command) {
  const std::string name(trim(options.name));
  if (name.empty()) throw UsageError("the name is empty: give one");
  const auto wanted = id_of(options);
  push::seconds_of(options.wait);
  Store store(command.directory);
  const std::string xml = profile::read_document(options.file, command);
  std::size_t criteria = 0;
  try {
    criteria = parse_shared_ifc_set(xml).criteria.size();
  } catch (const ProfileError& error) {
    throw Failure(printable(options.file) + ": " + one_line(error.what()));
  }
  std::uint32_t id = 0;
  std::vector<PushId> pushes;
  store.database().write([&] {
    db::Administration& administration = store.administration();
    const auto stored = administration.shared_ifc_set(name);
    if (!wanted && !stored) throw UsageError("give a new set its number with --id, as its S-CSCFs are configured");
    id = wanted ? *wanted : stored->id;
    profile::Served served(store, administration.served_with_shared_ifc_set(name));
    administration.save_shared_ifc_set(name, id, xml);
    pushes = served.announce();
  });
  if (!command.json) {
    command.out << "stored " << printable(name) << ", number " << id << ": " << criteria
                << " initial filter criteria\n";
  }
  profile::report_copies(store, pushes, options.wait, {{"id", id}, {"name", name}, {"criteria", criteria}}, "S-CSCF",
                         command);
}

}  // namespace

void add_set(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("set", "store a shared set of initial filter criteria, or change it");
  const auto options = std::make_shared<Options>();
  app->add_option("NAME", options->name, "its name")->required()->type_name("");
  app->add_option("FILE", options->file,
                  "a ServiceProfile element of TS 29.228 Annex E with InitialFilterCriteria only; - is standard input")
      ->required()
      ->type_name("");
  app->add_option("--id", options->id, "its number (SharedIFCSetID), 0 to 2147483647; stays when it is not given")
      ->type_name("N");
  push::declare_wait(*app, options->wait);
  app->footer(
      "A profile uses it by <Extension><SharedIFCSetID>N</SharedIFCSetID></Extension> at its end. S-CSCFs without the\n"
      "feature SiFC get its criteria among those of the profile, so no two may have one priority.\n"
      "Example:\n  hssctl -C ./hss shared-ifc set voicemail voicemail.xml --id 7");
  app->action([options, &command] { run_set(*options, command); });
}

}  // namespace hss::provisioning::shared_ifc
