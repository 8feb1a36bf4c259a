// SPDX-License-Identifier: MIT
#include "provisioning/key_fields.h"

#include <array>

#include "hss/ascii.h"
#include "hss/milenage.h"
#include "hss/tuak.h"
#include "provisioning/milenage_constants.h"

namespace hss::provisioning {
namespace {

constexpr std::array<std::string_view, 3> kNames{"milenage", "tuak", "xor"};
constexpr std::array<std::string_view, 3> kTitles{"Milenage", "TUAK", "XOR (test)"};
constexpr unsigned kXorRes = 16;  // octets, TS 34.108 8.1.2.1

/// Reads one key set; every method reads one group of fields.
class KeyReader {
 public:
  KeyReader(const KeyFields& fields, FieldNames names, Keys keys, Checker& check)
      : fields_(fields), names_(names), keys_(keys), check_(check) {}

  db::KeySetDraft read(std::string_view default_amf) {
    if (!fields_.ind_bits.empty()) {
      key_set_.ind_bits = static_cast<unsigned>(check_.number(name("ind_bits"), fields_.ind_bits, 16).value_or(5));
    }
    key_set_.test = fields_.test_card;
    if (read_algorithm()) {
      read_parameters();
      if (keys_ == Keys::kNeeded || fields_.has_keys()) read_keys();
    }
    check_.hex(name("amf"), fields_.amf.empty() ? default_amf : fields_.amf, key_set_.amf);
    if (!fields_.sqn.empty()) key_set_.seq = check_.seq(name("sqn"), fields_.sqn, key_set_.ind_bits).value_or(0);
    return key_set_;
  }

 private:
  [[nodiscard]] std::string name(std::string_view column) const { return field_name(column, names_); }

  bool read_algorithm() {
    const std::string wanted = ascii::lower(trim(fields_.algorithm));
    if (wanted.empty()) {
      const bool tuak = !fields_.topc.empty() || !fields_.top.empty();
      key_set_.algorithm = tuak ? AkaAlgorithm::kTuak : AkaAlgorithm::kMilenage;
      return true;
    }
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (wanted != kNames[i]) continue;
      key_set_.algorithm = static_cast<AkaAlgorithm>(i);
      if (key_set_.algorithm != AkaAlgorithm::kXor || key_set_.test) return true;
      check_.refuse(name("algorithm"),
                    "xor is for test cards only (TS 34.108 8.1.2): give " + name("test_card") + " if this is one");
      return false;
    }
    check_.refuse(name("algorithm"), "must be milenage, tuak or xor");
    return false;
  }

  void read_parameters() {
    AkaParameters& parameters = key_set_.parameters;
    if (key_set_.algorithm == AkaAlgorithm::kXor) parameters.res_octets = kXorRes;
    if (!fields_.tuak_iterations.empty()) {
      if (key_set_.algorithm != AkaAlgorithm::kTuak) {
        check_.refuse(name("tuak_iterations"), "belongs to TUAK: leave it out");
      } else if (const auto n = check_.number(name("tuak_iterations"), fields_.tuak_iterations, 255, 1)) {
        parameters.tuak_iterations = static_cast<unsigned>(*n);
      }
    }
    if (!fields_.res_length.empty()) read_res_length();
    if (!fields_.milenage_constants.empty()) {
      std::string why;
      if (key_set_.algorithm != AkaAlgorithm::kMilenage) {
        check_.refuse(name("milenage_constants"), "belongs to Milenage: leave it out");
      } else if (const auto constants = parse_milenage_constants(fields_.milenage_constants, why)) {
        parameters.milenage = *constants;
      } else {
        check_.refuse(name("milenage_constants"), why);
      }
    }
  }

  void read_res_length() {
    const auto length = check_.number(name("res_length"), fields_.res_length, 16, 4);
    if (!length) return;
    const bool allowed = key_set_.algorithm == AkaAlgorithm::kXor || *length == 8 ||
                         (key_set_.algorithm == AkaAlgorithm::kTuak && (*length == 4 || *length == 16));
    if (allowed) {
      key_set_.parameters.res_octets = static_cast<unsigned>(*length);
    } else {
      check_.refuse(name("res_length"), key_set_.algorithm == AkaAlgorithm::kTuak
                                            ? "TUAK has a RES of 4, 8 or 16 octets"
                                            : "Milenage has a RES of 8 octets");
    }
  }

  void read_keys() {
    const bool tuak = key_set_.algorithm == AkaAlgorithm::kTuak;
    bool has_k = false;
    if (fields_.k.empty()) {
      check_.refuse(name("k"), "missing");
    } else if (tuak) {
      has_k = check_.secret(name("k"), fields_.k.text, {16, 32}, key_set_.k);
    } else {
      has_k = check_.secret(name("k"), fields_.k.text, {16}, key_set_.k);
    }
    if (key_set_.algorithm == AkaAlgorithm::kMilenage) {
      refuse_others("topc", fields_.topc, "top", fields_.top, "TUAK");
      read_operator_key(has_k, "opc", fields_.opc, "op", fields_.op, 16);
    } else if (tuak) {
      refuse_others("opc", fields_.opc, "op", fields_.op, "Milenage");
      read_operator_key(has_k, "topc", fields_.topc, "top", fields_.top, 32);
    } else {
      refuse_others("opc", fields_.opc, "op", fields_.op, "Milenage");
      refuse_others("topc", fields_.topc, "top", fields_.top, "TUAK");
    }
  }

  void refuse_others(const char* first, const KeyText& a, const char* second, const KeyText& b, const char* algorithm) {
    const std::string reason = "belongs to " + std::string(algorithm) + ": leave it out, or give another algorithm";
    if (!a.empty()) check_.refuse(name(first), reason);
    if (!b.empty()) check_.refuse(name(second), reason);
  }

  void read_operator_key(bool has_k, const char* derived_name, const KeyText& derived, const char* clear_name,
                         const KeyText& clear, std::size_t octets) {
    if (derived.empty() && clear.empty()) {
      check_.refuse(name(derived_name), "missing: give " + name(derived_name) + " or " + name(clear_name));
      return;
    }
    SecretOctets<32> given;
    SecretOctets<32> operators;
    const bool has_given = !derived.empty() && check_.secret(name(derived_name), derived.text, {octets}, given);
    const bool has_clear = !clear.empty() && check_.secret(name(clear_name), clear.text, {octets}, operators);
    if (!has_k || has_given == derived.empty() || has_clear == clear.empty()) return;
    key_set_.opc = given;
    if (!has_clear) return;
    key_set_.opc = derive(operators);
    if (!has_given || key_set_.opc.equals(given)) return;
    std::string words = "is not what K and OP give: one of the three is wrong; leave OP out if in doubt";
    if (octets == 32) words = "is not what K and TOP give: one of the three is wrong; leave TOP out if in doubt";
    check_.refuse(name(derived_name), words);
  }

  [[nodiscard]] SecretOctets<32> derive(const SecretOctets<32>& operators) const {
    if (key_set_.algorithm == AkaAlgorithm::kTuak) {
      return tuak::derive_topc(key_set_.k, operators.fixed<32>(), key_set_.parameters.tuak_iterations);
    }
    return milenage::derive_opc(key_set_.k.fixed<16>(), operators.fixed<16>());
  }

  const KeyFields& fields_;
  FieldNames names_;
  Keys keys_;
  Checker& check_;
  db::KeySetDraft key_set_;
};

}  // namespace

bool KeyFields::empty() const {
  return !has_keys() && algorithm.empty() && sqn.empty() && ind_bits.empty() && tuak_iterations.empty() &&
         res_length.empty() && milenage_constants.empty() && !test_card;
}

db::KeySetDraft read_key_set(const KeyFields& fields, std::string_view default_amf, FieldNames names, Keys keys,
                             Checker& check) {
  return KeyReader(fields, names, keys, check).read(default_amf);
}

KeyFields fields_of(const db::KeySetDraft& key_set) {
  KeyFields fields;
  fields.algorithm = name_of(key_set.algorithm);
  fields.k = KeyText(to_hex(key_set.k.reveal()));
  (key_set.algorithm == AkaAlgorithm::kTuak ? fields.topc : fields.opc) = KeyText(to_hex(key_set.opc.reveal()));
  fields.amf = to_hex(key_set.amf);
  fields.sqn = sqn_text(key_set.seq, key_set.ind_bits);
  fields.ind_bits = std::to_string(key_set.ind_bits);
  const AkaParameters usual;
  if (key_set.algorithm == AkaAlgorithm::kTuak) {
    fields.tuak_iterations = std::to_string(key_set.parameters.tuak_iterations);
  }
  if (key_set.algorithm != AkaAlgorithm::kMilenage) fields.res_length = std::to_string(key_set.parameters.res_octets);
  if (key_set.parameters.milenage != usual.milenage) {
    fields.milenage_constants = to_text(key_set.parameters.milenage);
  }
  fields.test_card = key_set.test;
  return fields;
}

std::string_view name_of(AkaAlgorithm algorithm) { return kNames.at(static_cast<std::size_t>(algorithm)); }
std::string_view title_of(AkaAlgorithm algorithm) { return kTitles.at(static_cast<std::size_t>(algorithm)); }
std::string_view opc_name(AkaAlgorithm algorithm) { return algorithm == AkaAlgorithm::kTuak ? "topc" : "opc"; }

}  // namespace hss::provisioning
