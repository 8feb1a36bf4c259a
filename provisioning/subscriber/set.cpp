// hssctl subscriber set: changes what the options name and leaves the rest as it is.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "hss/identity.h"
#include "hss/sqn.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/subscription_json.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {
namespace {

struct Options {
  std::string identity;
  SubscriberFields fields;
  std::string keys_file;
  std::vector<std::string> clear;
};

constexpr std::array<const char*, 6> kClearable{"msisdn",          "scscf",       "capability", "optional-capability",
                                                "visited-network", "display-name"};

/// Applies what was typed to a stored draft.
class Change {
 public:
  Change(const Options& options, const Settings& settings, db::SubscriptionDraft& draft)
      : fields_(options.fields), clear_(options.clear), settings_(settings), draft_(draft) {}

  FieldProblems apply() {
    change_identities();
    change_keys();
    change_network();
    return std::move(problems_);
  }

 private:
  [[nodiscard]] bool cleared(std::string_view name) const { return std::ranges::find(clear_, name) != clear_.end(); }

  void change_identities() {
    const std::string old_imsi = draft_.imsi;
    const std::string old_impi = draft_.private_identities.front().impi;
    const auto old_derived = derived_impus(draft_.msisdns, old_imsi, old_impi, settings_);
    if (!fields_.imsi.empty()) draft_.imsi = check_.imsi("--imsi", fields_.imsi).value_or(old_imsi);
    change_private(old_imsi, old_impi);
    if (!fields_.msisdns.empty() || cleared("msisdn")) {
      draft_.msisdns.clear();
      for (const std::string& text : fields_.msisdns) {
        if (const auto digits = check_.msisdn("--msisdn", text)) draft_.msisdns.push_back(*digits);
      }
    }
    const std::string& impi = draft_.private_identities.front().impi;
    if (!fields_.impus.empty()) {
      replace_public(false, read_impus("--impu", fields_.impus));
    } else if (derived_impus(draft_.msisdns, draft_.imsi, impi, settings_) != old_derived) {
      follow_msisdns(old_derived, derived_impus(draft_.msisdns, draft_.imsi, impi, settings_));
    }
    if (!fields_.barred_impus.empty()) replace_public(true, read_impus("--barred-impu", fields_.barred_impus));
    if (std::ranges::none_of(draft_.public_identities, [](const auto& p) { return !p.barred; })) {
      check_.refuse("--impu", "no public identity would be left that is not barred");
    }
    for (auto& identity : draft_.public_identities) {
      if (!fields_.profile.empty()) identity.service_profile = trim(fields_.profile);
      if (!identity.barred && !fields_.display_name.empty()) identity.display_name = trim(fields_.display_name);
      if (cleared("display-name")) identity.display_name.clear();
    }
  }

  /// The IMPI, and the barred IMPU that has its name, follow the IMSI as long as they did so before.
  void change_private(const std::string& old_imsi, const std::string& old_impi) {
    const bool followed = !old_imsi.empty() && old_impi == derived_impi(old_imsi, settings_);
    std::string impi = old_impi;
    if (!fields_.impi.empty()) {
      impi = check_.impi("--impi", fields_.impi).value_or(old_impi);
    } else if (followed && draft_.imsi != old_imsi) {
      impi = derived_impi(draft_.imsi, settings_);
    }
    if (impi == old_impi) return;
    if (draft_.private_identities.size() > 1) {
      check_.refuse("--impi", "the subscriber has several private identities: use export and import --update");
      return;
    }
    draft_.private_identities.front().impi = impi;
    const auto old_temporary = canonical_public_identity("sip:" + old_impi);
    const auto new_temporary = canonical_public_identity("sip:" + impi);
    for (auto& identity : draft_.public_identities) {
      if (identity.barred && identity.impu == old_temporary && new_temporary) identity.impu = *new_temporary;
    }
  }

  std::vector<std::string> read_impus(const char* name, const std::vector<std::string>& texts) {
    std::vector<std::string> impus;
    for (const std::string& text : texts) {
      if (const auto impu = check_.impu(name, text)) impus.push_back(*impu);
    }
    return impus;
  }

  /// The barred, or the other, public identities become `impus`; those that stay keep what they have.
  void replace_public(bool barred, const std::vector<std::string>& impus) {
    const std::vector<db::PublicIdentityDraft> before = draft_.public_identities;
    std::erase_if(draft_.public_identities, [&](const auto& p) { return p.barred == barred; });
    auto place = barred ? draft_.public_identities.end() : draft_.public_identities.begin();
    for (const std::string& impu : impus) {
      if (std::ranges::find(draft_.public_identities, impu, &db::PublicIdentityDraft::impu) !=
          draft_.public_identities.end()) {
        check_.refuse(barred ? "--barred-impu" : "--impu", "named twice, or both barred and not");
        return;
      }
      const auto same = std::ranges::find(before, impu, &db::PublicIdentityDraft::impu);
      db::PublicIdentityDraft identity =
          same != before.end() ? *same
                               : db::PublicIdentityDraft{.impu = impu,
                                                         .implicit_set = before.front().implicit_set,
                                                         .service_profile = before.front().service_profile,
                                                         .display_name = {}};
      identity.barred = barred;
      place = draft_.public_identities.insert(place, std::move(identity)) + 1;
    }
  }

  /// Identities that were derived from the numbers go with them; others stay.
  void follow_msisdns(const std::vector<std::string>& old_derived, const std::vector<std::string>& new_derived) {
    std::vector<std::string> impus = new_derived;
    for (const auto& identity : draft_.public_identities) {
      const bool was_derived = std::ranges::find(old_derived, identity.impu) != old_derived.end();
      const bool is_derived = std::ranges::find(new_derived, identity.impu) != new_derived.end();
      if (!identity.barred && !was_derived && !is_derived) impus.push_back(identity.impu);
    }
    replace_public(false, impus);
  }

  void change_keys() {
    const bool any = !fields_.k.empty() || !fields_.opc.empty() || !fields_.op.empty() || !fields_.amf.empty() ||
                     !fields_.sqn.empty() || !fields_.ind_bits.empty();
    if (!any) return;
    if (draft_.key_sets.size() != 1) {
      check_.refuse("--k", "the subscriber has " + count_of(draft_.key_sets.size(), "key set") +
                               ", not one: use export and import --update");
      return;
    }
    db::KeySetDraft& key_set = draft_.key_sets.front();
    if (!fields_.k.empty()) {
      if (fields_.opc.empty() && fields_.op.empty()) {
        check_.refuse("--k", "OPc depends on K: give --opc or --op with it");
        return;
      }
      if (!check_.hex("--k", fields_.k.text, key_set.k.overwrite())) return;
    }
    if (!fields_.opc.empty() || !fields_.op.empty()) {
      read_opc(check_, key_set.k, fields_.opc, fields_.op, FieldNames::kOptions, key_set.opc);
    }
    if (!fields_.amf.empty()) check_.hex("--amf", fields_.amf, key_set.amf);
    if (!fields_.ind_bits.empty()) {
      if (const auto bits = check_.number("--ind-bits", fields_.ind_bits, 16)) {
        // Not below any SQN that was issued, whatever IND it had.
        const Sqn highest = join_sqn(key_set.seq + 1, 0, key_set.ind_bits) - 1;
        key_set.ind_bits = static_cast<unsigned>(*bits);
        key_set.seq = seq_of(highest, key_set.ind_bits);
      }
    }
    if (!fields_.sqn.empty()) {
      key_set.seq = check_.seq("--sqn", fields_.sqn, key_set.ind_bits).value_or(key_set.seq);
    }
  }

  void change_network() {
    if (!fields_.scscfs.empty() || cleared("scscf")) {
      draft_.capabilities.server_names.clear();
      for (const std::string& text : fields_.scscfs) {
        if (const auto uri = check_.server_name("--scscf", text)) draft_.capabilities.server_names.push_back(*uri);
      }
    }
    change_capabilities("capability", fields_.capabilities, draft_.capabilities.mandatory);
    change_capabilities("optional-capability", fields_.optional_capabilities, draft_.capabilities.optional);
    if (!fields_.visited_networks.empty() || cleared("visited-network")) {
      draft_.visited_networks.clear();
      for (const std::string& text : fields_.visited_networks) {
        draft_.visited_networks.push_back(canonical_network(text));
        if (draft_.visited_networks.back().empty()) check_.refuse("--visited-network", "empty");
      }
    }
  }

  void change_capabilities(const std::string& name, const std::vector<std::string>& texts,
                           std::vector<std::uint32_t>& out) {
    if (texts.empty() && !cleared(name)) return;
    out.clear();
    for (const std::string& text : texts) {
      const auto number = check_.number("--" + name, text, std::numeric_limits<std::uint32_t>::max());
      if (number) out.push_back(static_cast<std::uint32_t>(*number));
    }
  }

  const SubscriberFields& fields_;
  const std::vector<std::string>& clear_;
  const Settings& settings_;
  db::SubscriptionDraft& draft_;
  FieldProblems problems_;
  Checker check_{problems_};
};

void run_set(Options& options, Command& command) {
  Store store(command.directory);
  read_keys_file(options.keys_file, command.in, options.fields);
  db::SubscriptionDraft draft;
  store.database().write([&] {
    const SubscriptionId id = store.require(options.identity);
    const auto stored = store.administration().read(id, true);
    if (!stored) throw Failure(printable(options.identity) + ": has gone just now: see 'subscriber list'");
    draft = stored->draft;
    if (const auto problems = Change(options, store.settings(), draft).apply(); !problems.empty()) {
      throw refusal(problems);
    }
    store.administration().replace(id, draft);
  });
  if (command.json) {
    command.out << compact(to_json(draft, false)) << '\n';
  } else {
    command.out << "changed " << printable(draft.private_identities.front().impi) << '\n';
  }
}

}  // namespace

void add_set(CLI::App& parent, Command& command) {
  CLI::App* app = parent.add_subcommand("set", "change a subscriber; what no option names stays as it is");
  const auto options = std::make_shared<Options>();
  app->add_option("ID", options->identity, "IMSI, MSISDN, IMPI or IMPU")->required()->type_name("");
  declare_options(*app, options->fields, options->keys_file);
  app->add_option("--clear", options->clear, "empty this list or text, may be repeated")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(std::vector<std::string>(kClearable.begin(), kClearable.end())))
      ->type_name("NAME");
  app->footer(
      "A list that is given replaces the whole list. Identities derived from the MSISDN or the IMSI follow it.\n"
      "Example:\n"
      "  hssctl -C ./hss subscriber set 001010000000001 --msisdn 491510000002");
  app->final_callback([options, &command] { run_set(*options, command); });
}

}  // namespace hss::provisioning::subscriber
