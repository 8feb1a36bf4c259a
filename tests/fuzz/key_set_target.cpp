// Keys as people type them, a field to a line: what is read reads back equal and makes vectors that its card takes, and
// no refusal repeats what was typed. The last line is held against the other texts that stand beside keys.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <variant>

#include "hss/ascii.h"
#include "hss/base64.h"
#include "hss/sqn.h"
#include "hss/usim.h"
#include "provisioning/aka/card.h"
#include "provisioning/key_fields.h"
#include "provisioning/milenage_constants.h"
#include "tests/fuzz/target.h"

namespace hss::fuzz {
namespace {

using provisioning::Checker;
using provisioning::FieldProblems;
using provisioning::KeyFields;

/// What is no part of a sentence by chance.
bool telling(const std::string& key) { return key.size() >= 8 && std::ranges::all_of(key, ascii::is_hex); }

void keeps_silent(const FieldProblems& problems, const KeyFields& fields) {
  for (const auto& problem : problems) {
    require(!problem.reason.empty() && problem.reason.find('\n') == std::string::npos, "a problem is one line");
    for (const auto* key : {&fields.k, &fields.opc, &fields.op, &fields.topc, &fields.top}) {
      require(!telling(key->text) || problem.reason.find(key->text) == std::string::npos,
              "a problem does not repeat a key");
    }
  }
}

db::KeySetDraft read(const KeyFields& fields, FieldProblems& problems) {
  Checker check(problems);
  return read_key_set(fields, "8000", provisioning::FieldNames::kColumns, provisioning::Keys::kNeeded, check);
}

bool same(const db::KeySetDraft& a, const db::KeySetDraft& b) {
  return a.algorithm == b.algorithm && a.k.equals(b.k) && a.opc.equals(b.opc) && a.parameters == b.parameters &&
         a.test == b.test && a.amf == b.amf && a.seq == b.seq && a.ind_bits == b.ind_bits;
}

/// The next vector, on a card that has seen all before.
void serves(const db::KeySetDraft& draft) {
  const KeySet keys = provisioning::aka::key_set_of(draft);
  require(may_be_used(keys), "what is provisioned may be used");
  const auto seq = next_seq(draft.seq, draft.ind_bits);
  require(seq.has_value(), "there is a next SEQ");
  const AkaVector vector = make_vector(keys, join_sqn(*seq, 0, keys.ind_bits), Octets<16>{1, 2, 3});
  Usim card(keys, {}, std::vector<std::uint64_t>(std::size_t{1} << keys.ind_bits, draft.seq));
  const auto answer = card.authenticate(vector.rand, vector.autn);
  const auto* response = std::get_if<UsimResponse>(&answer);
  require(response != nullptr && response->res.equals(vector.xres), "the card takes the vector");
}

void other_texts(std::string_view text) {
  if (const auto octets = from_hex(text)) require(to_hex(*octets).size() == text.size(), "hexadecimal loses nothing");
  if (const auto octets = from_base64(text)) {
    require(to_base64(*octets).size() == text.size(), "base64 loses nothing");
    require(from_base64(to_base64(*octets)) == octets, "base64 reads back");
  }
  if (const auto address = parse_framed_address(text)) {
    require(parse_framed_address(to_text(*address)) == address, "an address reads back");
  }
  std::string why;
  if (const auto constants = provisioning::parse_milenage_constants(text, why)) {
    require(provisioning::parse_milenage_constants(provisioning::to_text(*constants), why) == constants,
            "constants read back");
  }
}

bool run(std::string_view input) {
  KeyFields fields;
  const auto next = [&] { return std::string(take_line(input)); };
  fields.algorithm = next();
  for (auto* key : {&fields.k, &fields.opc, &fields.op, &fields.topc, &fields.top}) key->text = next();
  for (auto* text : {&fields.amf, &fields.sqn, &fields.ind_bits, &fields.tuak_iterations, &fields.res_length}) {
    *text = next();
  }
  fields.milenage_constants = next();
  fields.test_card = next() == "test";
  other_texts(input);

  FieldProblems problems;
  const db::KeySetDraft draft = read(fields, problems);
  keeps_silent(problems, fields);
  if (!problems.empty()) return false;
  const db::KeySetDraft again = read(provisioning::fields_of(draft), problems);
  require(problems.empty() && same(draft, again), "a key set reads back as it was written");
  serves(draft);
  return true;
}

std::vector<std::string> seeds() {
  const std::string k = "465b5ce8b199b49faa5f0a2ee238a6bc";
  const std::string opc = "cd63cb71954a9f4e48a5994e37a02baf";
  return {"milenage\n" + k + "\n" + opc + "\n\n\n\n8000\n000000000020\n5\n\n8\n\n\n+407Fgpcj+slGjHEKaI0Ww==",
          "\n" + k + "\n\n cdc202d5123e20f62b6d676ac72cb318 \n\n\n0000\nfffffffffe00\n0\n\n\n" +
              "r1=1 r2=2;r3=3 r4=4 r5=5 c1=00000000000000000000000000000001 # own\n\n192.0.2.1",
          "TUAK\n" + k + "\n\n\n" + opc + opc + "\n\nb9b9\n\n16\n3\n16\n\n\n2001:db8:1::/64",
          "tuak\n" + k + k + "\n\n\n\n" + k + opc + "\n\n\n\n255\n4\n\n\nc2=00000000000000000000000000000012",
          "xor\n" + k + "\n\n\n\n\n\n\n\n\n4\n\ntest\n00ff"};
}

const Registration kTarget({"key_set", seeds, run});

}  // namespace
}  // namespace hss::fuzz
