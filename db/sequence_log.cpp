// SPDX-License-Identifier: MIT
#include "db/sequence_log.h"

#include <map>
#include <utility>

#include "db/stored_challenges.h"

namespace hss::db {

namespace {

// A record: the key set and SEQ in 8 octets each, big-endian; how many RANDs; the RANDs, newest first.
constexpr std::size_t kNumber = 8;
constexpr std::size_t kRand = 16;
constexpr std::size_t kHead = 2 * kNumber + 1;

void append_number(Bytes& content, std::uint64_t number) {
  for (std::size_t i = kNumber; i-- > 0;) content.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

std::uint64_t number_at(BytesView octets) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kNumber; ++i) number = number << 8U | octets[i];
  return number;
}

/// One record after the other.
class Records {
 public:
  explicit Records(BytesView content) : left_(content) {}

  bool next() {
    left_ = left_.subspan(size_);
    if (left_.empty()) return false;
    if (left_.size() >= kHead) size_ = kHead + left_[kHead - 1] * kRand;
    if (left_.size() < kHead || left_.size() < size_) {
      throw StoreFault("the log of sequence numbers is damaged; restore the database from a backup");
    }
    return true;
  }

  [[nodiscard]] KeySetId key_set() const { return static_cast<KeySetId>(number_at(left_)); }
  [[nodiscard]] SequenceState state() const {
    return {.seq = number_at(left_.subspan(kNumber)), .issued = stored_challenges(left_.subspan(kHead, size_ - kHead))};
  }

 private:
  BytesView left_;
  std::size_t size_ = 0;  // of the record that `left_` begins with
};

void append_record(Bytes& content, KeySetId key_set, const SequenceState& state) {
  append_number(content, static_cast<std::uint64_t>(key_set));
  append_number(content, state.seq);
  content.push_back(static_cast<std::uint8_t>(state.issued.size()));
  for (const Octets<kRand>& rand : state.issued) content.insert(content.end(), rand.begin(), rand.end());
}

}  // namespace

SequenceState present_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set) {
  const SequenceState* const logged = log.find(key_set);
  return logged != nullptr ? *logged : table.read(key_set);
}

void save_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set, const SequenceState& state) {
  table.write(key_set, state);
  if (!log.empty()) log.append({{key_set, state}});
}

const SequenceState* SequenceLog::find(KeySetId key_set) {
  const Id last = watch_.last();
  if (last == 0) return nullptr;  // as it mostly is
  if (watch_.is_another(last)) {
    searched_.clear();
    found_.reset();
  }
  if (!found_ && !searched_.contains(key_set)) {
    if (searched_.size() < kSearches) {
      searched_.emplace(key_set, search(key_set));
    } else {
      found_ = read();
    }
  }
  if (found_) {
    const auto at = found_->find(key_set);
    return at == found_->end() ? nullptr : &at->second;
  }
  const auto& searched = searched_.at(key_set);
  return searched ? &*searched : nullptr;
}

std::optional<SequenceState> SequenceLog::search(KeySetId key_set) {
  for (Rows rows(newest_first_); rows.next();) {
    std::optional<SequenceState> latest;  // of this row
    for (Records records(rows.blob(0)); records.next();) {
      if (records.key_set() == key_set) latest = records.state();
    }
    if (latest) return latest;
  }
  return std::nullopt;
}

SequenceLog::Id SequenceLog::read_on(Id after, const std::function<void(KeySetId, const SequenceState&)>& use) {
  Id last = after;
  for (Rows rows(read_on_, after); rows.next();) {
    for (Records records(rows.blob(0)); records.next();) use(records.key_set(), records.state());
    last = rows.integer(1);
  }
  return last;
}

SequenceLog::States SequenceLog::read() {
  States states;
  read_on(0, [&](KeySetId key_set, const SequenceState& state) { states.insert_or_assign(key_set, state); });
  return states;
}

SequenceLog::Id SequenceLog::append(const Changes& changes) {
  content_.clear();
  for (const auto& [key_set, state] : changes) append_record(content_, key_set, state);
  return insert(append_, BytesView(content_));
}

void SequenceLog::remove_up_to(Id last) { run(remove_, last); }

void SequenceLog::fold(SequenceTable& table) {
  if (empty()) return;
  const States states = read();
  const std::map<KeySetId, SequenceState> in_order(states.begin(), states.end());
  for (const auto& [key_set, state] : in_order) table.update(key_set, state);
  run(clear_);
}

}  // namespace hss::db
