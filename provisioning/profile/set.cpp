// hssctl profile set: stores a service profile, checked; S-CSCFs that have a copy are told.
// SPDX-License-Identifier: MIT
#include <memory>

#include "hss/user_profile.h"
#include "provisioning/command_line.h"
#include "provisioning/profile/input.h"
#include "provisioning/profile/served.h"
#include "provisioning/profile/templates.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::profile {
namespace {

struct Options {
  std::string name;
  std::string file;
  std::vector<std::string> templates;
  std::vector<std::string> servers;
  push::Wait wait;
};

struct Document {
  std::string xml;  // to be stored
  ServiceProfile profile;
  bool had_identities = false;
};

/// As it is written, with its comments; only what holds identities is written anew without them.
Document checked(std::string xml, const std::string& from) {
  Document document;
  try {
    document.profile = import_service_profile(xml);
  } catch (const ProfileError& error) {
    throw Failure(printable(from) + ": " + one_line(error.what()));
  }
  try {
    parse_service_profile(xml);
    document.xml = std::move(xml);
  } catch (const ProfileError&) {
    document.xml = write_service_profile(document.profile);
    document.had_identities = true;
  }
  return document;
}

Document document_of(const Options& options, Command& command) {
  if (!options.templates.empty() || !options.servers.empty()) {
    if (!options.file.empty()) throw UsageError("give FILE or --template, not both");
    return checked(from_templates(options.templates, options.servers), "template");
  }
  if (options.file.empty()) throw UsageError("give FILE, or --template and --as");
  return checked(read_document(options.file, command), options.file);
}

void print(const std::string& name, const Document& document, Command& command) {
  command.out << "stored " << printable(name) << ": " << document.profile.criteria.size() << " initial filter criteria";
  for (const std::uint32_t id : document.profile.shared_ifc_ids) command.out << ", shared set " << id;
  command.out << (document.had_identities ? "; its public identities are left out\n" : "\n");
}

void run_set(const Options& options, Command& command) {
  const std::string name(trim(options.name));
  if (name.empty()) throw UsageError("the name is empty: give one");
  push::seconds_of(options.wait);
  Store store(command.directory);
  const Document document = document_of(options, command);
  std::vector<PushId> pushes;
  store.database().write([&] {
    Served served(store, store.administration().served_with_profile(name));
    store.administration().save_profile(name, document.xml);
    pushes = served.announce();
  });
  if (!command.json) print(name, document, command);
  report_copies(store, pushes, options.wait,
                {{"name", name},
                 {"criteria", document.profile.criteria.size()},
                 {"shared_ifc_sets", document.profile.shared_ifc_ids}},
                "S-CSCF", command);
}

}  // namespace

void add_set(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("set", "store a service profile under a name, or change it");
  const auto options = std::make_shared<Options>();
  app->add_option("NAME", options->name, "its name")->required()->type_name("");
  app->add_option("FILE", options->file,
                  "a ServiceProfile element of TS 29.228 Annex E, or an IMSSubscription with one; public identities in "
                  "it are left out; - is standard input")
      ->type_name("");
  app->add_option("--template", options->templates, "instead of FILE: volte, sms-over-ip; may be repeated")
      ->type_name("NAME")
      ->one_value_each();
  app->add_option("--as", options->servers, "SIP URI of the application server; once for each --template")
      ->type_name("URI")
      ->one_value_each();
  push::declare_wait(*app, options->wait);
  app->footer(
      "S-CSCFs that serve somebody with this profile get the new one (PPR).\n"
      "Example:\n"
      "  hssctl -C ./hss profile set sms sms.xml\n"
      "  hssctl -C ./hss profile set gold --template volte --as sip:tas.example.org \\\n"
      "      --template sms-over-ip --as sip:ipsmgw.example.org");
  app->action([options, &command] { run_set(*options, command); });
}

}  // namespace hss::provisioning::profile
