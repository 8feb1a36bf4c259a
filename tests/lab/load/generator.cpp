// SPDX-License-Identifier: MIT
#include "tests/lab/load/generator.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>
#include <memory>
#include <numeric>
#include <stdexcept>

#include "tests/lab/load/link.h"
#include "tests/lab/load/shuffle.h"

namespace hss::lab {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds kHousekeeping{20};       // how often silence is looked for
constexpr milliseconds kBetweenReports{500};    // LoadProgress
constexpr std::uint32_t kMostInFlight = 10000;  // fits into the low half of a hop-by-hop identifier
constexpr std::uint32_t kMostConnections = 1000;

double thread_cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

/// A place for a procedure: free, or one user's way through the steps.
struct Flow {
  bool busy = false;
  std::uint16_t turn = 0;  // tells an answer that is late from the one that is awaited
  std::uint8_t step = 0;
  std::uint32_t user = 0;
  Clock::time_point begun;     // when the procedure should have begun
  Clock::time_point asked;     // when the step should have begun
  Clock::time_point deadline;  // of its answer
};

/// One connection of each node, and the users that go over them. A user always takes the same: the HSS sees one S-CSCF.
struct Lane {
  std::array<std::unique_ptr<Link>, 2> links;  // by Role
  std::array<bool, 2> waits_to_send{};
  std::vector<RequestTemplate> requests;  // by step
  std::vector<Flow> flows;
  std::vector<std::uint32_t> free;
  std::vector<bool> in_use;  // by the lane's own number of a user
  std::optional<Shuffle> order;
  std::uint64_t turn = 0;
};

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {
    if (descriptor < 0) throw std::runtime_error(std::strerror(errno));
  }
  ~Descriptor() { ::close(descriptor_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

class Generator {
 public:
  Generator(const LoadPlan& plan, const LoadHooks& hooks)
      : plan_(plan),
        hooks_(hooks),
        steps_(steps_of(plan.mix)),
        lanes_(plan.connections),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    for (const Step& step : steps_) figures_.steps.push_back({.name = std::string(step.name)});
    for (std::uint32_t i = 0; i < plan_.connections; ++i) open(lanes_[i], i);
    watch(timer_.get(), EPOLL_CTL_ADD, EPOLLIN, kTimer);
  }

  LoadFigures run() {
    start_ = Clock::now();
    window_begin_ = start_ + plan_.warm_up;
    window_end_ = window_begin_ + plan_.duration;
    next_report_ = start_ + kBetweenReports;
    last_report_ = next_check_ = start_;
    std::optional<double> cpu_at_begin;
    std::optional<double> cpu_at_end;
    for (Clock::time_point now = start_;; now = Clock::now()) {
      if (!cpu_at_begin && now >= window_begin_) cpu_at_begin = thread_cpu_seconds();
      if (now >= next_check_) look_around(now);
      if (now < window_end_) {
        begin_what_is_due(now);
      } else if (!cpu_at_end) {
        cpu_at_end = thread_cpu_seconds();
        if (plan_.rate) begin_what_is_due(window_end_ - Clock::duration(1));  // since the last look
        figures_.not_begun = due_but_not_begun();
      }
      flush_all();
      if (now >= window_end_ && in_flight_ == 0) break;
      wait(now);
    }
    figures_.seconds = std::max(0.0, std::chrono::duration<double>(window_end_ - window_begin_).count());
    figures_.cpu_seconds = cpu_at_begin ? *cpu_at_end - *cpu_at_begin : 0;
    for (Lane& lane : lanes_) {
      for (auto& link : lane.links) {
        if (link) link->say_goodbye();
      }
    }
    return std::move(figures_);
  }

 private:
  static constexpr std::uint64_t kTimer = ~std::uint64_t{0};

  void open(Lane& lane, std::uint32_t index) {
    const std::string& realm = plan_.fleet.home_domain;
    for (const Step& step : steps_) {
      const auto role = static_cast<std::size_t>(step.role);
      const std::string host =
          host_of(step.role == Role::kIcscf ? plan_.fleet.icscf_host : plan_.fleet.scscf_host, index);
      if (!lane.links[role]) {
        lane.links[role] = std::make_unique<Link>(plan_.fleet.target, host, realm, plan_.patience);
        watch(lane.links[role]->descriptor(), EPOLL_CTL_ADD, EPOLLIN, std::uint64_t{index} << 1U | role);
      }
      const Sender sender{host, realm, lane.links[role]->peer_realm(), plan_.fleet.home_domain,
                          plan_.fleet.server_name};
      lane.requests.emplace_back(step, sender, plan_.fleet.subscribers.first_imsi.size());
    }
    lane.flows.resize(plan_.in_flight);
    lane.free.resize(plan_.in_flight);
    std::iota(lane.free.rbegin(), lane.free.rend(), 0U);
    lane.in_use.resize((plan_.fleet.subscribers.count - index - 1) / plan_.connections + 1);
    lane.order.emplace(static_cast<std::uint32_t>(lane.in_use.size()), session_base_ + index);
  }

  void watch(int descriptor, int operation, std::uint32_t events, std::uint64_t key) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = key;
    if (::epoll_ctl(epoll_.get(), operation, descriptor, &event) != 0) throw std::runtime_error(std::strerror(errno));
  }

  // ---- Beginning ----------------------------------------------------------------------------------------------------

  /// When procedure `index` of a fixed rate should begin.
  [[nodiscard]] Clock::time_point due(std::uint64_t index) const {
    const std::chrono::duration<double> after(static_cast<double>(index) / *plan_.rate);
    return start_ + std::chrono::duration_cast<Clock::duration>(after);
  }

  void begin_what_is_due(Clock::time_point now) {
    if (!plan_.rate) {
      for (std::uint32_t i = 0; i < lanes_.size(); ++i) {
        while (!lanes_[i].free.empty()) begin(i, now, now);
      }
      return;
    }
    while (due(begun_) <= now) {
      // The next lane with a free place, turn by turn.
      std::uint32_t tried = 0;
      while (tried < lanes_.size() && lanes_[next_lane_].free.empty()) {
        next_lane_ = (next_lane_ + 1) % plan_.connections;
        ++tried;
      }
      if (tried == lanes_.size()) return;
      begin(next_lane_, due(begun_), now);
      next_lane_ = (next_lane_ + 1) % plan_.connections;
    }
  }

  [[nodiscard]] std::uint64_t due_but_not_begun() const {
    if (!plan_.rate || window_end_ <= start_) return 0;
    const double all = std::ceil(std::chrono::duration<double>(window_end_ - start_).count() * *plan_.rate);
    return static_cast<std::uint64_t>(std::max(0.0, all - static_cast<double>(begun_)));
  }

  void begin(std::uint32_t lane_index, Clock::time_point intended, Clock::time_point now) {
    Lane& lane = lanes_[lane_index];
    const std::uint32_t place = lane.free.back();
    lane.free.pop_back();
    Flow& flow = lane.flows[place];
    // A user that is still on its way is passed over, as long as there are others.
    std::uint32_t user = lane.order->at(lane.turn++);
    std::size_t others = lane.in_use.size();
    while (others-- > 0 && lane.in_use[user]) user = lane.order->at(lane.turn++);
    flow.user = user * plan_.connections + lane_index;
    lane.in_use[user] = true;
    flow.busy = true;
    flow.step = 0;
    flow.begun = intended;
    ++in_flight_;
    ++begun_;
    ask(lane, place, intended, now);
  }

  void ask(Lane& lane, std::uint32_t place, Clock::time_point intended, Clock::time_point now) {
    Flow& flow = lane.flows[place];
    flow.turn = static_cast<std::uint16_t>(flow.turn + 1);
    flow.asked = intended;
    flow.deadline = now + plan_.patience;
    const ImsiDigits imsi(plan_.fleet.subscribers.first_imsi, flow.user);
    ++sent_;
    lane.requests[flow.step].append(lane.links[static_cast<std::size_t>(steps_[flow.step].role)]->outgoing(),
                                    imsi.text(), session_base_ + sent_, std::uint32_t{flow.turn} << 16U | place,
                                    static_cast<std::uint32_t>(session_base_ + sent_));
  }

  // ---- Answers ------------------------------------------------------------------------------------------------------

  void take(Lane& lane, BytesView octets, Clock::time_point now) {
    const Header header = header_of(octets);
    const std::uint32_t place = header.hop_by_hop & 0xffffU;
    if (place >= lane.flows.size()) return;
    Flow& flow = lane.flows[place];
    if (!flow.busy || flow.turn != header.hop_by_hop >> 16U || header.command != steps_[flow.step].command) {
      ++figures_.late;
      return;
    }
    const ResultOf result = quick_result(octets).value_or(ResultOf{});
    const bool success = result.code / 1000 == 2;
    const bool in_window = now >= window_begin_ && now < window_end_;
    ++answers_;
    if (!success) ++refused_;
    if (in_window) {
      ++figures_.answers;
      const auto silence = std::chrono::duration_cast<microseconds>(now - std::max(last_answer_, window_begin_));
      figures_.longest_silence = std::max(figures_.longest_silence, silence);
    }
    last_answer_ = now;
    StepFigures& figures = figures_.steps[flow.step];
    if (flow.asked >= window_begin_) {
      figures.latency.record(std::chrono::duration_cast<microseconds>(now - flow.asked));
      ++figures.results[{result.vendor, result.code}];
    }
    if (success && hooks_.check && header.command == command::kMultimediaAuth) check(flow.user, octets);
    if (!success) {
      finish(lane, place, false, now);
    } else if (flow.step + std::size_t{1} == steps_.size()) {
      if (in_window) ++figures_.completed;
      finish(lane, place, true, now);
    } else {
      ++flow.step;
      ask(lane, place, now, now);
    }
  }

  void check(std::uint32_t user, BytesView answer) {
    ++figures_.verified;
    const std::string wrong = hooks_.check(user, answer);
    if (wrong.empty()) return;
    ++figures_.wrong;
    if (figures_.first_wrong.empty()) {
      figures_.first_wrong = std::string(ImsiDigits(plan_.fleet.subscribers.first_imsi, user).text()) + ": " + wrong;
    }
  }

  void finish(Lane& lane, std::uint32_t place, bool success, Clock::time_point now) {
    Flow& flow = lane.flows[place];
    if (flow.begun >= window_begin_) {
      if (success) figures_.procedures.record(std::chrono::duration_cast<microseconds>(now - flow.begun));
      if (!success) ++figures_.failed;
    }
    flow.busy = false;
    lane.in_use[flow.user / plan_.connections] = false;
    lane.free.push_back(place);
    --in_flight_;
  }

  // ---- The loop -----------------------------------------------------------------------------------------------------

  /// Silence, Ctrl-C, the live line.
  void look_around(Clock::time_point now) {
    next_check_ = now + kHousekeeping;
    for (Lane& lane : lanes_) {
      for (std::uint32_t place = 0; place < lane.flows.size(); ++place) {
        const Flow& flow = lane.flows[place];
        if (!flow.busy || flow.deadline > now) continue;
        ++timeouts_;
        if (flow.asked >= window_begin_) ++figures_.steps[flow.step].timeouts;
        finish(lane, place, false, now);
      }
    }
    if (hooks_.interrupted && now < window_end_ && hooks_.interrupted()) {
      figures_.interrupted = true;
      window_begin_ = std::min(window_begin_, now);
      window_end_ = now;
    }
    if (!hooks_.progress || now < next_report_) return;
    const double seconds = std::chrono::duration<double>(now - last_report_).count();
    hooks_.progress({.elapsed = std::chrono::duration_cast<milliseconds>(now - start_),
                     .warming_up = now < window_begin_,
                     .answers_per_second = static_cast<double>(answers_ - answers_reported_) / seconds,
                     .in_flight = in_flight_,
                     .timeouts = timeouts_,
                     .refused = refused_});
    answers_reported_ = answers_;
    last_report_ = now;
    next_report_ = now + kBetweenReports;
  }

  void flush_all() {
    for (std::uint32_t i = 0; i < lanes_.size(); ++i) {
      for (std::size_t role = 0; role < lanes_[i].links.size(); ++role) {
        Link* link = lanes_[i].links[role].get();
        if (link == nullptr) continue;
        const bool waits = !link->outgoing().empty() && !link->flush();
        if (waits == lanes_[i].waits_to_send[role]) continue;
        lanes_[i].waits_to_send[role] = waits;
        watch(link->descriptor(), EPOLL_CTL_MOD, EPOLLIN | (waits ? EPOLLOUT : 0U), std::uint64_t{i} << 1U | role);
      }
    }
  }

  void set_timer(Clock::time_point wake) const {
    const auto at = std::chrono::duration_cast<std::chrono::nanoseconds>(wake.time_since_epoch()).count();
    itimerspec timer{};
    timer.it_value.tv_sec = at / 1'000'000'000;
    timer.it_value.tv_nsec = at % 1'000'000'000;
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &timer, nullptr);
  }

  void wait(Clock::time_point now) {
    Clock::time_point wake = next_check_;
    if (now < window_end_) wake = std::min(wake, window_end_);
    const bool room = std::ranges::any_of(lanes_, [](const Lane& lane) { return !lane.free.empty(); });
    if (plan_.rate && room && now < window_end_) wake = std::min(wake, due(begun_));
    if (wake != timer_set_) set_timer(timer_set_ = wake);
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    if (count < 0 && errno != EINTR) throw std::runtime_error(std::strerror(errno));
    for (int i = 0; i < count; ++i) {
      const std::uint64_t key = events[static_cast<std::size_t>(i)].data.u64;
      if (key == kTimer) {
        std::uint64_t expirations = 0;
        if (::read(timer_.get(), &expirations, sizeof expirations) < 0 && errno != EAGAIN) {
          throw std::runtime_error(std::strerror(errno));
        }
        continue;
      }
      if ((events[static_cast<std::size_t>(i)].events & ~std::uint32_t{EPOLLOUT}) == 0) continue;
      Lane& lane = lanes_[key >> 1U];
      const Clock::time_point came = Clock::now();
      lane.links[key & 1U]->receive([&](BytesView answer) { take(lane, answer, came); });
    }
  }

  const LoadPlan& plan_;
  const LoadHooks& hooks_;
  std::span<const Step> steps_;
  std::vector<Lane> lanes_;
  Descriptor epoll_;
  Descriptor timer_;
  LoadFigures figures_;
  Clock::time_point start_;
  Clock::time_point window_begin_;
  Clock::time_point window_end_;
  Clock::time_point next_check_;
  Clock::time_point next_report_;
  Clock::time_point last_report_;
  Clock::time_point last_answer_;
  Clock::time_point timer_set_;
  // Session-Ids and end-to-end identifiers differ from those of a run before (RFC 6733 3: the time of the start).
  std::uint64_t session_base_ = static_cast<std::uint64_t>(std::time(nullptr)) << 20U;
  std::uint64_t sent_ = 0;
  std::uint64_t begun_ = 0;
  std::uint32_t next_lane_ = 0;
  std::uint32_t in_flight_ = 0;
  std::uint64_t answers_ = 0;
  std::uint64_t answers_reported_ = 0;
  std::uint64_t timeouts_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace

LoadFigures run_load(const LoadPlan& plan, const LoadHooks& hooks) {
  if (!last_imsi(plan.fleet.subscribers))
    throw std::invalid_argument("the subscribers' IMSIs do not fit into their digits");
  if (plan.connections == 0 || plan.connections > kMostConnections || plan.connections > plan.fleet.subscribers.count) {
    throw std::invalid_argument("connections: 1 to " + std::to_string(kMostConnections) +
                                ", and not more than subscribers");
  }
  if (plan.in_flight == 0 || plan.in_flight > kMostInFlight) {
    throw std::invalid_argument("in flight: 1 to " + std::to_string(kMostInFlight) + " on a connection");
  }
  if (plan.rate && !(*plan.rate > 0 && *plan.rate <= 1e7)) throw std::invalid_argument("the rate is out of range");
  return Generator(plan, hooks).run();
}

}  // namespace hss::lab
