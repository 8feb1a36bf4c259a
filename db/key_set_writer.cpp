// SPDX-License-Identifier: MIT
#include "db/key_set_writer.h"

#include <algorithm>
#include <utility>

#include "db/sealed_keys.h"

namespace hss::db {

namespace {

int number_of(const Octets<2>& amf) { return amf[0] << 8 | amf[1]; }

bool same_card(const KeySetDraft& a, const KeySetDraft& b) {
  return a.algorithm == b.algorithm && a.k.equals(b.k) && a.opc.equals(b.opc) && a.parameters == b.parameters;
}

}  // namespace

std::vector<KeySetId> KeySetWriter::stored(SubscriptionId id) {
  std::vector<KeySetId> ids;
  for (Rows rows(key_sets_, id); rows.next();) ids.push_back(rows.integer(0));
  return ids;
}

std::vector<KeySetId> KeySetWriter::write(SubscriptionId id, const std::vector<KeySetDraft>& drafts) {
  struct Stored {
    KeySetId id = 0;
    KeySetDraft keys{};
    bool claimed = false;
  };
  std::vector<Stored> stored;
  for (Rows rows(key_sets_, id); rows.next();) {
    Stored& one = stored.emplace_back();
    one.id = rows.integer(0);
    one.keys.algorithm = to_enum(rows.integer(1), AkaAlgorithm::kXor, "AKA algorithm");
    open_keys(vault_, one.id, rows.blob(2), one.keys.k, one.keys.opc);
    one.keys.parameters = decode_parameters(one.id, rows.blob(3));
  }
  std::vector<KeySetId> ids;
  for (const KeySetDraft& wanted : drafts) {
    const auto same =
        std::ranges::find_if(stored, [&](const Stored& one) { return !one.claimed && same_card(one.keys, wanted); });
    if (same == stored.end()) {
      ids.push_back(add(id, wanted));
    } else {
      same->claimed = true;
      update(same->id, wanted);
      ids.push_back(same->id);
    }
  }
  return ids;
}

void KeySetWriter::remove(KeySetId id) { run(remove_, id); }

void KeySetWriter::update(KeySetId id, const KeySetDraft& draft) {
  run(update_, draft.test, number_of(draft.amf), draft.ind_bits, draft.delta, id);
  SequenceState state = present_sequence(sequence_log_, sequence_table_, id);
  if (std::exchange(state.seq, draft.seq) != draft.seq) save_sequence(sequence_log_, sequence_table_, id, state);
}

KeySetId KeySetWriter::add(SubscriptionId id, const KeySetDraft& draft) {
  const KeySetId key_set = inserted_id(next_);
  const Bytes sealed = seal_keys(vault_, key_set, draft.k, draft.opc);
  const std::optional<Bytes> parameters = encode_parameters(draft.parameters);
  run(insert_, key_set, id, draft.algorithm, BytesView(sealed),
      parameters ? std::optional(BytesView(*parameters)) : std::nullopt, draft.test, number_of(draft.amf),
      draft.ind_bits, draft.delta);
  run(insert_sequence_, key_set, draft.seq);
  return key_set;
}

}  // namespace hss::db
