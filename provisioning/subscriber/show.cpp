// hssctl subscriber show: what is provisioned, and where it stands. Never a key, but a check value of each.
// SPDX-License-Identifier: MIT
#include <array>
#include <memory>

#include "hss/sqn.h"
#include "provisioning/announce.h"
#include "provisioning/command_line.h"
#include "provisioning/credential_fields.h"
#include "provisioning/key_check.h"
#include "provisioning/key_fields.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/non_3gpp.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/subscription_json.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::subscriber {
namespace {

const db::StoredSubscription::Resynchronisation* resynchronisation_of(const db::StoredSubscription& stored,
                                                                      std::size_t key_set) {
  for (const auto& entry : stored.resynchronisations) {
    if (entry.key_set == key_set) return &entry;
  }
  return nullptr;
}

std::string_view word_for(ResynchronisationRecord::Action action) {
  constexpr std::array<std::string_view, 3> kNames{"kept", "raised", "lowered"};
  return kNames.at(static_cast<std::size_t>(action));
}

/// SEQ_MS - SEQ_HE with its sign: how far the card was ahead.
std::string ahead_by(const ResynchronisationRecord& record) {
  return record.seq_ms >= record.seq_he ? '+' + std::to_string(record.seq_ms - record.seq_he)
                                        : '-' + std::to_string(record.seq_he - record.seq_ms);
}

Json state_json(const db::StoredSubscription& stored) {
  Json states = Json::array();
  for (const auto& identity : stored.draft.private_identities) {
    for (const auto& impu : stored.draft.public_identities) {
      const auto state = state_of(stored, identity.impi, impu.implicit_set);
      Json item{{"impu", impu.impu}, {"impi", identity.impi}, {"state", name_of(state.status)}};
      if (state.auth_pending_until) item["authentication_pending_until"] = utc(*state.auth_pending_until);
      if (state.restoration_octets > 0) item["restoration_octets"] = state.restoration_octets;
      states.push_back(std::move(item));
    }
  }
  return states;
}

Json server_json(const AssignedServer& server) {
  return {{"name", server.name}, {"diameter_host", server.diameter_host}, {"diameter_realm", server.diameter_realm}};
}

Json show_json(const db::StoredSubscription& stored) {
  Json json = to_json(stored.draft, false);
  for (std::size_t i = 0; i < stored.draft.key_sets.size(); ++i) {
    Json& item = json["key_sets"][i];
    const db::KeySetDraft& key_set = stored.draft.key_sets[i];
    item["seq"] = key_set.seq;
    item["k_check_value"] = key_check_value(key_set.k);
    if (!key_set.opc.empty()) {
      item[std::string(opc_name(key_set.algorithm)) + "_check_value"] = key_check_value(key_set.opc);
    }
    if (const auto* entry = resynchronisation_of(stored, i)) {
      item["last_resynchronisation"] = {{"at", utc(entry->record.at)},
                                        {"origin_host", entry->record.origin_host},
                                        {"seq_he", entry->record.seq_he},
                                        {"seq_ms", entry->record.seq_ms},
                                        {"seq", word_for(entry->record.action)}};
    }
  }
  json["registration"] = state_json(stored);
  if (stored.server) json["s_cscf"] = server_json(*stored.server);
  if (stored.previous_server) json["previous_s_cscf"] = server_json(*stored.previous_server);
  if (stored.reassignment_pending) json["reassignment_pending"] = true;
  if (stored.draft.non_3gpp || stored.non_3gpp.server) {
    json["non_3gpp_registration"] = swx_registration_json(stored.non_3gpp);
  }
  return json;
}

/// What is not as usual with its algorithm.
std::string parameters_of(const db::KeySetDraft& key_set) {
  const AkaParameters& parameters = key_set.parameters;
  std::string text;
  if (parameters.milenage != MilenageConstants{}) text += ", own constants";
  if (key_set.algorithm == AkaAlgorithm::kTuak) {
    text += ", K " + std::to_string(key_set.k.size() * 8) + " bits, " +
            count_of(parameters.tuak_iterations, "iteration") + " of Keccak";
  }
  if (key_set.algorithm != AkaAlgorithm::kMilenage) {
    text += ", RES " + std::to_string(parameters.res_octets) + " octets";
  }
  return text;
}

void print_key_set(const db::StoredSubscription& stored, std::size_t index, std::ostream& out) {
  const db::KeySetDraft& key_set = stored.draft.key_sets[index];
  out << "Key set " << index << "  " << title_of(key_set.algorithm) << parameters_of(key_set) << ", AMF "
      << to_hex(key_set.amf) << ", IND bits " << key_set.ind_bits << ", delta " << key_set.delta
      << (key_set.test ? ", test card" : "") << '\n'
      << "  check     K " << key_check_value(key_set.k);
  if (!key_set.opc.empty()) {
    out << (key_set.algorithm == AkaAlgorithm::kTuak ? ", TOPc " : ", OPc ") << key_check_value(key_set.opc);
  }
  out << "\n  SQN       " << sqn_text(key_set.seq, key_set.ind_bits) << " (SEQ " << key_set.seq << ")\n";
  const auto* entry = resynchronisation_of(stored, index);
  if (entry == nullptr) {
    out << "  resync    never\n";
    return;
  }
  const ResynchronisationRecord& record = entry->record;
  out << "  resync    " << utc(record.at) << " by " << printable(record.origin_host) << ": card at SEQ "
      << record.seq_ms << ", we at " << record.seq_he << " (" << ahead_by(record) << "), " << word_for(record.action)
      << '\n';
}

void print_public(const db::StoredSubscription& stored, const db::PublicIdentityDraft& impu, std::ostream& out) {
  out << "IMPU       " << printable(impu.impu) << (impu.barred ? ", barred" : "")
      << (impu.registration_allowed ? "" : ", registration not allowed") << '\n'
      << "  set " << impu.implicit_set << ", profile " << printable(impu.service_profile)
      << (impu.display_name.empty() ? "" : ", display name \"" + printable(impu.display_name) + '"')
      << (impu.alias_group.empty() ? "" : ", alias group " + printable(impu.alias_group))
      << (impu.service_priority_level ? ", service priority " + std::to_string(*impu.service_priority_level) : "")
      << '\n';
  if (impu.type != IdentityType::kPublicUserIdentity) {
    out << "  type      " << provisioning::name_of(impu.type) << (impu.psi_active ? "" : ", not active")
        << (impu.application_server.empty() ? "" : ", application server " + printable(impu.application_server))
        << '\n';
  }
  for (const auto& identity : stored.draft.private_identities) {
    const auto state = state_of(stored, identity.impi, impu.implicit_set);
    out << "  state     " << name_of(state.status);
    if (stored.draft.private_identities.size() > 1) out << " with " << printable(identity.impi);
    if (state.auth_pending_until) {
      out << (*state.auth_pending_until > now() ? ", authentication pending until "
                                                : ", authentication was pending until ")
          << utc(*state.auth_pending_until);
    }
    if (state.restoration_octets > 0) out << ", restoration information of " << state.restoration_octets << " octets";
    out << '\n';
  }
}

std::string numbers(const std::vector<std::uint32_t>& values) {
  std::vector<std::string> texts;
  for (const std::uint32_t value : values) texts.push_back(std::to_string(value));
  return texts.empty() ? "none" : join(texts, ", ");
}

void print_credentials(const db::PrivateIdentityDraft& identity, std::ostream& out) {
  if (identity.sip_digest) {
    out << "  digest    realm \"" << printable(identity.sip_digest->realm) << "\", HA1 is stored"
        << (identity.sip_digest->alternate_sha256 ? ", MD5 and SHA-256" : ", MD5") << '\n';
  }
  if (identity.framed_address) out << "  address   " << to_text(*identity.framed_address) << '\n';
  for (const Bytes& line : identity.line_identifiers) out << "  line      " << line_identifier_text(line) << '\n';
}

void print_charging(const ChargingInformation& charging, std::ostream& out) {
  if (charging.empty()) return;
  std::vector<std::string> functions;
  const auto add = [&](const char* what, const std::string& uri) {
    if (!uri.empty()) functions.push_back(what + printable(uri));
  };
  add("events ", charging.primary_event);
  add("events, secondary ", charging.secondary_event);
  add("collection ", charging.primary_collection);
  add("collection, secondary ", charging.secondary_collection);
  out << "Charging   " << join(functions, "; ") << '\n';
}

void print(const db::StoredSubscription& stored, std::ostream& out) {
  const db::SubscriptionDraft& draft = stored.draft;
  const auto or_none = [](const std::string& text) { return text.empty() ? std::string("none") : printable(text); };
  out << "IMSI       " << or_none(draft.imsi) << (draft.usim ? ", key set " + std::to_string(*draft.usim) : "")
      << "\nMSISDN     " << or_none(join(draft.msisdns, ", ")) << '\n';
  for (const auto& identity : draft.private_identities) {
    out << "IMPI       " << printable(identity.impi) << ", " << hss::name_of(identity.scheme)
        << (identity.key_set ? ", key set " + std::to_string(*identity.key_set) : ", no key set") << '\n';
    print_credentials(identity, out);
  }
  for (std::size_t i = 0; i < draft.key_sets.size(); ++i) print_key_set(stored, i, out);
  for (const auto& impu : draft.public_identities) print_public(stored, impu, out);
  for (const auto& pair : draft.associations) {
    out << "Allowed    " << printable(draft.private_identities[pair.private_identity].impi) << " with set "
        << pair.implicit_set << '\n';
  }
  if (stored.server) {
    out << "S-CSCF     " << printable(stored.server->name) << " (Diameter " << printable(stored.server->diameter_host)
        << ", realm " << printable(stored.server->diameter_realm) << ")\n";
  } else {
    out << "S-CSCF     none assigned\n";
  }
  if (stored.previous_server) {
    out << "  before    " << printable(stored.previous_server->name)
        << ", until the new one has taken the registrations\n";
  }
  if (stored.reassignment_pending) out << "  pending   another S-CSCF is to be assigned\n";
  if (!draft.capabilities.empty()) {
    out << "Capability must have " << numbers(draft.capabilities.mandatory) << "; should have "
        << numbers(draft.capabilities.optional) << "; S-CSCFs to prefer "
        << or_none(join(draft.capabilities.server_names, ", ")) << '\n';
  }
  out << "Roams in   "
      << (draft.visited_networks.empty() ? "every network" : printable(join(draft.visited_networks, ", "))) << '\n';
  if (draft.loose_route_required) {
    out << "Route      loose route " << (*draft.loose_route_required ? "" : "not ") << "required\n";
  }
  print_charging(draft.charging, out);
  print_non_3gpp(stored, out);
}

void run_show(const std::string& identity, Command& command) {
  Store store(command.directory);
  std::optional<db::StoredSubscription> stored;
  store.database().read([&] { stored = store.administration().read(store.require(identity), true); });
  if (!stored) throw Failure(printable(identity) + ": has gone just now: see 'subscriber list'");
  if (command.json) {
    command.out << pretty(show_json(*stored)) << '\n';
  } else {
    print(*stored, command.out);
  }
}

}  // namespace

void add_show(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("show", "show a subscriber: identities, SQN, last resynchronisation, state");
  const auto identity = std::make_shared<std::string>();
  app->add_option("ID", *identity, "IMSI, MSISDN, IMPI or IMPU")->required()->type_name("");
  app->footer(
      "Keys are never shown. The check value of a key is AES with the key over sixteen octets 01, first three "
      "octets:\n"
      "  printf '\\001%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 | openssl enc -aes-128-ecb -nopad -K $K | head -c3 "
      "| xxd -p\n"
      "Example:\n"
      "  hssctl -C ./hss subscriber show +491510000001");
  app->action([identity, &command] { run_show(*identity, command); });
}

}  // namespace hss::provisioning::subscriber
