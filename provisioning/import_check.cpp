// SPDX-License-Identifier: MIT
#include "provisioning/import_check.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

#include "hss/sqn.h"
#include "provisioning/subscription_diff.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

constexpr std::array<const char*, 5> kKinds{"imsi", "msisdn", "impi", "impus", "service_profile"};

}  // namespace

std::optional<SubscriptionId> find_subscriber(Store& store, const db::SubscriptionDraft& draft) {
  db::Administration& administration = store.administration();
  if (const auto id = administration.find(draft.private_identities.front().impi)) return id;
  if (draft.imsi.empty()) return std::nullopt;
  const auto id = administration.find(draft.imsi);
  if (!id) return std::nullopt;
  const auto holder = administration.read(*id, false);  // another's MSISDN may have the same digits
  return holder && holder->draft.imsi == draft.imsi ? id : std::nullopt;
}

void complete_from(const db::SubscriptionDraft& stored, SubscriberRecord& record) {
  db::SubscriptionDraft& draft = record.draft;
  for (std::size_t i = 0; i < std::min(draft.key_sets.size(), stored.key_sets.size()); ++i) {
    db::KeySetDraft& key_set = draft.key_sets[i];
    const db::KeySetDraft& other = stored.key_sets[i];
    if (record.without_keys[i]) {
      key_set.k = other.k;
      key_set.opc = other.opc;
    }
    if (!record.said.amf) key_set.amf = other.amf;
    if (!record.said.what_csv_cannot) key_set.delta = other.delta;
    if (!record.said.ind_bits) {
      key_set.seq = seq_of(join_sqn(key_set.seq, 0, key_set.ind_bits), other.ind_bits);
      key_set.ind_bits = other.ind_bits;
    }
    const bool same_card =
        key_set.k.equals(other.k) && key_set.opc.equals(other.opc) && key_set.ind_bits == other.ind_bits;
    if (same_card) key_set.seq = std::max(key_set.seq, other.seq);
  }
  if (record.said.what_csv_cannot) return;
  draft.capabilities = stored.capabilities;
  draft.visited_networks = stored.visited_networks;
  draft.loose_route_required = stored.loose_route_required;
  for (auto& identity : draft.public_identities) {
    const auto same = std::ranges::find(stored.public_identities, identity.impu, &db::PublicIdentityDraft::impu);
    const bool known = same != stored.public_identities.end();
    if (!record.said.profile) {
      identity.service_profile = (known ? *same : stored.public_identities.front()).service_profile;
    }
    if (!known) continue;
    identity.display_name = same->display_name;
    identity.registration_allowed = same->registration_allowed;
  }
}

ImportCheck::ImportCheck(Store& store, bool update, ImportReport& report)
    : store_(store), update_(update), report_(report) {}

void ImportCheck::refuse(const Record& record, std::string column, std::string reason) {
  report_.problems.add({record.line, std::move(column), std::move(reason)});
}

Verdict ImportCheck::judge(const Record& record) {
  if (first_) {
    empty_store_ = store_.administration().count() == 0;
    for (std::string& name : store_.administration().profiles()) profiles_.insert(std::move(name));
    first_ = false;
  }
  for (const FieldProblem& problem : record.problems) refuse(record, problem.field, problem.reason);
  if (!record.problems.empty()) return Verdict::kAlreadyThere;
  const auto* profile = std::get_if<ProfileRecord>(&record.content);
  const Verdict verdict = profile != nullptr ? judge_profile(record, *profile)
                                             : judge_subscriber(record, std::get<SubscriberRecord>(record.content));
  if (verdict == Verdict::kAdd) ++report_.to_add;
  if (verdict == Verdict::kChange) ++report_.to_change;
  if (verdict == Verdict::kAlreadyThere) ++report_.already_there;
  return verdict;
}

Verdict ImportCheck::judge_profile(const Record& record, const ProfileRecord& profile) {
  profiles_.insert(profile.name);
  remember(record.line, 4, profile.name);
  const auto stored = store_.administration().profile(profile.name);
  if (!stored) return Verdict::kAdd;
  if (*stored == profile.xml) return Verdict::kAlreadyThere;
  if (update_) return Verdict::kChange;
  refuse(record, "service_profile", "is stored already and differs: --update changes what is stored");
  return Verdict::kAlreadyThere;
}

Verdict ImportCheck::judge_subscriber(const Record& record, const SubscriberRecord& subscriber) {
  remember_identities(record.line, subscriber.draft);
  for (const auto& identity : subscriber.draft.public_identities) {
    if (profiles_.contains(identity.service_profile)) continue;
    refuse(record, "profile", "there is no such service profile: store it with 'hssctl profile set' first");
    return Verdict::kAlreadyThere;
  }
  const auto owner = empty_store_ ? std::nullopt : find_subscriber(store_, subscriber.draft);
  if (!owner) {
    if (std::ranges::find(subscriber.without_keys, true) != subscriber.without_keys.end()) {
      refuse(record, "k", "missing, and nothing is stored: the file was exported without keys");
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
  const auto free = [&](const char* column, const std::string& identity) {
    const auto other = administration.find(identity);
    if (!other || other == owner) return true;
    const auto holder = administration.read(*other, false);
    std::string name = "another subscriber";
    if (holder && !holder->draft.imsi.empty()) name = "the subscriber with IMSI " + holder->draft.imsi;
    if (holder && holder->draft.imsi.empty()) name = holder->draft.private_identities.front().impi;
    refuse(record, column, printable(identity) + " belongs to " + name + " already");
    return false;
  };
  for (const std::string& msisdn : draft.msisdns) {
    if (!free("msisdn", '+' + msisdn)) return false;
  }
  for (const auto& identity : draft.private_identities) {
    if (!free("impi", identity.impi)) return false;
  }
  for (const auto& identity : draft.public_identities) {
    if (!free("impus", identity.impu)) return false;
  }
  return true;
}

void ImportCheck::remember(std::size_t line, std::uint8_t kind, const std::string& identity) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(identity.data()), identity.size(), digest.data());
  Seen seen{.high = 0, .low = 0, .line = static_cast<std::uint32_t>(line), .kind = kind};
  std::memcpy(&seen.high, digest.data(), sizeof seen.high);
  std::memcpy(&seen.low, digest.data() + sizeof seen.high, sizeof seen.low);
  seen_.push_back(seen);
}

void ImportCheck::remember_identities(std::size_t line, const db::SubscriptionDraft& draft) {
  if (!draft.imsi.empty()) remember(line, 0, draft.imsi);
  for (const std::string& msisdn : draft.msisdns) remember(line, 1, msisdn);
  for (const auto& identity : draft.private_identities) remember(line, 2, identity.impi);
  for (const auto& identity : draft.public_identities) remember(line, 3, identity.impu);
}

void ImportCheck::finish() {
  const auto key = [](const Seen& seen) { return std::tuple(seen.kind, seen.high, seen.low, seen.line); };
  std::ranges::sort(seen_, {}, key);
  // A line that repeats another one does so in all its identities: one word on it is enough.
  std::set<std::pair<std::uint32_t, std::uint32_t>> named;
  for (std::size_t i = 1; i < seen_.size(); ++i) {
    const Seen& earlier = seen_[i - 1];
    const Seen& later = seen_[i];
    if (std::tuple(earlier.kind, earlier.high, earlier.low) != std::tuple(later.kind, later.high, later.low)) continue;
    if (!named.emplace(later.line, earlier.line).second) continue;
    report_.problems.add(
        {later.line, kKinds.at(later.kind), "is in line " + std::to_string(earlier.line) + " already"});
  }
}

}  // namespace hss::provisioning
