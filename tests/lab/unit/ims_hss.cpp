// SPDX-License-Identifier: MIT
#include "tests/lab/unit/ims_hss.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "hss/sqn.h"
#include "tests/lab/lab.h"
#include "tests/lab/unit/card_fixture.h"

namespace hss::lab {
namespace {

using load_test::answer_to;
using load_test::text_of;

constexpr const char* kOffered = "sip:scscf.example.org:6060";
constexpr const char* kProfile =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><IMSSubscription><PrivateID>p</PrivateID><ServiceProfile>"
    "<PublicIdentity><BarringIndication>1</BarringIndication><Identity>sip:001010000000001@x</Identity>"
    "</PublicIdentity><PublicIdentity><Identity>sip:alice@example.org</Identity></PublicIdentity>"
    "</ServiceProfile></IMSSubscription>";

class ImsHss {
 public:
  explicit ImsHss(ImsHssOptions options)
      : options_(std::move(options)), keys_(spec_with(CardFault::kNone, options_.amf).keys), seq_(options_.seq) {}

  LoadResponder::Reaction answer(const Message& request) {
    switch (request.command) {
      case command::kUserAuthorization:
        return {{answer_to(request, deregistration(request) ? ResultOf{0, 2001} : options_.uar, server())}};
      case command::kMultimediaAuth:
        return multimedia_auth(request);
      case command::kServerAssignment:
        return server_assignment(request);
      default:
        return {{answer_to(request, options_.lir,
                           {text_avp(avp::kServerName, options_.located.empty() ? name_ : options_.located)})}};
    }
  }
  [[nodiscard]] std::vector<Sqn> resynchronised() const { return resynchronised_; }

 private:
  static bool deregistration(const Message& uar) {
    const Avp* const type = uar.find(avp::kUserAuthorizationType);
    return type != nullptr && type->number() == 1U;
  }

  [[nodiscard]] std::vector<Avp> server() const {
    if (!options_.assigned.empty()) return {text_avp(avp::kServerName, options_.assigned)};
    return {group_avp(avp::kServerCapabilities, {text_avp(avp::kServerName, kOffered)})};
  }

  LoadResponder::Reaction multimedia_auth(const Message& mar) {
    if (options_.hangs_up) return {.messages = {}, .close = true};
    if (options_.mar != ResultOf{0, 2001}) return {{answer_to(mar, options_.mar)}};
    const auto asked = mar.find(avp::kSipAuthDataItem)->members().value();
    if (const Avp* const token = find(asked, avp::kSipAuthorization)) {
      Octets<16> rand{};
      Octets<14> auts{};
      std::copy_n(token->data.begin(), rand.size(), rand.begin());
      std::copy_n(token->data.begin() + 16, auts.size(), auts.begin());
      const auto sqn_ms = open_auts(keys_, rand, auts);
      if (!sqn_ms) return {{answer_to(mar, {0, 5012})}};
      resynchronised_.push_back(*sqn_ms);
      const std::uint64_t seq_ms = seq_of(*sqn_ms, keys_.ind_bits);
      if (!options_.keeps_seq && !usim_would_accept_next(seq_, seq_ms, keys_.delta)) seq_ = seq_ms;
    }
    std::vector<Avp> avps;
    const std::uint32_t items = options_.items.value_or(mar.find(avp::kSipNumberAuthItems)->number().value());
    for (std::uint32_t i = 1; i <= items; ++i) avps.push_back(item(i));
    return {{answer_to(mar, options_.mar, std::move(avps))}};
  }

  Avp item(std::uint32_t number) {
    Octets<16> rand{0x52};
    rand[15] = ++rands_;
    const unsigned ind = options_.ind + (options_.cyclic_ind ? rands_ : 0U);
    AkaVector vector = make_vector(keys_, join_sqn(++seq_, ind, keys_.ind_bits), rand);
    Bytes xres(vector.xres.reveal().begin(), vector.xres.reveal().end());
    if (options_.wrong_xres) xres.front() ^= 1U;
    Bytes challenge(rand.begin(), rand.end());
    challenge.insert(challenge.end(), vector.autn.begin(), vector.autn.end());
    return group_avp(
        avp::kSipAuthDataItem,
        {number_avp(avp::kSipItemNumber, number), text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5"),
         octets_avp(avp::kSipAuthenticate, challenge), octets_avp(avp::kSipAuthorization, xres),
         octets_avp(avp::kConfidentialityKey, vector.ck.reveal()), octets_avp(avp::kIntegrityKey, vector.ik.reveal())});
  }

  LoadResponder::Reaction server_assignment(const Message& sar) {
    name_ = text_of(sar, avp::kServerName);
    LoadResponder::Reaction reaction;
    const std::string profile = options_.profile.empty() ? kProfile : options_.profile;
    reaction.messages.push_back(answer_to(sar, options_.sar, {text_avp(avp::kUserData, profile)}));
    for (const std::uint32_t command : std::exchange(options_.pushes, {})) reaction.messages.push_back(push(command));
    return reaction;
  }

  static Message push(std::uint32_t command) {
    return {.command = command,
            .application = kCx,
            .hop_by_hop = 7000 + command,
            .end_to_end = 7000 + command,
            .avps = {text_avp(avp::kSessionId, "hss;1;" + std::to_string(command)),
                     text_avp(avp::kOriginHost, "hss.example.org"), text_avp(avp::kOriginRealm, "example.org"),
                     group_avp(avp::kDeregistrationReason,
                               {number_avp(avp::kReasonCode, 0), text_avp(avp::kReasonInfo, "moved house")})}};
  }

  ImsHssOptions options_;
  KeySet keys_;
  std::uint64_t seq_;
  std::uint8_t rands_ = 0;
  std::string name_;
  std::vector<Sqn> resynchronised_;
};

}  // namespace

std::vector<std::string> FlowOutcome::steps() const {
  std::vector<std::string> all;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    std::string who = event["from"];
    if (event["from"] != event["to"]) who += " -> " + event["to"].get<std::string>();
    all.push_back(who + (event["kind"] == "problem" ? "! " : ": ") + event["title"].get<std::string>());
  }
  return all;
}

std::vector<std::uint32_t> FlowOutcome::assignments() const {
  std::vector<std::uint32_t> types;
  for (const Message& request : requests) {
    if (const Avp* const type = request.find(avp::kServerAssignmentType)) types.push_back(type->number().value());
  }
  return types;
}

std::size_t FlowOutcome::count(std::uint32_t command) const {
  return static_cast<std::size_t>(std::ranges::count(requests, command, &Message::command));
}

FlowOutcome play_flow(const ImsHssOptions& options, std::vector<std::string> arguments, Shown shown) {
  ImsHss hss(options);
  const CardSpec card = spec_with(CardFault::kNone);
  FlowOutcome outcome;
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  {
    LoadResponder responder([&](const Message& request) { return hss.answer(request); });
    for (const std::string& more : {std::string("--hss"), "127.0.0.1:" + std::to_string(responder.target().port),
                                    std::string("--imsi"), std::string("001010000000001"), std::string("--k"),
                                    to_hex(card.keys.k.reveal()), std::string("--op"), to_hex(card.op->reveal())}) {
      arguments.push_back(more);
    }
    if (shown == Shown::kJson) arguments.emplace_back("--json");
    outcome.code = run(arguments, Environment{.in = in, .out = out, .err = err});
    for (const Message& message : responder.received()) {
      if (message.application != kCx) continue;
      (message.request ? outcome.requests : outcome.answers).push_back(message);
    }
  }
  outcome.out = out.str();
  outcome.err = err.str();
  outcome.resynchronised = hss.resynchronised();
  return outcome;
}

}  // namespace hss::lab
