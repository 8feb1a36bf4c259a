// What the verbs of 'hssctl aka' are about: the keys of a card, typed or of a stored subscriber, and tokens as they are
// copied from a trace.
// SPDX-License-Identifier: MIT
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "hss/aka_diagnosis.h"
#include "hss/repository.h"
#include "provisioning/command.h"
#include "provisioning/key_options.h"

namespace hss::provisioning::aka {

struct CardOptions {
  std::string identity;  // of a stored subscriber; else the keys are typed
  KeyFields fields;
  KeyFiles files;
};
/// ID, and the options of keys.
void declare_card(cli::App& app, CardOptions& options);

struct Card {
  SuspectKeys suspect;
  std::optional<SequenceState> sequence;  // of a stored subscriber
};
/// The keys that are meant: those of the private identity, or, for any other identity of a subscriber, of its USIM.
/// Throws UsageError for keys beside an ID or for neither, and Failure.
Card read_card(CardOptions& options, Command& command);

/// The key set that a draft makes, for use without a store.
KeySet key_set_of(const db::KeySetDraft& draft);

/// Octets in hexadecimal or in base64, as SIP writes them. Throws UsageError that names the option when they are not
/// `octets` many.
Bytes read_token(const std::string& option, const std::string& text, std::size_t octets);
template <std::size_t N>
Octets<N> read_token(const std::string& option, const std::string& text) {
  const Bytes bytes = read_token(option, text, N);
  Octets<N> out{};
  std::copy_n(bytes.begin(), N, out.begin());
  return out;
}

/// The challenge of a SIP nonce, base64(RAND || AUTN ...), or of --rand and --autn.
struct ChallengeOptions {
  std::string nonce;
  std::string rand;
  std::string autn;
};
struct Challenge {
  Octets<16> rand{};
  Octets<16> autn{};
};
void declare_challenge(cli::App& app, ChallengeOptions& options);
Challenge read_challenge(const ChallengeOptions& options);

/// "SQN 000000000020 (SEQ 1, IND 0)".
std::string sqn_words(Sqn sqn, unsigned ind_bits);

/// Says what a diagnosis found, as text or JSON; `what` is the MAC that it is about. Failure when the keys are not
/// those of the card.
void conclude(const std::optional<KeyDiagnosis>& diagnosis, const char* what, const Card& card,
              const std::vector<std::pair<std::string, std::string>>& more, Command& command);

}  // namespace hss::provisioning::aka
