// SPDX-License-Identifier: MIT
#include "provisioning/aka/card.h"

#include <algorithm>
#include <ostream>

#include "hss/base64.h"
#include "hss/sqn.h"
#include "provisioning/checks.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/store.h"
#include "provisioning/text.h"

namespace hss::provisioning::aka {
namespace {

constexpr std::string_view kUsualAmf = "8000";

}  // namespace

KeySet key_set_of(const db::KeySetDraft& draft) {
  KeySet keys;
  keys.algorithm = draft.algorithm;
  keys.k = draft.k;
  keys.opc = draft.opc;
  keys.parameters = draft.parameters;
  keys.test = draft.test;
  keys.amf = draft.amf;
  keys.ind_bits = draft.ind_bits;
  keys.delta = draft.delta;
  return keys;
}

namespace {

Card typed_card(const KeyFields& fields) {
  FieldProblems problems;
  Checker check(problems);
  const db::KeySetDraft draft = read_key_set(fields, kUsualAmf, FieldNames::kOptions, Keys::kNeeded, check);
  const KeyText& op = fields.op.empty() ? fields.top : fields.op;
  Card card{{key_set_of(draft), {}}, {}};
  if (problems.empty() && !op.empty()) {
    SecretOctets<32> secret;
    if (check.secret("--op", op.text, {16, 32}, secret)) card.suspect.op = secret;
  }
  if (problems.empty()) return card;
  std::vector<std::string> lines;
  for (const FieldProblem& problem : problems) lines.push_back(problem.field + ": " + problem.reason);
  throw UsageError(join(lines, "; "));
}

Card stored_card(const std::string& typed, Command& command) {
  Store store(command.directory);
  Card card;
  store.database().read([&] {
    Repository& repository = store.administration().repository();
    const auto subscription = repository.subscription(store.require(typed));
    if (!subscription) throw Failure(printable(typed) + ": has gone just now: see 'subscriber list'");
    const PrivateIdentity* const identity = subscription->find_private(lookup_form(typed));
    const auto key_set = identity != nullptr ? identity->key_set : subscription->usim;
    const auto keys = key_set ? repository.key_set(*key_set) : nullptr;
    if (!keys) throw Failure(printable(typed) + ": has no keys for AKA: see 'subscriber show'");
    card.suspect.keys = *keys;
    card.sequence = repository.sequence(keys->id);
  });
  return card;
}

/// nullopt for what is neither. Hexadecimal of an even length can be base64 too; the length tells.
std::optional<Bytes> octets_of(std::string_view text, std::size_t octets) {
  if (auto hex = from_hex(text); hex && hex->size() == octets) return hex;
  if (auto base64 = from_base64(text); base64 && base64->size() == octets) return base64;
  return std::nullopt;
}

}  // namespace

void declare_card(cli::App& app, CardOptions& options) {
  app.add_option("ID", options.identity, "a stored subscriber's IMPI, IMSI, MSISDN or IMPU; or give the keys")
      ->type_name("");
  declare_keys(app, options.fields, options.files);
}

Card read_card(CardOptions& options, Command& command) {
  read_key_files(options.files, command.in, options.fields);
  if (options.identity.empty()) {
    if (!options.fields.has_keys()) throw UsageError("give the ID of a subscriber, or keys: --k with --opc or --op");
    return typed_card(options.fields);
  }
  if (!options.fields.empty()) throw UsageError("an ID and keys say the same: give one of the two");
  return stored_card(options.identity, command);
}

Bytes read_token(const std::string& option, const std::string& text, std::size_t octets) {
  auto token = octets_of(trim(text), octets);
  if (!token) {
    throw UsageError(option + ": must be " + std::to_string(octets) + " octets, in hexadecimal or base64");
  }
  return *std::move(token);
}

void declare_challenge(cli::App& app, ChallengeOptions& options) {
  app.add_option("--nonce", options.nonce, "nonce of the 401: base64 of RAND and AUTN")->type_name("BASE64");
  app.add_option("--rand", options.rand, "RAND, instead of the nonce, hexadecimal or base64")->type_name("TOKEN");
  app.add_option("--autn", options.autn, "AUTN, instead of the nonce, hexadecimal or base64")->type_name("TOKEN");
}

Challenge read_challenge(const ChallengeOptions& options) {
  Challenge challenge;
  if (options.nonce.empty()) {
    if (options.rand.empty() || options.autn.empty()) throw UsageError("give --nonce, or --rand and --autn");
    challenge.rand = read_token<16>("--rand", options.rand);
    challenge.autn = read_token<16>("--autn", options.autn);
    return challenge;
  }
  if (!options.rand.empty() || !options.autn.empty()) {
    throw UsageError("--nonce says what --rand and --autn say: give one of the two");
  }
  // Server data may follow (RFC 3310 3.2).
  auto nonce = from_hex(trim(options.nonce));
  if (!nonce || nonce->size() < 32) nonce = from_base64(trim(options.nonce));
  if (!nonce || nonce->size() < 32) throw UsageError("--nonce: must be base64 of RAND and AUTN, 32 octets or more");
  std::copy_n(nonce->begin(), 16, challenge.rand.begin());
  std::copy_n(nonce->begin() + 16, 16, challenge.autn.begin());
  return challenge;
}

std::string sqn_words(Sqn sqn, unsigned ind_bits) {
  const std::uint64_t ind = sqn & ((std::uint64_t{1} << ind_bits) - 1);
  return to_hex(encode_sqn(sqn)) + " (SEQ " + std::to_string(seq_of(sqn, ind_bits)) + ", IND " + std::to_string(ind) +
         ")";
}

void conclude(const std::optional<KeyDiagnosis>& diagnosis, const char* what, const Card& card,
              const std::vector<std::pair<std::string, std::string>>& more, Command& command) {
  std::vector<std::string> mistakes;
  bool right = diagnosis.has_value();
  if (diagnosis) {
    for (const KeyMistake mistake : diagnosis->mistakes) {
      mistakes.emplace_back(describe(mistake));
      if (mistake != KeyMistake::kOlderChallenge) right = false;
    }
  }
  const unsigned ind_bits = card.suspect.keys.ind_bits;
  if (command.json) {
    Json json;
    json["mac"] = right;
    json["explained"] = diagnosis.has_value();
    json["mistakes"] = mistakes;
    if (diagnosis) {
      json["sqn"] = to_hex(encode_sqn(diagnosis->sqn));
      json["seq"] = seq_of(diagnosis->sqn, ind_bits);
      json["ind"] = diagnosis->sqn & ((std::uint64_t{1} << ind_bits) - 1);
      json["amf"] = to_hex(diagnosis->amf);
    }
    for (const auto& [name, value] : more) json[name] = value;
    command.out << json.dump(2) << '\n';
  } else {
    command.out << what << (right ? " is right" : diagnosis ? " is wrong with these keys" : " is wrong") << '\n';
    for (const std::string& mistake : mistakes) command.out << "  " << mistake << '\n';
    if (diagnosis) {
      command.out << "  SQN " << sqn_words(diagnosis->sqn, ind_bits) << ", AMF " << to_hex(diagnosis->amf) << '\n';
    }
    for (const auto& [name, value] : more) command.out << "  " << name << ' ' << value << '\n';
  }
  if (!diagnosis) {
    throw Failure(std::string(what) +
                  " fits none of the usual mistakes: K, OPc, the RAND or the constants differ in another way");
  }
  if (!right) throw Failure(std::string(what) + " is right only when: " + join(mistakes, "; "));
}

}  // namespace hss::provisioning::aka
