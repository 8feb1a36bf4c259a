// SPDX-License-Identifier: MIT
#include "db/sequence_log.h"

#include "db/log_octets.h"
#include "db/stored_challenges.h"
#include "hss/repository.h"

namespace hss::db {

namespace {

constexpr std::size_t kRand = 16;
constexpr std::size_t kHead = 2 * kLoggedNumber + 1;

/// Of the record that `content` begins with.
std::size_t size_of_record(BytesView content) {
  const std::size_t size = content.size() < kHead ? kHead : kHead + content[kHead - 1] * kRand;
  if (content.size() < size) {
    throw StoreFault("the log of sequence numbers is damaged; restore the database from a backup");
  }
  return size;
}

}  // namespace

void SequenceRecords::append(Bytes& content, KeySetId key_set, const SequenceState& state) {
  append_number(content, static_cast<std::uint64_t>(key_set));
  append_number(content, state.seq);
  content.push_back(static_cast<std::uint8_t>(state.issued.size()));
  for (const Octets<kRand>& rand : state.issued) content.insert(content.end(), rand.begin(), rand.end());
}

void SequenceRecords::read(const Rows& rows, const std::function<void(const KeySetId&, const SequenceState&)>& use) {
  for (BytesView left = rows.blob(1); !left.empty();) {
    const BytesView record = left.first(size_of_record(left));
    use(static_cast<KeySetId>(number_at(record)),
        {.seq = number_at(record.subspan(kLoggedNumber)), .issued = stored_challenges(record.subspan(kHead))});
    left = left.subspan(record.size());
  }
}

SequenceState present_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set) {
  const SequenceState* const logged = log.find(key_set);
  return logged != nullptr ? *logged : table.read(key_set);
}

void save_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set, const SequenceState& state) {
  table.write(key_set, state);
  if (!log.empty()) log.append({{key_set, state}});
}

}  // namespace hss::db
