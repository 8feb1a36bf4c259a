// SPDX-License-Identifier: MIT
#include "provisioning/import_check.h"

#include <algorithm>
#include <array>
#include <utility>

#include "hss/sqn.h"
#include "hss/user_profile.h"
#include "provisioning/subscription_diff.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

constexpr std::array<const char*, 7> kKinds{"imsi",           "msisdn", "impi", "impus", "service_profile",
                                            "shared_ifc_set", "apn"};

}  // namespace

std::optional<SubscriptionId> find_subscriber(Store& store, const db::SubscriptionDraft& draft) {
  using Kind = db::Administration::IdentityKind;
  db::Administration& administration = store.administration();
  if (const auto id = administration.owner(Kind::kPrivate, draft.private_identities.front().impi)) return id;
  if (draft.imsi.empty()) return std::nullopt;
  return administration.owner(Kind::kImsi, draft.imsi);
}

namespace {

void complete_key_set(const db::KeySetDraft& stored, bool without_keys, const SubscriberRecord::Said& said,
                      db::KeySetDraft& key_set) {
  if (without_keys) {
    key_set.k = stored.k;
    key_set.opc = stored.opc;
  }
  if (!said.parameters && key_set.algorithm == stored.algorithm) {
    key_set.parameters = stored.parameters;
    key_set.test = stored.test;
  }
  if (!said.amf) key_set.amf = stored.amf;
  if (!said.what_csv_cannot) key_set.delta = stored.delta;
  if (!said.ind_bits) {
    key_set.seq = seq_of(join_sqn(key_set.seq, 0, key_set.ind_bits), stored.ind_bits);
    key_set.ind_bits = stored.ind_bits;
  }
  const bool same_card =
      key_set.k.equals(stored.k) && key_set.opc.equals(stored.opc) && key_set.ind_bits == stored.ind_bits;
  if (same_card) key_set.seq = std::max(key_set.seq, stored.seq);
}

void complete_credentials(const db::SubscriptionDraft& stored, SubscriberRecord& record) {
  for (std::size_t i = 0; i < record.draft.private_identities.size(); ++i) {
    db::PrivateIdentityDraft& identity = record.draft.private_identities[i];
    const auto same = std::ranges::find(stored.private_identities, identity.impi, &db::PrivateIdentityDraft::impi);
    if (same == stored.private_identities.end()) continue;
    if (i < record.without_ha1.size() && record.without_ha1[i] && identity.sip_digest && same->sip_digest) {
      identity.sip_digest =
          SipDigest{identity.sip_digest->realm, same->sip_digest->ha1, same->sip_digest->alternate_sha256};
    }
    if (record.said.credentials) continue;
    identity.scheme = same->scheme;
    identity.sip_digest = same->sip_digest;
    identity.framed_address = same->framed_address;
    identity.line_identifiers = same->line_identifiers;
  }
}

}  // namespace

void complete_from(const db::SubscriptionDraft& stored, SubscriberRecord& record) {
  db::SubscriptionDraft& draft = record.draft;
  const SubscriberRecord::Said& said = record.said;
  for (std::size_t i = 0; i < std::min(draft.key_sets.size(), stored.key_sets.size()); ++i) {
    const bool without_keys = i < record.without_keys.size() && record.without_keys[i];
    complete_key_set(stored.key_sets[i], without_keys, said, draft.key_sets[i]);
  }
  complete_credentials(stored, record);
  if (!said.non_3gpp) draft.non_3gpp = draft.imsi.empty() ? std::nullopt : stored.non_3gpp;
  if (said.what_csv_cannot) return;
  if (stored.usim && *stored.usim < draft.key_sets.size()) draft.usim = stored.usim;
  draft.capabilities = stored.capabilities;
  draft.visited_networks = stored.visited_networks;
  draft.loose_route_required = stored.loose_route_required;
  if (!said.charging) draft.charging = stored.charging;
  for (auto& identity : draft.public_identities) {
    const auto same = std::ranges::find(stored.public_identities, identity.impu, &db::PublicIdentityDraft::impu);
    const bool known = same != stored.public_identities.end();
    if (!said.profile) {
      identity.service_profile = (known ? *same : stored.public_identities.front()).service_profile;
    }
    if (!known) continue;
    if (!said.display_name) identity.display_name = same->display_name;
    if (!said.alias_group) identity.alias_group = same->alias_group;
    if (!said.service_priority) identity.service_priority_level = same->service_priority_level;
    identity.registration_allowed = same->registration_allowed;
  }
}

ImportCheck::ImportCheck(Store& store, bool update, ImportReport& report)
    : store_(store), update_(update), report_(report), repeated_(store.settings().database.parent_path()) {}

void ImportCheck::refuse(const Record& record, std::string column, std::string reason) {
  report_.problems.add({record.line, std::move(column), std::move(reason)});
}

Verdict ImportCheck::judge(const Record& record) {
  if (first_) {
    empty_store_ = store_.administration().list(0, 1).empty();
    for (std::string& name : store_.administration().profiles()) profiles_.insert(std::move(name));
    for (auto& set : store_.administration().shared_ifc_sets()) shared_[set.id] = {set.name, set.id, set.xml};
    for (auto& apn : store_.administration().apns()) apns_[std::move(apn.name)] = std::move(apn.configuration);
    first_ = false;
  }
  for (const FieldProblem& problem : record.problems) refuse(record, problem.field, problem.reason);
  if (!record.problems.empty()) return Verdict::kAlreadyThere;
  Verdict verdict = Verdict::kAlreadyThere;
  if (const auto* set = std::get_if<SharedIfcRecord>(&record.content)) {
    verdict = judge_shared(record, *set);
  } else if (const auto* profile = std::get_if<ProfileRecord>(&record.content)) {
    verdict = judge_profile(record, *profile);
  } else if (const auto* apn = std::get_if<ApnRecord>(&record.content)) {
    verdict = judge_apn(record, apn->apn);
  } else {
    verdict = judge_subscriber(record, std::get<SubscriberRecord>(record.content));
  }
  if (verdict == Verdict::kAdd) ++report_.to_add;
  if (verdict == Verdict::kChange) ++report_.to_change;
  if (verdict == Verdict::kAlreadyThere) ++report_.already_there;
  return verdict;
}

Verdict ImportCheck::judge_shared(const Record& record, const SharedIfcRecord& set) {
  repeated_.add(record.line, 5, set.name);
  const auto same_id = shared_.find(set.id);
  if (same_id != shared_.end() && same_id->second.name != set.name) {
    refuse(record, "shared_ifc_set.id", "belongs to " + printable(same_id->second.name) + " already");
    return Verdict::kAlreadyThere;
  }
  shared_[set.id] = set;
  const auto stored = store_.administration().shared_ifc_set(set.name);
  if (!stored) return Verdict::kAdd;
  if (stored->id == set.id && stored->xml == set.xml) return Verdict::kAlreadyThere;
  if (update_) return Verdict::kChange;
  refuse(record, "shared_ifc_set", "is stored already and differs: --update changes what is stored");
  return Verdict::kAlreadyThere;
}

Verdict ImportCheck::judge_profile(const Record& record, const ProfileRecord& profile) {
  try {
    ServiceProfile parsed = parse_service_profile(profile.xml);
    for (const std::uint32_t id : parsed.shared_ifc_ids) {
      const auto set = shared_.find(id);
      if (set == shared_.end()) {
        refuse(record, "service_profile.xml", "there is no shared set " + std::to_string(id) + ": import it first");
        return Verdict::kAlreadyThere;
      }
      parsed.shared_ifc_sets.push_back(std::make_shared<SharedIfcSet>(parse_shared_ifc_set(set->second.xml)));
    }
    check_priorities(parsed);
  } catch (const ProfileError& error) {
    refuse(record, "service_profile.xml", one_line(error.what()));
    return Verdict::kAlreadyThere;
  }
  profiles_.insert(profile.name);
  repeated_.add(record.line, 4, profile.name);
  const auto stored = store_.administration().profile(profile.name);
  if (!stored) return Verdict::kAdd;
  if (*stored == profile.xml) return Verdict::kAlreadyThere;
  if (update_) return Verdict::kChange;
  refuse(record, "service_profile", "is stored already and differs: --update changes what is stored");
  return Verdict::kAlreadyThere;
}

Verdict ImportCheck::judge_apn(const Record& record, const db::Administration::NamedApn& apn) {
  repeated_.add(record.line, 6, apn.name);
  for (const auto& [name, other] : apns_) {
    if (name == apn.name || other.context_identifier != apn.configuration.context_identifier) continue;
    refuse(record, "apn.context_identifier", "belongs to " + printable(name) + " already");
    return Verdict::kAlreadyThere;
  }
  apns_[apn.name] = apn.configuration;
  const auto stored = store_.administration().apn(apn.name);
  if (!stored) return Verdict::kAdd;
  if (*stored == apn.configuration) return Verdict::kAlreadyThere;
  if (update_) return Verdict::kChange;
  refuse(record, "apn", "is stored already and differs: --update changes what is stored");
  return Verdict::kAlreadyThere;
}

bool ImportCheck::check_apns(const Record& record, const SubscriberRecord& subscriber) {
  if (!subscriber.draft.non_3gpp) return true;
  const auto& apns = subscriber.draft.non_3gpp->apns;
  std::set<std::string> networks;
  for (std::size_t i = 0; i < apns.size(); ++i) {
    const auto known = apns_.find(apns[i].name);
    if (known == apns_.end()) {
      refuse(
          record, "apns",
          (subscriber.said.non_3gpp ? "number " + std::to_string(i + 1) + " is no APN"
                                    : "default_apns of hss.toml names " + printable(apns[i].name) + ", which is none") +
              std::string(": 'hssctl apn list' shows what there is"));
      return false;
    }
    if (!networks.insert(known->second.name).second) {
      refuse(record, "apns",
             "number " + std::to_string(i + 1) + " is the same network as one before: see 'hssctl apn list'");
      return false;
    }
  }
  return true;
}

Verdict ImportCheck::judge_subscriber(const Record& record, const SubscriberRecord& subscriber) {
  remember_identities(record.line, subscriber.draft);
  for (const auto& identity : subscriber.draft.public_identities) {
    if (profiles_.contains(identity.service_profile)) continue;
    refuse(record, "profile", "there is no such service profile: store it with 'hssctl profile set' first");
    return Verdict::kAlreadyThere;
  }
  const auto owner = empty_store_ ? std::nullopt : find_subscriber(store_, subscriber.draft);
  if ((!owner || subscriber.said.non_3gpp) && !check_apns(record, subscriber)) return Verdict::kAlreadyThere;
  if (!owner) {
    if (std::ranges::find(subscriber.without_keys, true) != subscriber.without_keys.end()) {
      refuse(record, "k", "missing, and nothing is stored: the file was exported without keys");
      return Verdict::kAlreadyThere;
    }
    if (std::ranges::find(subscriber.without_ha1, true) != subscriber.without_ha1.end()) {
      refuse(record, "ha1", "missing, and nothing is stored: the file was exported without keys");
      return Verdict::kAlreadyThere;
    }
    if (!empty_store_) check_owners(record, subscriber.draft, std::nullopt);
    return Verdict::kAdd;
  }
  const auto stored = store_.administration().read(*owner, true);
  if (!stored) return Verdict::kAdd;
  SubscriberRecord wanted = subscriber;
  for (std::size_t i = stored->draft.key_sets.size(); i < wanted.without_keys.size(); ++i) {
    if (!wanted.without_keys[i]) continue;
    refuse(record, "k", "missing, and no such key set is stored: the file was exported without keys");
    return Verdict::kAlreadyThere;
  }
  for (std::size_t i = 0; i < wanted.without_ha1.size(); ++i) {
    const std::string& impi = wanted.draft.private_identities[i].impi;
    const auto same = std::ranges::find(stored->draft.private_identities, impi, &db::PrivateIdentityDraft::impi);
    if (!wanted.without_ha1[i]) continue;
    if (same != stored->draft.private_identities.end() && same->sip_digest) {
      if (same->sip_digest->realm == wanted.draft.private_identities[i].sip_digest->realm) continue;
      refuse(record, "sip_digest.realm", "is part of HA1, which is not in the file: give ha1 or password with it");
      return Verdict::kAlreadyThere;
    }
    refuse(record, "ha1", "missing, and none is stored: the file was exported without keys");
    return Verdict::kAlreadyThere;
  }
  complete_from(stored->draft, wanted);
  const auto difference = first_difference(wanted.draft, stored->draft);
  if (!difference) return Verdict::kAlreadyThere;
  if (!update_) {
    refuse(record, *difference,
           "the subscriber is stored already, with another value: --update changes what is stored");
    return Verdict::kAlreadyThere;
  }
  check_owners(record, wanted.draft, owner);
  return Verdict::kChange;
}

bool ImportCheck::check_owners(const Record& record, const db::SubscriptionDraft& draft,
                               std::optional<SubscriptionId> owner) {
  db::Administration& administration = store_.administration();
  using Kind = db::Administration::IdentityKind;
  const auto free = [&](const char* column, Kind kind, const std::string& identity) {
    const auto other = administration.owner(kind, identity);
    if (!other || other == owner) return true;
    const auto holder = administration.read(*other, false);
    std::string name = "another subscriber";
    if (holder && !holder->draft.imsi.empty()) name = "the subscriber with IMSI " + holder->draft.imsi;
    if (holder && holder->draft.imsi.empty()) name = holder->draft.private_identities.front().impi;
    const std::string shown = kind == Kind::kMsisdn ? '+' + identity : printable(identity);
    refuse(record, column, shown + " belongs to " + name + " already");
    return false;
  };
  if (!draft.imsi.empty() && !free("imsi", Kind::kImsi, draft.imsi)) return false;
  for (const std::string& msisdn : draft.msisdns) {
    if (!free("msisdn", Kind::kMsisdn, msisdn)) return false;
  }
  for (const auto& identity : draft.private_identities) {
    if (!free("impi", Kind::kPrivate, identity.impi)) return false;
  }
  for (const auto& identity : draft.public_identities) {
    if (!free("impus", Kind::kPublic, identity.impu)) return false;
  }
  return true;
}

void ImportCheck::remember_identities(std::size_t line, const db::SubscriptionDraft& draft) {
  if (!draft.imsi.empty()) repeated_.add(line, 0, draft.imsi);
  for (const std::string& msisdn : draft.msisdns) repeated_.add(line, 1, msisdn);
  for (const auto& identity : draft.private_identities) repeated_.add(line, 2, identity.impi);
  for (const auto& identity : draft.public_identities) repeated_.add(line, 3, identity.impu);
}

void ImportCheck::finish() {
  // A line that repeats another one does so in all its identities: one word on it is enough.
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> repeated;  // line and the earlier one -> first kind
  repeated_.find([&](std::size_t kind, std::size_t line, std::size_t earlier) {
    const auto [found, added] = repeated.try_emplace({line, earlier}, kind);
    if (!added) found->second = std::min(found->second, kind);
  });
  for (const auto& [lines, kind] : repeated) {
    report_.problems.add({lines.first, kKinds.at(kind), "is in line " + std::to_string(lines.second) + " already"});
  }
}

}  // namespace hss::provisioning
