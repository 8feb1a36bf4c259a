// SPDX-License-Identifier: MIT
#include "provisioning/key_options.h"

#include <fstream>
#include <iterator>

#include "hss/ascii.h"
#include "provisioning/command_line.h"

namespace hss::provisioning {
namespace {

KeyText* place_of(std::string_view name, KeyFields& fields, KeyText* ha1) {
  if (name == "k" || name == "ki") return &fields.k;
  if (name == "opc") return &fields.opc;
  if (name == "op") return &fields.op;
  if (name == "topc") return &fields.topc;
  if (name == "top") return &fields.top;
  if (name == "ha1") return ha1;
  return nullptr;
}

void open(const std::string& name, std::ifstream& file) {
  if (name == "-") return;
  file.open(name, std::ios::binary);
  if (!file) throw Failure(printable(name) + ": cannot be read: check its name, owner and mode");
}

void read_keys_file(const std::string& name, std::istream& in, KeyFields& fields, KeyText* ha1) {
  std::ifstream file;
  open(name, file);
  std::istream& lines = name == "-" ? in : file;
  KeyText line;
  for (std::size_t number = 1; std::getline(lines, line.text); ++number) {
    const std::string_view text = trim(line.text);
    if (text.empty() || text.front() == '#') continue;
    const auto equals = text.find('=');
    const std::string key = ascii::lower(trim(text.substr(0, equals)));
    KeyText* place = equals == std::string_view::npos ? nullptr : place_of(key, fields, ha1);
    if (place == nullptr) {
      throw Failure(printable(name) + ": line " + std::to_string(number) +
                    ": write k=HEX, opc=HEX or op=HEX, topc=HEX or top=HEX" + (ha1 == nullptr ? "" : ", ha1=HEX"));
    }
    if (!place->empty()) {
      throw Failure(printable(name) + ": line " + std::to_string(number) + ": " + key + " is given twice: remove one");
    }
    place->text = trim(text.substr(equals + 1));
  }
}

}  // namespace

void declare_keys(cli::App& app, KeyFields& fields, KeyFiles& files) {
  const auto option = [&app](const char* name, std::string& out, const char* type, const char* description) {
    app.add_option(name, out, description)->type_name(type);
  };
  option("--algorithm", fields.algorithm, "NAME", "milenage, tuak or xor; left out: milenage");
  option("--k", fields.k.text, "HEX", "K, 32 digits, of TUAK 32 or 64; others may see it in ps: see --keys-file");
  option("--opc", fields.opc.text, "HEX", "Milenage: OPc, 32 digits");
  option("--op", fields.op.text, "HEX", "Milenage: OP, 32 digits; OPc is computed and stored");
  option("--topc", fields.topc.text, "HEX", "TUAK: TOPc, 64 digits");
  option("--top", fields.top.text, "HEX", "TUAK: TOP, 64 digits; TOPc is computed and stored");
  option("--keys-file", files.keys_file, "FILE",
         "read k=HEX, opc=, op=, topc=, top= or ha1= from the lines of a file; - is standard input");
  option("--tuak-iterations", fields.tuak_iterations, "N", "TUAK: iterations of Keccak, 1 to 255; left out: 1");
  option("--res-length", fields.res_length, "N",
         "octets of RES: TUAK 4, 8 or 16, XOR 4 to 16; left out: 8, for XOR 16");
  option("--milenage-constants", files.milenage_constants, "FILE",
         "Milenage with constants of your own: a file, or a text, of r1=BITS to r5 and c1=HEX to c5");
  app.add_flag("--test-card", fields.test_card, "this is a test card, which may use xor (TS 34.108 8.1.2)");
  option("--amf", fields.amf, "HEX", "AMF, 4 digits; left out: default_amf of hss.toml");
  option("--sqn", fields.sqn, "HEX", "SQN used last, 12 digits; left out: 0");
  option("--ind-bits", fields.ind_bits, "N", "length of IND in SQN, 0 to 16; left out: 5");
}

void read_key_files(const KeyFiles& files, std::istream& in, KeyFields& fields, KeyText* ha1) {
  if (!files.keys_file.empty()) read_keys_file(files.keys_file, in, fields, ha1);
  if (files.milenage_constants.find('=') != std::string::npos) {
    fields.milenage_constants = files.milenage_constants;
  } else if (!files.milenage_constants.empty()) {
    std::ifstream file;
    open(files.milenage_constants, file);
    std::istream& text = files.milenage_constants == "-" ? in : file;
    fields.milenage_constants = std::string(std::istreambuf_iterator<char>(text), {}) + '\n';
  }
}

}  // namespace hss::provisioning
