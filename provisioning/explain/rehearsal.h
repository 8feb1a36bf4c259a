// A procedure on the live data in a transaction that is rolled back: what it passed, what it answered, what it would
// have changed.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hss/aka.h"
#include "hss/context.h"
#include "hss/repository.h"
#include "hss/result.h"
#include "provisioning/command.h"
#include "provisioning/json.h"
#include "provisioning/store.h"

namespace hss::provisioning::explain {

/// One field of the request or the answer, in words.
struct Field {
  std::string name;
  std::string value;
};

/// A step that the procedure passed.
struct Step {
  std::string clause;
  std::string found;
};

/// What came of a run.
struct Rehearsal {
  std::string command;         // "UAR"
  std::vector<Field> request;  // what was asked, with what was assumed
  std::vector<Step> steps;
  Verdict verdict;
  std::vector<Field> answer;
  std::vector<Field> changes;  // of state: what was, and what would be
  std::vector<Push> pushes;    // that would be written
};

/// What a procedure is given, and where it puts what it found.
class Stage {
 public:
  Stage(Store& store, const Context& context, Rehearsal& rehearsal)
      : store_(store), context_(context), rehearsal_(rehearsal) {}

  [[nodiscard]] Store& store() { return store_; }
  [[nodiscard]] Repository& repository() { return store_.administration().repository(); }
  [[nodiscard]] const Context& context() const { return context_; }

  void asked(std::string name, std::string value) { rehearsal_.request.push_back({std::move(name), std::move(value)}); }
  void answered(std::string name, std::string value) {
    rehearsal_.answer.push_back({std::move(name), std::move(value)});
  }
  void changes(std::string name, std::string value) {
    rehearsal_.changes.push_back({std::move(name), std::move(value)});
  }
  void verdict(Verdict verdict) { rehearsal_.verdict = std::move(verdict); }

  /// Calls `procedure` and says what it changes of a subscription (null: nothing can change): registration state,
  /// S-CSCF, 3GPP AAA server, PDN connections, pushes, SEQ.
  void compare(const std::shared_ptr<const Subscription>& subscription, const std::function<void()>& procedure);

 private:
  Store& store_;
  const Context& context_;
  Rehearsal& rehearsal_;
};

/// Runs `work` in a write transaction that is rolled back.
Rehearsal rehearse(Store& store, std::string command, const std::function<void(Stage&)>& work);

/// Prints it, as JSON when that is wanted.
void print(const Rehearsal& rehearsal, Command& command);

/// "AMF 8000, RES of 8 octets, IND 3": nothing that answers a challenge, and no key.
std::string describe(Stage& stage, const AkaVector& vector, Application application, std::string_view origin_host);
/// RAND || AUTS of --auts, 60 hexadecimal digits; nullopt when it is empty, UsageError for anything else.
std::optional<Bytes> parse_auts(const std::string& typed);
/// "must have 1, 2; prefer sip:s1".
std::string describe(const ServerCapabilities& capabilities);
/// What a request leaves out and a person would fill in.
struct Defaults {
  std::string impi;         // --impi
  std::string server_name;  // --server-name
  DiameterNode origin;      // --origin-host, --origin-realm
};
/// The private identity that is given, or the only one of the subscription that may use `impu`; Failure when there are
/// several. Says so in the request. Without a subscription: UsageError that asks for --impi.
std::string private_identity(Stage& stage, const Defaults& given, std::string_view impu,
                             const std::shared_ptr<const Subscription>& subscription);
/// The S-CSCF that is given, or the stored one, or the first that would be offered; with the Diameter node that it has.
void choose_server(Stage& stage, Defaults& given, const std::shared_ptr<const Subscription>& subscription);
/// The Diameter node of an I-CSCF, when none is given.
void choose_origin(Stage& stage, Defaults& given);
/// The public identity that is typed; of an IMSI, MSISDN or IMPI, the first one of its subscription that is not barred.
/// Says so in the request.
std::string public_identity(Stage& stage, const std::string& typed);
/// The subscription that holds a public identity, by name or by wildcard; null when none does.
std::shared_ptr<const Subscription> subscription_of(Stage& stage, std::string_view impu);

}  // namespace hss::provisioning::explain
