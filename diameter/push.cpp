// Three kinds of transactions: Collection takes what is due and marks the attempt, so that a crash after the commit
// only delays it; Conclusion applies an answer; Tidying forgets old outcomes. The thread sends between them.
// SPDX-License-Identifier: MIT
#include "diameter/push.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "diameter/applications.h"
#include "diameter/cancellation.h"
#include "diameter/parts.h"
#include "diameter/peers.h"
#include "diameter/push_commands.h"
#include "hss/error_text.h"

namespace hss::diameter {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kMostInFlight = 64;
constexpr std::chrono::milliseconds kRound{200};
constexpr std::chrono::hours kTidyEvery{1};
/// How much later than the answer's time a push is due again, should neither answer nor its absence be brought back.
constexpr std::chrono::seconds kMargin{5};
constexpr UnixTime kSecondsOfHour = 3600;
constexpr UnixTime kSecondsOfDay = 86400;

/// "PERMANENT_TERMINATION attempt 2", "user-data charging attempt 1".
std::string detail_of(const Push& push) {
  std::string out = command_of(push).detail(push);
  append_word(out, "attempt " + std::to_string(push.attempts));
  return out;
}

}  // namespace

/// What the transactions, the callbacks and the thread share; it lives as long as one of them does. `services` are used
/// under the mutex and before stop() alone, or inside a transaction, which the store outlives.
struct PushSender::State {
  struct Flight {
    unsigned attempt = 0;
    bool answered = false;
    steady_clock::time_point deadline;  // after it the push is due again
  };
  struct Outgoing {
    Push push;
    PushCommand::MakeRequest make;
  };

  State(Services given_services, PushOutlet given_outlet) : services(given_services), outlet(std::move(given_outlet)) {}

  [[nodiscard]] Context context() const { return {services.settings.now().settings, outlet.now(), services.random}; }

  Services services;
  PushOutlet outlet;

  std::mutex mutex;  // everything below
  std::condition_variable changed;
  bool stopped = false;
  bool collecting = false;
  std::map<PushId, Flight> flights;
  std::vector<Outgoing> ready;
  std::vector<std::unique_ptr<Transaction>> waiting;  // found the queue full
  steady_clock::time_point next_tidying = steady_clock::now();
};

struct PushSender::Collection final : Transaction {
  Collection(std::shared_ptr<State> shared, std::size_t most) : state(std::move(shared)), room(most) {}

  void run(Repository& repository) override {
    outgoing.clear();
    lines.clear();
    const Context context = state->context();
    for (Push& push : repository.due_pushes(context.now, room)) take(std::move(push), repository, context);
  }

  void take(Push push, Repository& repository, const Context& context) {
    const PushSettings& settings = context.settings.push;
    {
      const std::lock_guard lock(state->mutex);
      if (state->flights.contains(push.id)) return;  // its answer is on its way into the store
    }
    auto make = command_of(push).prepare(push, repository, context);
    if (!make) {
      const char* const why = command_of(push).obsolete;
      finish(std::move(push), PushStatus::kObsolete, why, repository, context);
      return;
    }
    const std::string obstacle = obstacle_of(push, context.settings);
    const bool late = context.now - push.created >= settings.give_up_hours * kSecondsOfHour;
    if (late && (push.attempts > 0 || !obstacle.empty())) {
      finish(std::move(push), PushStatus::kGivenUp,
             "given up after " + std::to_string(settings.give_up_hours) + " hours" +
                 (obstacle.empty() ? "" : ": " + obstacle),
             repository, context);
      return;
    }
    if (!obstacle.empty()) {
      wait(std::move(push), obstacle, repository, context);
      return;
    }
    push.attempts += 1;
    push.next_attempt = context.now + settings.answer_seconds + kMargin.count();
    repository.save_push(push);
    outgoing.push_back({std::move(push), std::move(make)});
  }

  /// Why no request can be sent now; empty when it can.
  [[nodiscard]] std::string obstacle_of(const Push& push, const Settings& settings) const {
    if (!is_served(settings, push.application)) {
      return std::string(name_of(push.application)) + " is switched off (`applications` in hss.toml)";
    }
    return state->outlet.reaches(push.server.diameter_host) ? "" : "its Diameter host is not connected";
  }

  /// No request is sent, so this is no attempt, and the wait does not grow: the peer is soon back, or its connection is
  /// what somebody is working on.
  void wait(Push push, const std::string& obstacle, Repository& repository, const Context& context) {
    const std::string outcome = "waits: " + obstacle;
    if (push.outcome != outcome) lines.push_back(sentence(push, outcome));
    push.outcome = outcome;
    push.next_attempt = context.now + context.settings.push.retry_seconds;
    repository.save_push(push);
  }

  void finish(Push push, PushStatus status, std::string outcome, Repository& repository, const Context& context) {
    lines.push_back(sentence(push, std::string(name_of(status)) + ": " + outcome));
    push.status = status;
    push.finished = context.now;
    push.outcome = std::move(outcome);
    repository.save_push(push);
  }

  void committed() noexcept override {
    for (const std::string& line : lines) log::info(line);
    const std::lock_guard lock(state->mutex);
    state->collecting = false;
    if (state->stopped) return;  // they are due again after the next start
    const auto deadline = steady_clock::now() +
                          std::chrono::seconds(state->services.settings.now().settings.push.answer_seconds) + kMargin;
    for (State::Outgoing& one : outgoing) {
      state->flights[one.push.id] = {one.push.attempts, false, deadline};
      state->ready.push_back(std::move(one));
    }
    if (!state->ready.empty()) state->changed.notify_all();
  }

  void failed(const std::string& reason) noexcept override {
    log::error("the outbox of RTR and PPR cannot be read: " + reason);
    const std::lock_guard lock(state->mutex);
    state->collecting = false;
  }

  std::shared_ptr<State> state;
  std::size_t room;
  std::vector<State::Outgoing> outgoing;
  std::vector<std::string> lines;
};

struct PushSender::Conclusion final : Transaction {
  Conclusion(std::shared_ptr<State> shared, Push sent, hss::PushAnswer received, std::chrono::nanoseconds took)
      : state(std::move(shared)), push(std::move(sent)), answer(std::move(received)), duration(took) {}

  void run(Repository& repository) override {
    remark.clear();
    auto stored = repository.push(push.id);
    if (!stored || stored->status != PushStatus::kWaiting) {
      remark = "the push was ended meanwhile";
      return;
    }
    const Context context = state->context();
    command_of(push).apply(std::move(*stored), answer, repository, context);
    stored = repository.push(push.id);
    if (stored) remark = std::string(name_of(stored->status)) + (stored->outcome.empty() ? "" : ": " + stored->outcome);
  }

  void committed() noexcept override { close(remark); }
  void failed(const std::string& reason) noexcept override {
    // The push is still waiting: it is sent again when its time has come.
    close("the answer could not be stored: " + reason);
  }

  void close(const std::string& words) noexcept {
    try {
      const std::string address = peer_address(push.server.diameter_host);
      const std::string detail = detail_of(push);
      log::TransactionRecord line;
      line.command = command_of(push).name;
      line.peer = push.server.diameter_host;
      line.peer_address = address;
      line.user = row_of(push.application).user;
      line.private_identity = push.private_identity;
      if (!push.public_identities.empty()) line.public_identity = push.public_identities.front();
      line.public_identities = push.public_identities.size();
      line.server_name = push.server.name;
      line.detail = detail;
      line.result = answer.result;
      line.remark = words;
      line.duration = duration;
      state->outlet.record(line);
    } catch (const std::exception& fault) {
      log::error(std::string("a line of the log could not be written: ") + fault.what());
    }
    const std::lock_guard lock(state->mutex);
    state->flights.erase(push.id);
  }

  std::shared_ptr<State> state;
  Push push;
  hss::PushAnswer answer;
  std::chrono::nanoseconds duration;
  std::string remark;
};

struct PushSender::Tidying final : Transaction {
  explicit Tidying(UnixTime time) : before(time) {}
  void run(Repository& repository) override { repository.forget_pushes(before); }
  void committed() noexcept override {}
  void failed(const std::string& reason) noexcept override {
    log::error("old outcomes of RTR and PPR cannot be forgotten: " + reason);
  }
  UnixTime before;
};

struct PushSender::Thread {
  std::thread thread;
};

PushSender::PushSender(Services services, PushOutlet outlet)
    : state_(std::make_shared<State>(services, std::move(outlet))), thread_(std::make_unique<Thread>()) {}

PushSender::~PushSender() { stop(); }

void PushSender::start() {
  thread_->thread = std::thread([this] {
    const NoCancellation guard;
    for (;;) {
      try {
        turn();
      } catch (const std::exception& fault) {
        log::error(std::string("RTR and PPR: ") + fault.what());
      }
      std::unique_lock lock(state_->mutex);
      state_->changed.wait_for(lock, kRound, [this] { return state_->stopped || !state_->ready.empty(); });
      if (state_->stopped) return;
    }
  });
}

void PushSender::stop() noexcept {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    state_->ready.clear();
    state_->waiting.clear();
    state_->changed.notify_all();
  }
  if (thread_->thread.joinable()) thread_->thread.join();
}

void PushSender::turn() {
  std::vector<State::Outgoing> ready;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopped) return;
    const auto now = steady_clock::now();
    std::erase_if(state_->flights,
                  [now](const auto& entry) { return !entry.second.answered && entry.second.deadline < now; });
    auto waiting = std::exchange(state_->waiting, {});
    for (auto& transaction : waiting) {
      if (!state_->services.queue.submit(transaction)) state_->waiting.push_back(std::move(transaction));
    }
    ready = std::exchange(state_->ready, {});
  }
  for (State::Outgoing& one : ready) {
    const auto begun = steady_clock::now();
    const std::weak_ptr<State> weak = state_;
    const auto answered = [weak, push = one.push, begun](hss::PushAnswer answer) {
      const auto state = weak.lock();
      if (state == nullptr) return;
      const std::lock_guard lock(state->mutex);
      const auto flight = state->flights.find(push.id);
      if (state->stopped || flight == state->flights.end() || flight->second.attempt != push.attempts) return;
      flight->second.answered = true;
      std::unique_ptr<Transaction> conclusion =
          std::make_unique<Conclusion>(state, push, std::move(answer), steady_clock::now() - begun);
      if (!state->services.queue.submit(conclusion)) state->waiting.push_back(std::move(conclusion));
    };
    std::string trouble;
    try {
      fd::MessagePtr request = one.make();
      const std::chrono::seconds patience(state_->services.settings.now().settings.push.answer_seconds);
      const int error = state_->outlet.send(std::move(request), patience, answered);
      if (error != 0) trouble = "the request could not be sent: " + error_text(error);
    } catch (const std::exception& fault) {
      trouble = std::string("the request could not be made: ") + fault.what();
    }
    if (!trouble.empty()) answered({std::nullopt, trouble, {}});
  }

  const bool anybody = state_->outlet.anybody();
  const std::lock_guard lock(state_->mutex);
  if (state_->stopped) return;
  const std::size_t busy = state_->flights.size();
  if (anybody && !state_->collecting && busy < kMostInFlight) {
    std::unique_ptr<Transaction> collection = std::make_unique<Collection>(state_, kMostInFlight - busy);
    state_->collecting = state_->services.queue.submit(collection);
  }
  if (steady_clock::now() >= state_->next_tidying) {
    const UnixTime before =
        state_->outlet.now() - state_->services.settings.now().settings.push.keep_days * kSecondsOfDay;
    std::unique_ptr<Transaction> tidying = std::make_unique<Tidying>(before);
    if (state_->services.queue.submit(tidying)) state_->next_tidying = steady_clock::now() + kTidyEvery;
  }
}

}  // namespace hss::diameter
