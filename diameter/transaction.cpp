// The answer is built by whoever finishes the transaction: a dispatch thread when it is refused at once, else the
// store, when the commit is on disk, which also sends it.
// SPDX-License-Identifier: MIT
#include "diameter/transaction.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "diameter/applications.h"
#include "diameter/dictionary.h"
#include "diameter/gathered_answers.h"
#include "diameter/peers.h"
#include "hss/error_text.h"
#include "hss/identity.h"
#include "hss/swx/user_name.h"

namespace hss::diameter {

namespace {

/// The texts that are AVPs of the request.
struct NameRow {
  AvpKey key;
  const AvpDefinition* avp;
  std::string_view RequestNames::*text;
};
constexpr std::array kNameRows{
    NameRow{key_of(avps::kSessionId), &avps::kSessionId, &RequestNames::session_id},
    NameRow{key_of(avps::kOriginHost), &avps::kOriginHost, &RequestNames::origin_host},
    NameRow{key_of(avps::kUserName), &avps::kUserName, &RequestNames::user_name},
    NameRow{key_of(avps::kPublicIdentity), &avps::kPublicIdentity, &RequestNames::public_identity},
    NameRow{key_of(avps::kServerName), &avps::kServerName, &RequestNames::server_name},
};

}  // namespace

const Outlet& network() {
  static const Outlet instance{&GatheredAnswers::send_by_instance,
                               [](const log::TransactionRecord& record) { log::transaction(record); }};
  return instance;
}

RequestNames::RequestNames(msg* request) : peer(fd::source_of(request)) {
  std::array<bool, kNameRows.size()> seen{};
  for (avp* child : fd::children(request)) {
    const AvpKey key = key_of(child);
    const auto* const row = std::ranges::find(kNameRows, key, &NameRow::key);
    if (row == kNameRows.end()) continue;
    if (row->avp == &avps::kPublicIdentity) ++public_identities;
    bool& again = seen.at(static_cast<std::size_t>(row - kNameRows.begin()));
    if (!std::exchange(again, true)) this->*row->text = octets_of(child, *row->avp);
  }
}

RequestNames RequestNames::kept_in(std::string& memory) const {
  constexpr std::size_t kAddress = 48;  // "[2001:db8:...]:65535"
  std::size_t size = peer.size() + kAddress;
  for (const NameRow& row : kNameRows) size += (this->*row.text).size();
  memory.reserve(size);
  memory += peer;
  for (const NameRow& row : kNameRows) memory += this->*row.text;
  append_peer_address(memory, peer);

  RequestNames out = *this;
  std::string_view rest = memory;
  const auto take = [&rest](std::string_view& text) {
    text = rest.substr(0, text.size());
    rest.remove_prefix(text.size());
  };
  take(out.peer);
  for (const NameRow& row : kNameRows) take(out.*row.text);
  out.peer_address = rest;
  return out;
}

RequestTransaction::RequestTransaction(fd::MessagePtr request, const CommandEntry& command, const Services& services,
                                       const Outlet& outlet)
    : command_(command),
      random_(services.random),
      resynchronisations_(services.resynchronisations),
      state_(services.settings.now()),
      outlet_(outlet),
      exchange_(command.begin()),
      request_(std::move(request)),
      names_(request_.get()) {}

RequestTransaction::~RequestTransaction() {
  if (request_ != nullptr) finish({result::kUnableToComply, "the server is closing", {}}, Content::kNone, Way::kSend);
}

fd::MessagePtr RequestTransaction::decode() noexcept {
  Outcome outcome;
  try {
    if (auto refusal = state_.access.refusal(command_.application, command_.code, names_.peer, names_.origin_host)) {
      outcome = {refusal->result, std::move(refusal->remark), {}};
      if (refusal->of_origin_host) {
        outcome.failed = {&avps::kOriginHost, find_avp(request_.get(), avps::kOriginHost), {}};
      }
      return finish(std::move(outcome), Content::kNone, Way::kHandBack);
    }
    auto error = exchange_->decode(request_.get());
    if (!error) return nullptr;
    outcome = {error->result, std::move(error->remark), std::move(error->failed)};
  } catch (const std::exception& fault) {
    outcome = {result::kUnableToComply, fault.what(), {}};
  }
  return finish(std::move(outcome), Content::kNone, Way::kHandBack);
}

fd::MessagePtr RequestTransaction::refuse_busy() noexcept {
  return finish({result::kTooBusy, "the queue of the store is full or closed", {}}, Content::kNone, Way::kHandBack);
}

Subject RequestTransaction::subject() const {
  using Kind = Subject::Kind;
  const auto named = [](Kind kind, std::optional<std::string> identity) {
    return identity ? Subject{kind, *std::move(identity)} : Subject{};
  };
  if (command_.application == kApplicationSwx) return named(Kind::kImsi, swx::imsi_of(names_.user_name));
  if (!names_.user_name.empty()) return named(Kind::kPrivateIdentity, canonical_private_identity(names_.user_name));
  return named(Kind::kPublicIdentity, canonical_public_identity(names_.public_identity));
}

void RequestTransaction::run(Repository& repository) {
  const UnixTime now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  exchange_->run(
      repository,
      Context{.settings = state_.settings, .now = now, .random = random_, .resynchronisations = resynchronisations_});
}

void RequestTransaction::committed() noexcept {
  if (request_ == nullptr) return;
  try {
    const Verdict& verdict = exchange_->verdict();
    Outcome outcome{verdict.result, verdict.remark, {}};
    if (verdict.failed) outcome.failed = failed_avp_of(request_.get(), *verdict.failed, verdict.result);
    finish(std::move(outcome), Content::kOfProcedure, Way::kSend);
  } catch (const std::exception& fault) {
    failed(fault.what());
  }
}

void RequestTransaction::failed(const std::string& reason) noexcept {
  if (request_ != nullptr) finish({result::kUnableToComply, reason, {}}, Content::kNone, Way::kSend);
}

AvpOctets::Buffer RequestTransaction::build(const Outcome& outcome, Content content) const {
  Answer answer(request_.get(), outcome.result);
  if (command_.echo != Echo::kNothing) answer.echo(avps::kUserName);
  if (content == Content::kOfProcedure) {
    exchange_->encode(answer);
  } else {
    answer.supported_features();
    if (command_.echo == Echo::kIdentities) answer.echo(avps::kPublicIdentity);
  }
  if (outcome.failed) answer.failed_avp(*outcome.failed);
  return answer.take();
}

void RequestTransaction::record(const Outcome& outcome, const RequestNames& names, Way way) const {
  const Description description = exchange_->describe();
  log::TransactionRecord line;
  line.command = command_.name;
  if (const auto* application = find_application(command_.application)) line.user = application->user;
  line.peer = names.peer;
  line.peer_address = names.peer_address;
  line.origin_host = names.origin_host;
  line.session_id = names.session_id;
  line.private_identity = names.user_name;
  line.public_identity = names.public_identity;
  line.public_identities = names.public_identities;
  line.server_name = description.server_name.empty() ? names.server_name : description.server_name;
  line.detail = description.detail;
  line.result = outcome.result;
  line.remark = outcome.remark;
  line.duration = std::chrono::steady_clock::now() - start_;
  // The store answers batches, and flushes after each; when its queue is full, that is soon.
  line.may_wait = way == Way::kSend || outcome.result == result::kTooBusy;
  outlet_.record(line);
}

fd::MessagePtr RequestTransaction::finish(Outcome outcome, Content content, Way way) noexcept {
  std::string memory;
  RequestNames names;
  try {
    names = names_.kept_in(memory);
    FinishedAnswer answer;
    try {
      answer.octets = build(outcome, content);
    } catch (const std::exception& fault) {
      // What was committed stays; the peer learns that it cannot rely on it.
      outcome = {result::kUnableToComply, std::string("the answer could not be written: ") + fault.what(), {}};
      answer.octets = build(outcome, Content::kNone);
    }
    answer.request = std::move(request_);
    answer.received = start_;
    fd::MessagePtr handed_back;
    if (way == Way::kHandBack) {
      handed_back = std::move(answer).message();
    } else if (const int error = outlet_.send(std::move(answer)); error != 0) {
      outcome.remark += (outcome.remark.empty() ? "" : "; ") + ("the answer could not be sent: " + error_text(error));
    }
    record(outcome, names, way);
    return handed_back;
  } catch (const std::exception& fault) {
    request_.reset();
    log::error(std::string(command_.name) + " from " + std::string(names.peer) +
               " is left without an answer: " + fault.what());
    return nullptr;
  }
}

fd::MessagePtr take_request(fd::MessagePtr request, const CommandEntry& command, const Services& services,
                            const Outlet& outlet) noexcept {
  try {
    auto own = std::make_unique<RequestTransaction>(std::move(request), command, services, outlet);
    RequestTransaction& transaction = *own;
    // Who asks for more than can be answered shall cost little, or those who are served have to wait.
    if (services.queue.is_full()) return transaction.refuse_busy();
    if (auto refusal = transaction.decode()) return refusal;
    std::unique_ptr<Transaction> waiting = std::move(own);
    if (!services.queue.submit(waiting)) return transaction.refuse_busy();
  } catch (const std::exception& fault) {
    log::error(std::string("a ") + command.name + " could not be taken: " + fault.what());
  }
  return nullptr;
}

}  // namespace hss::diameter
