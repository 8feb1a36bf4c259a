// SPDX-License-Identifier: MIT
#include "provisioning/explain/rehearsal.h"

#include <algorithm>
#include <map>
#include <ostream>

#include "hss/random.h"
#include "provisioning/announce.h"
#include "provisioning/apn/apn_fields.h"
#include "provisioning/push/text.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/text.h"

namespace hss::provisioning::explain {
namespace {

/// Thrown to leave the transaction without its writes.
struct RolledBack {};

class Recorder final : public StepObserver {
 public:
  explicit Recorder(std::vector<Step>& steps) : steps_(steps) {}
  void step(std::string_view clause, std::string_view found) override {
    steps_.push_back({std::string(clause), std::string(found)});
  }

 private:
  std::vector<Step>& steps_;
};

std::string name_of(const std::optional<AssignedServer>& server) {
  return server ? server->name + " (Diameter " + server->diameter_host + ')' : "none";
}

std::string words_for(const PairState& state) {
  std::string text(subscriber::name_of(state.status));
  if (state.auth_pending_until) text += ", authentication pending until " + subscriber::utc(*state.auth_pending_until);
  return text;
}

PairState state_of(const Registration& registration, const Subscription::Association& pair) {
  for (const PairState& state : registration.pairs) {
    if (state.implicit_set == pair.implicit_set && state.private_identity == pair.private_identity) return state;
  }
  return {.implicit_set = pair.implicit_set, .private_identity = pair.private_identity, .auth_pending_until = {}};
}

std::string name_of_pair(const Subscription& subscription, const Subscription::Association& pair) {
  const auto members = subscription.members(pair.implicit_set);
  const auto* identity = subscription.private_by_id(pair.private_identity);
  return (members.empty() ? "?" : members.front()->impu) + " with " + (identity == nullptr ? "?" : identity->impi);
}

std::string words_for(const Non3gppRegistration& registration) {
  if (!registration.server) return "none";
  std::string text = registration.server->host;
  if (registration.registered) return text + ", registered";
  if (registration.pending_until) {
    text += ", authentication pending until " + subscriber::utc(*registration.pending_until);
  }
  return text;
}

std::string words_for(const std::vector<ActiveApn>& apns) {
  std::vector<std::string> texts;
  for (const ActiveApn& apn : apns) {
    texts.push_back(apn.name + (apn.gateway.empty() ? "" : " at " + gateway_text(apn.gateway)));
  }
  return texts.empty() ? "none" : join(texts, "; ");
}

constexpr std::size_t kRandAndAuts = 30;  // octets
constexpr std::size_t kPushes = 1000;     // that one procedure can write, and more

}  // namespace

void Stage::compare(const std::shared_ptr<const Subscription>& subscription, const std::function<void()>& procedure) {
  if (!subscription) {
    procedure();
    return;
  }
  // Not those of the subscription alone: a release of its old 3GPP AAA server is about nobody's state.
  const auto pushes = [&](std::size_t limit) { return store_.administration().pushes(std::nullopt, false, limit); };
  const auto sequences = [&] {
    std::map<KeySetId, std::uint64_t> seqs;
    for (const auto& identity : subscription->private_identities) {
      if (identity.key_set) seqs[*identity.key_set] = repository().sequence(*identity.key_set).seq;
    }
    if (subscription->usim) seqs[*subscription->usim] = repository().sequence(*subscription->usim).seq;
    return seqs;
  };
  const Registration before = repository().registration(subscription->id);
  const Non3gppRegistration non_3gpp_before = repository().non_3gpp_registration(subscription->id);
  const auto seqs_before = sequences();
  const auto newest = pushes(1);
  procedure();
  const Registration after = repository().registration(subscription->id);
  for (const auto& pair : subscription->associations) {
    const PairState was = state_of(before, pair);
    const PairState is = state_of(after, pair);
    if (was == is) continue;
    changes("state of " + name_of_pair(*subscription, pair), words_for(was) + " -> " + words_for(is));
  }
  if (before.server != after.server) changes("S-CSCF", name_of(before.server) + " -> " + name_of(after.server));
  if (before.previous_server != after.previous_server) {
    changes("previous S-CSCF", name_of(before.previous_server) + " -> " + name_of(after.previous_server));
  }
  if (before.reassignment_pending != after.reassignment_pending) {
    changes("S-CSCF reassignment", after.reassignment_pending ? "pending" : "no longer pending");
  }
  const Non3gppRegistration non_3gpp = repository().non_3gpp_registration(subscription->id);
  if (words_for(non_3gpp_before) != words_for(non_3gpp)) {
    changes("3GPP AAA server", words_for(non_3gpp_before) + " -> " + words_for(non_3gpp));
  }
  if (non_3gpp_before.active_apns != non_3gpp.active_apns) {
    changes("PDN connections", words_for(non_3gpp_before.active_apns) + " -> " + words_for(non_3gpp.active_apns));
  }
  for (const auto& [id, seq] : sequences()) {
    const std::uint64_t was = seqs_before.at(id);
    if (was != seq) changes("SEQ", std::to_string(was) + " -> " + std::to_string(seq));
  }
  for (Push& push : pushes(kPushes)) {
    if (!newest.empty() && push.id <= newest.front().id) break;
    rehearsal_.pushes.insert(rehearsal_.pushes.begin(), std::move(push));
  }
}

Rehearsal rehearse(Store& store, std::string command, const std::function<void(Stage&)>& work) {
  Rehearsal rehearsal;
  rehearsal.command = std::move(command);
  SystemRandom random;
  Recorder recorder(rehearsal.steps);
  const Context context{.settings = store.settings(), .now = now(), .random = random, .observer = &recorder};
  try {
    store.database().write([&] {
      Stage stage(store, context, rehearsal);
      work(stage);
      throw RolledBack{};
    });
  } catch (const RolledBack&) {
  }
  return rehearsal;
}

void print(const Rehearsal& rehearsal, Command& command) {
  const auto fields = [](const std::vector<Field>& from) {
    Json json = Json::array();
    for (const Field& field : from) json.push_back({{"name", field.name}, {"value", field.value}});
    return json;
  };
  const Verdict& verdict = rehearsal.verdict;
  if (command.json) {
    Json json;
    json["command"] = rehearsal.command;
    json["request"] = fields(rehearsal.request);
    json["steps"] = Json::array();
    for (const Step& step : rehearsal.steps) json["steps"].push_back({{"clause", step.clause}, {"found", step.found}});
    json["result"] = hss::name_of(verdict.result);
    json["result_vendor"] = verdict.result.vendor;
    json["result_code"] = verdict.result.code;
    if (!verdict.remark.empty()) json["remark"] = verdict.remark;
    json["answer"] = fields(rehearsal.answer);
    json["changes"] = fields(rehearsal.changes);
    json["pushes"] = Json::array();
    for (const Push& push : rehearsal.pushes) json["pushes"].push_back(push::to_json(push));
    command.out << pretty(json) << '\n';
    return;
  }
  const auto lines = [&](const std::vector<Field>& from) {
    for (const Field& field : from) {
      command.out << "  " << printable(field.name) << ": " << one_line(field.value) << '\n';
    }
  };
  command.out << rehearsal.command << '\n';
  lines(rehearsal.request);
  command.out << "Steps\n";
  for (const Step& step : rehearsal.steps) {
    command.out << "  " << printable(step.clause) << ": " << one_line(step.found) << '\n';
  }
  command.out << "Answer\n  " << push::result_text(verdict.result)
              << (verdict.remark.empty() ? "" : ": " + one_line(verdict.remark)) << '\n';
  lines(rehearsal.answer);
  command.out << "It would change\n";
  if (rehearsal.changes.empty()) command.out << "  nothing\n";
  lines(rehearsal.changes);
  command.out << "Pushes it would write\n";
  if (rehearsal.pushes.empty()) command.out << "  none\n";
  for (const Push& push : rehearsal.pushes) {
    command.out << "  " << push::what_of(push) << " to " << printable(push.server.diameter_host) << " for "
                << printable(push.private_identity) << (push.public_identities.empty() ? "" : " ")
                << printable(join(push.public_identities, ", ")) << '\n';
  }
  command.out << "Nothing of this was kept.\n";
}

std::string describe(Stage& stage, const AkaVector& vector, Application application, std::string_view origin_host) {
  std::string text = "AMF " + to_hex(BytesView(vector.autn).subspan(6, 2)) + ", RES of " +
                     std::to_string(vector.xres.size()) + " octets";
  for (const auto& [host, ind] : stage.repository().ind_slots(application)) {
    if (host == origin_host) text += ", IND " + std::to_string(ind);
  }
  return text;
}

std::optional<Bytes> parse_auts(const std::string& typed) {
  if (typed.empty()) return std::nullopt;
  auto octets = from_hex(typed);
  if (!octets || octets->size() != kRandAndAuts) {
    throw UsageError("--auts: must be RAND and AUTS, 60 hexadecimal digits");
  }
  return octets;
}

std::string describe(const ServerCapabilities& capabilities) {
  const auto numbers = [](const std::vector<std::uint32_t>& values) {
    std::vector<std::string> texts;
    for (const std::uint32_t value : values) texts.push_back(std::to_string(value));
    return join(texts, ", ");
  };
  std::vector<std::string> parts;
  if (!capabilities.mandatory.empty()) parts.push_back("must have " + numbers(capabilities.mandatory));
  if (!capabilities.optional.empty()) parts.push_back("should have " + numbers(capabilities.optional));
  if (!capabilities.server_names.empty()) parts.push_back("prefer " + join(capabilities.server_names, ", "));
  return join(parts, "; ");
}

std::string public_identity(Stage& stage, const std::string& typed) {
  const auto id = subscription_of(stage, typed) ? std::nullopt : stage.store().find(typed);
  const auto subscription = id ? stage.repository().subscription(*id) : nullptr;
  if (subscription) {
    for (const auto& identity : subscription->public_identities) {
      if (identity.barred) continue;
      stage.asked("Public-Identity", identity.impu + " (the first one of " + typed + ')');
      return identity.impu;
    }
  }
  stage.asked("Public-Identity", typed);
  return typed;
}

std::shared_ptr<const Subscription> subscription_of(Stage& stage, std::string_view impu) {
  const std::string canonical = lookup_form(impu);
  if (auto found = stage.repository().find_by_public_identity(canonical)) return found;
  return stage.repository().find_by_wildcard(canonical).subscription;
}

std::string private_identity(Stage& stage, const Defaults& given, std::string_view impu,
                             const std::shared_ptr<const Subscription>& subscription) {
  if (!given.impi.empty()) {
    stage.asked("User-Name", given.impi);
    return given.impi;
  }
  if (!subscription) {
    throw Failure(printable(impu) + ": nobody has this identity, so its private identity must be given: add --impi");
  }
  std::vector<const PrivateIdentity*> users;
  if (const auto* identity = subscription->find_public(lookup_form(impu))) {
    users = subscription->private_identities_of(identity->implicit_set);
  } else {
    for (const auto& user : subscription->private_identities) users.push_back(&user);
  }
  if (users.size() != 1) {
    throw Failure(printable(impu) + ": " + std::to_string(users.size()) +
                  " private identities may use it: say which one with --impi");
  }
  stage.asked("User-Name", users.front()->impi + " (of the subscription)");
  return users.front()->impi;
}

void choose_server(Stage& stage, Defaults& given, const std::shared_ptr<const Subscription>& subscription) {
  const auto& settings = stage.context().settings;
  const std::optional<AssignedServer> stored =
      subscription ? stage.repository().registration(subscription->id).server : std::nullopt;
  std::string why;
  if (given.server_name.empty() && stored) {
    given.server_name = stored->name;
    why = " (the stored one)";
  }
  if (given.server_name.empty() && subscription && !subscription->capabilities.server_names.empty()) {
    given.server_name = subscription->capabilities.server_names.front();
    why = " (the first one that it prefers)";
  }
  if (given.server_name.empty() && !settings.cx.scscf_pool.empty()) {
    const std::string& entry = settings.cx.scscf_pool.front();
    given.server_name = entry.substr(0, entry.find(' '));
    why = " (the first one of cx.scscf_pool)";
  }
  if (given.server_name.empty()) throw Failure("no S-CSCF is stored or set: add --server-name");
  stage.asked("Server-Name", given.server_name + why);
  if (given.origin.host.empty() && stored && stored->name == given.server_name) {
    given.origin = {.host = stored->diameter_host, .realm = stored->diameter_realm};
  }
  choose_origin(stage, given);
}

void choose_origin(Stage& stage, Defaults& given) {
  if (given.origin.host.empty()) given.origin.host = "explain.invalid";
  if (given.origin.realm.empty()) {
    const auto dot = given.origin.host.find('.');
    given.origin.realm = dot == std::string::npos ? "invalid" : given.origin.host.substr(dot + 1);
  }
  stage.asked("Origin-Host", given.origin.host);
}

}  // namespace hss::provisioning::explain
