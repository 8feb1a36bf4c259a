// The answer is built by whoever finishes the transaction: a dispatch thread when it is refused at once, else the
// store, when the commit is on disk, which also sends it.
// SPDX-License-Identifier: MIT
#include "diameter/transaction.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include "diameter/applications.h"
#include "diameter/peers.h"

namespace hss::diameter {

Outlet network() {
  return {[](msg** answer) { return fd_msg_send(answer, nullptr, nullptr); },
          [](const log::TransactionRecord& record) { log::transaction(record); }};
}

RequestTransaction::RequestTransaction(fd::MessagePtr request, const CommandEntry& command, const Services& services,
                                       std::shared_ptr<const Outlet> outlet)
    : command_(command),
      services_(services),
      state_(services.settings.now()),
      outlet_(std::move(outlet)),
      exchange_(command.begin()),
      request_(std::move(request)) {
  msg* const message = request_.get();
  const auto text = [message](const AvpDefinition& avp) { return std::string(octets_of(find_avp(message, avp), avp)); };
  peer_ = fd::source_of(message);
  origin_host_ = text(avps::kOriginHost);
  session_id_ = text(avps::kSessionId);
  user_name_ = text(avps::kUserName);
  public_identity_ = text(avps::kPublicIdentity);
  public_identities_ = count_avps(message, avps::kPublicIdentity);
  server_name_ = text(avps::kServerName);
}

RequestTransaction::~RequestTransaction() {
  if (request_ != nullptr) finish({result::kUnableToComply, "the server is closing", {}}, Content::kNone, Way::kSend);
}

fd::MessagePtr RequestTransaction::decode() noexcept {
  Outcome outcome;
  try {
    if (auto refusal = state_.access.refusal(command_.application, command_.code, peer_, origin_host_)) {
      outcome = {refusal->result, std::move(refusal->remark), {}};
      if (refusal->of_origin_host) {
        outcome.failed = {&avps::kOriginHost, find_avp(request_.get(), avps::kOriginHost), {}};
      }
      return finish(outcome, Content::kNone, Way::kHandBack);
    }
    auto error = exchange_->decode(request_.get());
    if (!error) return nullptr;
    outcome = {error->result, std::move(error->remark), std::move(error->failed)};
  } catch (const std::exception& fault) {
    outcome = {result::kUnableToComply, fault.what(), {}};
  }
  return finish(outcome, Content::kNone, Way::kHandBack);
}

fd::MessagePtr RequestTransaction::refuse_busy() noexcept {
  return finish({result::kTooBusy, "the queue of the store is full or closed", {}}, Content::kNone, Way::kHandBack);
}

void RequestTransaction::run(Repository& repository) {
  const UnixTime now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  exchange_->run(repository, Context{.settings = state_.settings,
                                     .now = now,
                                     .random = services_.random,
                                     .resynchronisations = services_.resynchronisations});
}

void RequestTransaction::committed() noexcept {
  if (request_ == nullptr) return;
  try {
    const Verdict& verdict = exchange_->verdict();
    Outcome outcome{verdict.result, verdict.remark, {}};
    if (verdict.failed) outcome.failed = failed_avp_of(request_.get(), *verdict.failed, verdict.result);
    finish(outcome, Content::kOfProcedure, Way::kSend);
  } catch (const std::exception& fault) {
    failed(fault.what());
  }
}

void RequestTransaction::failed(const std::string& reason) noexcept {
  if (request_ != nullptr) finish({result::kUnableToComply, reason, {}}, Content::kNone, Way::kSend);
}

fd::MessagePtr RequestTransaction::build(const Outcome& outcome, Content content) {
  Answer answer(request_.get(), outcome.result);
  if (command_.echo != Echo::kNothing) answer.echo(avps::kUserName);
  if (content == Content::kOfProcedure) {
    exchange_->encode(answer);
  } else {
    answer.supported_features();
    if (command_.echo == Echo::kIdentities) answer.echo(avps::kPublicIdentity);
  }
  if (outcome.failed) answer.failed_avp(*outcome.failed);
  fd::MessagePtr out = answer.take();
  static_cast<void>(request_.release());  // the answer owns it
  return out;
}

/// What went wrong, or nothing.
std::string RequestTransaction::send(fd::MessagePtr answer) {
  msg* message = answer.release();
  const int error = outlet_->send(&message);
  if (error == 0) return {};
  fd::MessagePtr(message).reset();
  return "the answer could not be sent: " + std::generic_category().message(error);
}

void RequestTransaction::record(const Outcome& outcome, const std::string& trouble, Way way) const {
  const Description description = exchange_->describe();
  const std::string address = peer_address(peer_);
  std::string remark = outcome.remark;
  if (!trouble.empty()) remark += (remark.empty() ? "" : "; ") + trouble;
  log::TransactionRecord line;
  line.command = command_.name;
  if (const auto* application = find_application(command_.application)) line.user = application->user;
  line.peer = peer_;
  line.peer_address = address;
  line.origin_host = origin_host_;
  line.session_id = session_id_;
  line.private_identity = user_name_;
  line.public_identity = public_identity_;
  line.public_identities = public_identities_;
  line.server_name = description.server_name.empty() ? server_name_ : description.server_name;
  line.detail = description.detail;
  line.result = outcome.result;
  line.remark = remark;
  line.duration = std::chrono::steady_clock::now() - start_;
  line.may_wait = way == Way::kSend;  // the store answers batches, and flushes after each
  outlet_->record(line);
}

fd::MessagePtr RequestTransaction::finish(const Outcome& outcome, Content content, Way way) noexcept {
  try {
    fd::MessagePtr answer;
    Outcome sent = outcome;
    try {
      answer = build(outcome, content);
    } catch (const std::exception& fault) {
      // What was committed stays; the peer learns that it cannot rely on it.
      sent = {result::kUnableToComply, std::string("the answer could not be written: ") + fault.what(), {}};
      answer = build(sent, Content::kNone);
    }
    record(sent, way == Way::kSend ? send(std::move(answer)) : std::string(), way);
    return answer;
  } catch (const std::exception& fault) {
    request_.reset();
    log::error(std::string(command_.name) + " from " + peer_ + " is left without an answer: " + fault.what());
    return nullptr;
  }
}

fd::MessagePtr take_request(fd::MessagePtr request, const CommandEntry& command, const Services& services,
                            const std::shared_ptr<const Outlet>& outlet) noexcept {
  try {
    auto own = std::make_unique<RequestTransaction>(std::move(request), command, services, outlet);
    RequestTransaction& transaction = *own;
    if (auto refusal = transaction.decode()) return refusal;
    std::unique_ptr<Transaction> waiting = std::move(own);
    if (!services.queue.submit(waiting)) return transaction.refuse_busy();
  } catch (const std::exception& fault) {
    log::error(std::string("a ") + command.name + " could not be taken: " + fault.what());
  }
  return nullptr;
}

}  // namespace hss::diameter
