// SPDX-License-Identifier: MIT
#include "tests/lab/load/storm.h"

#include <poll.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <numeric>
#include <unordered_map>

#include "hss/result.h"
#include "hss/server_assignment_type.h"
#include "hss/sqn.h"
#include "tests/lab/client_parts.h"
#include "tests/lab/dictionary.h"

namespace hss::lab {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kHousekeeping{100};
constexpr milliseconds kBeforeAskingAgain{100};  // after DIAMETER_TOO_BUSY
constexpr std::size_t kBurst = 64;               // requests that are written before answers are looked for

enum class Phase : std::uint8_t { kUar, kMar, kSar, kDone };

struct User {
  Phase phase = Phase::kUar;
  unsigned mars = 0;
  std::string server_name;
  std::unique_ptr<Usim> card;  // from its first challenge on
  Bytes sip_authorization;     // RAND || AUTS, while there is one to send
};

/// A connection, and whose answers come over it.
struct Line {
  std::unique_ptr<Connection> connection;
  struct Question {
    std::uint32_t phone = 0;
    Clock::time_point deadline;
  };
  std::unordered_map<std::uint32_t, Question> open;  // by the identifier of the request
};

/// A card that stands `ahead` of the challenge, whatever that is; null when MAC-A is wrong.
std::unique_ptr<Usim> card_ahead_of(const Vector& vector, const KeySet& keys, std::uint64_t ahead) {
  KeySet any_sequence = keys;
  any_sequence.delta = max_seq(keys.ind_bits);
  const UsimAnswer answer = Usim(any_sequence).authenticate(vector.rand, vector.autn);
  const auto* response = std::get_if<UsimResponse>(&answer);
  if (response == nullptr) return nullptr;
  const std::uint64_t seq = std::min(seq_of(response->sqn, keys.ind_bits) + ahead, max_seq(keys.ind_bits));
  return std::make_unique<Usim>(keys, std::nullopt, std::vector<std::uint64_t>(std::size_t{1} << keys.ind_bits, seq));
}

class Storm {
 public:
  Storm(const StormPlan& plan, const StormHooks& hooks)
      : plan_(plan), hooks_(hooks), phones_(plan.fleet.subscribers.count) {
    const Fleet& fleet = plan.fleet;
    const auto open = [&](Party party, const std::string& host) {
      Node node{};
      node.party = party;
      node.host = host;
      node.realm = fleet.home_domain;
      lines_.push_back({std::make_unique<Connection>(fleet.target, std::move(node), nullptr, plan.patience), {}});
    };
    for (std::uint32_t i = 0; i < plan.connections; ++i) {
      open(Party::kIcscf, host_of(fleet.icscf_host, i));
      open(Party::kScscf, host_of(fleet.scscf_host, i));
    }
  }

  StormFigures run() {
    start_ = Clock::now();
    for (std::uint32_t i = 0; i < phones_.size(); ++i) {
      ask(i);
      if (i % kBurst == kBurst - 1) collect(milliseconds(0));
    }
    while (done_ < phones_.size() && !figures_.interrupted) {
      collect(kHousekeeping);
      const auto now = Clock::now();
      for (; !again_.empty() && again_.front().second <= now; again_.pop_front()) ask(again_.front().first);
      if (now < next_check_) continue;
      next_check_ = now + kHousekeeping;
      give_up_on_silence(now);
      if (hooks_.progress) hooks_.progress(done_, phones_.size());
      figures_.interrupted = hooks_.interrupted && hooks_.interrupted();
    }
    figures_.took = std::chrono::duration_cast<milliseconds>(Clock::now() - start_);
    return std::move(figures_);
  }

 private:
  Line& line_of(std::uint32_t phone) {
    return lines_[std::size_t{phone % plan_.connections} * 2 + (phones_[phone].phase == Phase::kUar ? 0 : 1)];
  }

  void ask(std::uint32_t index) {
    const User& phone = phones_[index];
    const std::string imsi(ImsiDigits(plan_.fleet.subscribers.first_imsi, index).text());
    const std::string impi = imsi + "@" + plan_.fleet.home_domain;
    std::vector<Avp> avps{text_avp(avp::kUserName, impi), text_avp(avp::kPublicIdentity, "sip:" + impi)};
    std::uint32_t code = command::kUserAuthorization;
    switch (phone.phase) {
      case Phase::kUar:
        avps.push_back(text_avp(avp::kVisitedNetworkIdentifier, plan_.fleet.home_domain));
        break;
      case Phase::kMar:
        code = command::kMultimediaAuth;
        avps.push_back(auth_data_item("Digest-AKAv1-MD5", phone.sip_authorization.empty()
                                                              ? std::nullopt
                                                              : std::optional(phone.sip_authorization)));
        avps.push_back(number_avp(avp::kSipNumberAuthItems, 1));
        avps.push_back(text_avp(avp::kServerName, phone.server_name));
        break;
      case Phase::kSar:
      case Phase::kDone:
        code = command::kServerAssignment;
        avps.push_back(text_avp(avp::kServerName, phone.server_name));
        avps.push_back(
            number_avp(avp::kServerAssignmentType, static_cast<std::uint32_t>(ServerAssignmentType::kRegistration)));
        avps.push_back(number_avp(avp::kUserDataAlreadyAvailable, 0));
        break;
    }
    Line& line = line_of(index);
    const std::uint32_t id = line.connection->post(line.connection->make_request(kCx, code, std::move(avps)));
    line.open[id] = {index, Clock::now() + plan_.patience};
  }

  void collect(milliseconds patience) {
    std::vector<pollfd> sockets;
    for (Line& line : lines_) {
      line.connection->flush();
      sockets.push_back({line.connection->descriptor(), POLLIN, 0});
    }
    // What a connection has read and not given out is not seen by poll(), so each is emptied whatever poll() says.
    if (::poll(sockets.data(), sockets.size(), static_cast<int>(patience.count())) < 0) return;
    for (Line& line : lines_) {
      while (auto answer = line.connection->receive(milliseconds(0))) take(line, *answer);
    }
  }

  void take(Line& line, const Message& answer) {
    const auto question = line.open.find(answer.hop_by_hop);
    if (question == line.open.end()) return;  // it was given up
    const std::uint32_t index = question->second.phone;
    line.open.erase(question);
    try {
      const ResultOf result = result_in(answer);
      if (result == ResultOf{result::kTooBusy.vendor, result::kTooBusy.code}) {
        ++figures_.too_busy;
        again_.emplace_back(index, Clock::now() + kBeforeAskingAgain);
      } else if (result.code / 1000 != 2) {
        fail(index, short_name(answer) + " says " + result_text(result));
      } else {
        go_on(index, answer);
      }
    } catch (const NetworkError& error) {
      fail(index, error.what());
    }
  }

  void go_on(std::uint32_t index, const Message& answer) {
    User& phone = phones_[index];
    switch (phone.phase) {
      case Phase::kUar:
        phone.server_name = text_in(answer, avp::kServerName);
        if (phone.server_name.empty()) phone.server_name = plan_.fleet.server_name;
        phone.phase = Phase::kMar;
        ask(index);
        break;
      case Phase::kMar:
        challenge(index, multimedia_auth_in(answer).vectors);
        break;
      case Phase::kSar:
        ++figures_.back[phone.mars];
        figures_.times.record(std::chrono::duration_cast<Histogram::Duration>(Clock::now() - start_));
        finish(phone);
        break;
      case Phase::kDone:
        break;
    }
  }

  void challenge(std::uint32_t index, const std::vector<Vector>& vectors) {
    User& phone = phones_[index];
    ++phone.mars;
    if (vectors.empty()) return fail(index, "MAA has no vector");
    const Vector& vector = vectors.front();
    if (!phone.card) phone.card = card_ahead_of(vector, plan_.keys, plan_.ahead);
    const UsimAnswer answer =
        phone.card ? phone.card->authenticate(vector.rand, vector.autn) : UsimAnswer(UsimMacFailure{});
    if (std::holds_alternative<UsimMacFailure>(answer)) {
      return fail(index, "MAC-A is wrong: the card and the HSS have different keys");
    }
    if (const auto* response = std::get_if<UsimResponse>(&answer)) {
      if (!response->res.equals(vector.xres)) return fail(index, "XRES is not the card's RES");
      phone.phase = Phase::kSar;
    } else {
      if (phone.mars == kMostMars) {
        return fail(index, "still out of step after " + std::to_string(kMostMars) + " MARs");
      }
      const auto& failure = std::get<UsimSynchronisationFailure>(answer);
      phone.sip_authorization.assign(vector.rand.begin(), vector.rand.end());
      phone.sip_authorization.insert(phone.sip_authorization.end(), failure.auts.begin(), failure.auts.end());
    }
    ask(index);
  }

  void fail(std::uint32_t index, const std::string& why) {
    StormFigures::Failure& failure = figures_.failures[why];
    if (failure.count++ == 0) {
      failure.first_imsi = std::string(ImsiDigits(plan_.fleet.subscribers.first_imsi, index).text());
    }
    finish(phones_[index]);
  }

  void finish(User& phone) {
    phone = User{};  // its card and keys go
    phone.phase = Phase::kDone;
    ++done_;
  }

  void give_up_on_silence(Clock::time_point now) {
    for (Line& line : lines_) {
      std::erase_if(line.open, [&](const auto& question) {
        if (question.second.deadline > now) return false;
        const Phase phase = phones_[question.second.phone].phase;
        const char* name = phase == Phase::kUar ? "UAR" : phase == Phase::kMar ? "MAR" : "SAR";
        std::string why = "no answer to ";
        why += name;
        fail(question.second.phone, why);
        return true;
      });
    }
  }

  const StormPlan& plan_;
  const StormHooks& hooks_;
  std::vector<User> phones_;
  std::vector<Line> lines_;  // of connection i: I-CSCF at 2i, S-CSCF at 2i + 1
  std::deque<std::pair<std::uint32_t, Clock::time_point>> again_;
  StormFigures figures_;
  std::uint64_t done_ = 0;
  Clock::time_point start_;
  Clock::time_point next_check_;
};

}  // namespace

std::uint64_t StormFigures::registered() const {
  return std::accumulate(back.begin(), back.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& row) { return sum + row.second; });
}

std::uint64_t StormFigures::in_time() const {
  return std::accumulate(back.begin(), back.upper_bound(kExpectedMars), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& row) { return sum + row.second; });
}

StormFigures run_storm(const StormPlan& plan, const StormHooks& hooks) { return Storm(plan, hooks).run(); }

}  // namespace hss::lab
