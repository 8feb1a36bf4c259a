// hssctl profile preview: the User-Data that an S-CSCF gets for a public identity, to the octet.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "hss/identity.h"
#include "hss/user_profile.h"
#include "hss/wildcard.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::profile {
namespace {

struct Options {
  std::string impu;
  std::string impi;
  bool shared_ifc = false;
  bool alias = false;
};

/// Whom a public identity leads to.
struct Member {
  std::shared_ptr<const Subscription> subscription;
  const PublicIdentity* identity = nullptr;
  std::string impu;       // canonical
  bool instance = false;  // of the wildcarded identity
};

/// Exact match before wildcard, as the procedures do it.
Member find_member(const std::string& typed, Repository& repository) {
  Member member;
  if (const auto wildcard = WildcardedIdentity::parse(typed)) {
    member.impu = wildcard->text();
  } else if (const auto canonical = canonical_public_identity(typed)) {
    member.impu = *canonical;
  } else {
    throw Failure(printable(typed) + ": no public identity: write it like sip:alice@example.org or tel:+15550100001");
  }
  member.subscription = repository.find_by_public_identity(member.impu);
  if (member.subscription) {
    member.identity = member.subscription->find_public(member.impu);
  } else if (auto match = repository.find_by_wildcard(member.impu); match.subscription) {
    member.subscription = std::move(match.subscription);
    member.identity = member.subscription->public_by_id(match.public_identity);
    member.instance = true;
  }
  if (member.identity == nullptr) {
    throw Failure(printable(member.impu) + ": no such public identity: see 'hssctl subscriber list'");
  }
  return member;
}

/// The one that was asked for, else one that is registered, else the first.
const PrivateIdentity& find_private_identity(const Options& options, const Member& member, Repository& repository) {
  const auto candidates = member.subscription->private_identities_of(member.identity->implicit_set);
  if (candidates.empty()) {
    throw Failure(printable(member.impu) + ": no private identity may use it, so no S-CSCF gets its profile");
  }
  if (!options.impi.empty()) {
    const std::string impi = lookup_form(options.impi);
    const auto found = std::ranges::find(candidates, impi, &PrivateIdentity::impi);
    if (found == candidates.end()) {
      throw Failure(printable(impi) + ": may not use " + printable(member.impu) + ": give one that may with --impi");
    }
    return **found;
  }
  for (const PairState& pair : repository.registration(member.subscription->id).pairs) {
    if (pair.implicit_set != member.identity->implicit_set || pair.status != RegistrationStatus::kRegistered) continue;
    const auto found = std::ranges::find(candidates, pair.private_identity, &PrivateIdentity::id);
    if (found != candidates.end()) return **found;
  }
  return *candidates.front();
}

void run_preview(const Options& options, Command& command) {
  Store store(command.directory);
  std::string impu;
  std::string impi;
  std::string user_data;
  store.database().read([&] {
    Repository& repository = store.administration().repository();
    const Member member = find_member(std::string(trim(options.impu)), repository);
    impu = member.impu;
    impi = find_private_identity(options, member, repository).impi;
    UserDataOptions agreed;
    agreed.shared_ifc = options.shared_ifc;
    agreed.alias_indication = options.alias;
    if (member.instance) {
      agreed.wildcard_instance = member.impu;
      agreed.wildcard = member.identity->id;
    }
    user_data = write_user_data(*member.subscription, member.identity->implicit_set, impi, agreed);
  });
  if (command.json) {
    command.out << compact({{"impu", impu}, {"impi", impi}, {"user_data", user_data}}) << '\n';
  } else {
    command.out << user_data;  // nothing after it: these are the octets
  }
}

}  // namespace

void add_preview(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("preview", "print the exact User-Data that an S-CSCF gets for an identity");
  const auto options = std::make_shared<Options>();
  app->add_option("IMPU", options->impu, "public identity; one that a wildcarded identity matches will do")
      ->required()
      ->type_name("");
  app->add_option("--impi", options->impi, "private identity that registers; else one that is, or the first")
      ->type_name("IMPI");
  app->add_flag("--shared-ifc", options->shared_ifc, "for an S-CSCF with the feature SiFC: shared sets by number");
  app->add_flag("--alias", options->alias, "for an S-CSCF with the feature AliasInd: with alias groups");
  app->footer("Example:\n  hssctl -C ./hss profile preview tel:+15550100001 | xmllint --format -");
  app->action([options, &command] { run_preview(*options, command); });
}

}  // namespace hss::provisioning::profile
