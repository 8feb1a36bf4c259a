// hssctl aka vector: the authentication vector of typed keys (TS 33.102 6.3.2), offline.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <ostream>

#include "hss/base64.h"
#include "hss/random.h"
#include "provisioning/aka/card.h"
#include "provisioning/command_line.h"
#include "provisioning/json.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::aka {
namespace {

struct Options {
  KeyFields fields;
  KeyFiles files;
  std::string rand;
  bool show_secrets = false;
};

void run_vector(Options& options, Command& command) {
  CardOptions typed{{}, options.fields, options.files};
  if (typed.fields.sqn.empty()) typed.fields.sqn = "000000000020";
  const std::string sqn_text = typed.fields.sqn;
  const Card card = read_card(typed, command);
  const KeySet& keys = card.suspect.keys;
  const auto sqn = from_hex_exact<6>(sqn_text);
  if (!sqn) throw UsageError("--sqn: must be 12 hexadecimal digits");
  Octets<16> rand{};
  if (options.rand.empty()) {
    SystemRandom random;
    random.fill(rand);
  } else {
    rand = read_token<16>("--rand", options.rand);
  }
  const AkaVector vector = make_vector(keys, decode_sqn(*sqn), rand);
  Octets<32> challenge{};
  std::ranges::copy(vector.autn, std::ranges::copy(vector.rand, challenge.begin()).out);

  Json json;
  json["rand"] = to_hex(vector.rand);
  json["autn"] = to_hex(vector.autn);
  json["nonce"] = to_base64(challenge);
  json["sqn"] = to_hex(*sqn);
  if (options.show_secrets) {
    json["res"] = to_hex(vector.xres.reveal());
    json["ck"] = to_hex(vector.ck.reveal());
    json["ik"] = to_hex(vector.ik.reveal());
  }
  if (command.json) {
    command.out << json.dump(2) << '\n';
    return;
  }
  command.out << "RAND   " << json["rand"].get<std::string>() << "\nAUTN   " << json["autn"].get<std::string>()
              << "\nSQN    " << sqn_words(decode_sqn(*sqn), keys.ind_bits) << ", AMF " << to_hex(keys.amf)
              << "\nnonce  " << json["nonce"].get<std::string>() << '\n';
  if (!options.show_secrets) return;
  command.out << "RES    " << json["res"].get<std::string>() << "\nCK     " << json["ck"].get<std::string>()
              << "\nIK     " << json["ik"].get<std::string>() << '\n';
}

}  // namespace

void add_vector(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("vector", "compute an authentication vector of the keys of a test card");
  const auto options = std::make_shared<Options>();
  declare_keys(*app, options->fields, options->files);
  app->add_option("--rand", options->rand, "RAND, 16 octets, hexadecimal or base64; left out: random")
      ->type_name("TOKEN");
  app->add_flag("--show-secrets", options->show_secrets, "show RES, CK and IK too: of a test card only");
  app->footer(
      "The SQN is that of the vector; left out: the first one, 000000000020. No store is read or written.\n"
      "Example:\n  hssctl aka vector --keys-file card.keys --sqn 000000000040");
  app->action([options, &command] { run_vector(*options, command); });
}

}  // namespace hss::provisioning::aka
