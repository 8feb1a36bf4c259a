// SPDX-License-Identifier: MIT
#include "hss/auc.h"

#include <string>

#include "hss/resynchronisation_limit.h"
#include "hss/sqn.h"

namespace hss {
namespace {

IndRange ind_range(const SqnSettings& settings, Application application) {
  switch (application) {
    case Application::kCx:
      return settings.cx;
    case Application::kSwx:
      return settings.swx;
  }
  return settings.cx;
}

}  // namespace

std::vector<AkaVector> issue_vectors(const KeySet& key_set, unsigned count, VectorRequester requester,
                                     Repository& repository, const Context& context) {
  if (count == 0) return {};
  SequenceState state = repository.sequence(key_set.id);

  // What can be refused or fail comes before the first write.
  std::optional<std::uint64_t> last = state.seq;
  for (unsigned i = 0; i < count && last; ++i) last = next_seq(*last, key_set.ind_bits);
  if (!last) return {};
  std::vector<Octets<16>> rands(count);
  for (Octets<16>& rand : rands) context.random.fill(rand);

  // All vectors of a request share its IND, so that other requesters' vectors stay valid (TS 33.102 C.1.2, C.3.4).
  const IndRange range = ind_range(context.settings.sqn, requester.application);
  const unsigned ind = ind_for(repository, requester.application, requester.origin_host, range);

  std::vector<AkaVector> vectors;
  vectors.reserve(count);
  for (const Octets<16>& rand : rands) {
    state.seq = next_seq(state.seq, key_set.ind_bits).value();
    vectors.push_back(make_vector(key_set, join_sqn(state.seq, ind, key_set.ind_bits), rand));
    state.issued.push_front(rand);
  }
  repository.save_sequence(key_set.id, state);
  return vectors;
}

std::variant<ResynchronisationRecord, ResynchronisationRefusal> resynchronise(
    const KeySet& key_set, const Octets<16>& rand, const Octets<14>& auts, VectorRequester requester,
    Repository& repository, const Context& context) {
  using Action = ResynchronisationRecord::Action;

  if (context.resynchronisations != nullptr &&
      !context.resynchronisations->admit(key_set.id, context.now, context.settings.sqn.resynchronisations_per_minute)) {
    return ResynchronisationRefusal::kTooMany;
  }
  // TS 33.102 6.3.5 looks at the range before MAC-S; nothing is taken from an unverified AUTS here.
  const std::optional<Sqn> sqn_ms = open_auts(key_set, rand, auts);
  if (!sqn_ms) return ResynchronisationRefusal::kWrongMac;

  SequenceState state = repository.sequence(key_set.id);
  ResynchronisationRecord record{.at = context.now,
                                 .origin_host = std::string(requester.origin_host),
                                 .seq_he = state.seq,
                                 .seq_ms = seq_of(*sqn_ms, key_set.ind_bits),
                                 .action = Action::kKept};

  if (!usim_would_accept_next(record.seq_he, record.seq_ms, key_set.delta)) {
    record.action = record.seq_ms > record.seq_he ? Action::kRaised : Action::kLowered;
    if (record.action == Action::kLowered) {
      // An AUTS that somebody recorded long ago must not take SEQ back: only a challenge of late may, and only once.
      if (!state.issued.erase(rand)) return ResynchronisationRefusal::kUnknownChallenge;
    }
    state.seq = record.seq_ms;
    repository.save_sequence(key_set.id, state);
  }
  repository.save_resynchronisation(key_set.id, record);
  return record;
}

}  // namespace hss
