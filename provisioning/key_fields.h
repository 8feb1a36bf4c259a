// A key set as a person writes it, on the command line or in a file, and what follows from it: OP becomes OPc, TOP
// becomes TOPc.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "db/administration.h"
#include "provisioning/checks.h"
#include "provisioning/text.h"

namespace hss::provisioning {

/// Texts as they were typed; empty means left out.
struct KeyFields {
  std::string algorithm;  // milenage, tuak, xor; left out: tuak with TOP or TOPc, else milenage
  KeyText k;
  KeyText opc;   // Milenage
  KeyText op;    // Milenage
  KeyText topc;  // TUAK
  KeyText top;   // TUAK
  std::string amf;
  std::string sqn;                 // left out: 0
  std::string ind_bits;            // left out: 5
  std::string tuak_iterations;     // left out: 1
  std::string res_length;          // octets; left out: 8, for XOR 16
  std::string milenage_constants;  // left out: those of TS 35.206 4.1
  bool test_card = false;

  [[nodiscard]] bool has_keys() const {
    return !k.empty() || !opc.empty() || !op.empty() || !topc.empty() || !top.empty();
  }
  /// True when nothing is said that a key set needs.
  [[nodiscard]] bool empty() const;
};

enum class Keys {
  kNeeded,
  kLeftOutAllowed,  // K and OPc may both be left out: the stored ones are meant
};

/// The key set that the fields describe; what is wrong is added to `check`'s problems.
db::KeySetDraft read_key_set(const KeyFields& fields, std::string_view default_amf, FieldNames names, Keys keys,
                             Checker& check);

/// What read_key_set reads of a key set; K and OPc in it as they are in the draft (empty when they are).
KeyFields fields_of(const db::KeySetDraft& key_set);

/// "milenage", "tuak", "xor".
std::string_view name_of(AkaAlgorithm algorithm);
/// "Milenage", "TUAK", "XOR (test)", for people.
std::string_view title_of(AkaAlgorithm algorithm);
/// "opc" or "topc": how fields call KeySetDraft::opc.
std::string_view opc_name(AkaAlgorithm algorithm);

}  // namespace hss::provisioning
