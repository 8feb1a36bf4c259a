// What becomes of each record of an import, judged against the file and the store before anything is written.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "provisioning/import_job.h"
#include "provisioning/repeated_identities.h"

namespace hss::provisioning {

enum class Verdict : std::uint8_t { kAdd, kChange, kAlreadyThere };

/// The verdicts of all records, in their order: two bits each, for there may be very many.
class Verdicts {
 public:
  void add(Verdict verdict) {
    if (size_ % kPerOctet == 0) octets_.push_back(0);
    octets_.back() = static_cast<std::uint8_t>(octets_.back() | static_cast<unsigned>(verdict) << shift(size_));
    ++size_;
  }
  [[nodiscard]] Verdict at(std::size_t index) const {
    return static_cast<Verdict>(octets_.at(index / kPerOctet) >> shift(index) & 3U);
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kPerOctet = 4;
  static constexpr std::size_t shift(std::size_t index) { return index % kPerOctet * 2; }

  std::vector<std::uint8_t> octets_;
  std::size_t size_ = 0;
};

/// The stored subscriber that a draft means: the one that has its IMSI, else its first IMPI. Inside read or write.
std::optional<SubscriptionId> find_subscriber(Store& store, const db::SubscriptionDraft& draft);

/// Takes from the stored draft what the record leaves out: keys that are not in the file; for CSV, all that has no
/// column; a SEQ that is ahead.
void complete_from(const db::SubscriptionDraft& stored, SubscriberRecord& record);

class ImportCheck {
 public:
  ImportCheck(Store& store, bool update, ImportReport& report);

  /// Judges the next record; problems go into the report. Inside Database::read.
  Verdict judge(const Record& record);
  /// Names the identities that stand twice in the file.
  void finish();

 private:
  void refuse(const Record& record, std::string column, std::string reason);
  Verdict judge_shared(const Record& record, const SharedIfcRecord& set);
  Verdict judge_profile(const Record& record, const ProfileRecord& profile);
  Verdict judge_apn(const Record& record, const db::Administration::NamedApn& apn);
  /// True when every APN of the subscriber is a template, and no two are one network.
  bool check_apns(const Record& record, const SubscriberRecord& subscriber);
  Verdict judge_subscriber(const Record& record, const SubscriberRecord& subscriber);
  void remember_identities(std::size_t line, const db::SubscriptionDraft& draft);
  bool check_owners(const Record& record, const db::SubscriptionDraft& draft, std::optional<SubscriptionId> owner);

  Store& store_;
  bool update_;
  ImportReport& report_;
  bool empty_store_ = false;
  bool first_ = true;
  std::set<std::string, std::less<>> profiles_;
  std::map<std::uint32_t, SharedIfcRecord> shared_;            // of the store and of the file, by number
  std::map<std::string, ApnConfiguration, std::less<>> apns_;  // likewise, by name
  RepeatedIdentities repeated_;
};

}  // namespace hss::provisioning
