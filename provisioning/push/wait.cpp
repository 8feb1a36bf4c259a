// SPDX-License-Identifier: MIT
#include "provisioning/push/wait.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "provisioning/checks.h"
#include "provisioning/command_line.h"
#include "provisioning/push/text.h"
#include "provisioning/text.h"

namespace hss::provisioning::push {
namespace {

constexpr unsigned kUsualWait = 60;  // seconds
constexpr unsigned kLongestWait = 86400;
constexpr std::chrono::milliseconds kBetweenLooks{200};

bool waiting(const Push& push) { return push.status == PushStatus::kWaiting; }
bool failed(const Push& push) { return push.status == PushStatus::kRefused || push.status == PushStatus::kGivenUp; }

}  // namespace

void declare_wait(cli::App& app, Wait& wait) {
  app.add_optional_value(
         "--wait", wait.wanted, wait.seconds,
         "wait until the S-CSCF or 3GPP AAA server has answered, so many seconds at the most, 60 when none are given; "
         "fail unless it agreed")
      ->type_name("SECONDS");
}

unsigned seconds_of(const Wait& wait) {
  if (wait.seconds.empty()) return kUsualWait;
  FieldProblems problems;
  const auto seconds = Checker(problems).number("--wait", wait.seconds, kLongestWait);
  if (!seconds) throw UsageError("--wait: " + problems.front().reason + ": write it last, or as --wait=SECONDS");
  return static_cast<unsigned>(*seconds);
}

std::vector<Push> read_pushes(Store& store, const std::vector<PushId>& ids) {
  std::vector<Push> pushes;
  store.database().read([&] {
    pushes.clear();
    for (const PushId id : ids) {
      if (auto push = store.administration().repository().push(id)) pushes.push_back(std::move(*push));
    }
  });
  return pushes;
}

void report(Store& store, const std::vector<PushId>& ids, const Wait& wait, Json json, Command& command) {
  const unsigned seconds = seconds_of(wait);
  std::vector<Push> pushes = read_pushes(store, ids);
  if (!command.json) {
    for (const Push& push : pushes) command.out << summary(push) << '\n';
    if (!pushes.empty() && !wait.wanted) {
      command.out << "the server sends " << (pushes.size() == 1 ? "it" : "them") << ": see 'hssctl push list'\n";
    }
    command.out.flush();
  }
  if (wait.wanted) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (std::ranges::any_of(pushes, waiting) && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(kBetweenLooks);
      pushes = read_pushes(store, ids);
    }
    if (!command.json) {
      for (const Push& push : pushes) command.out << "push " << push.id << ": " << how_it_went(push) << '\n';
    }
  }
  if (command.json) {
    json["pushes"] = Json::array();
    for (const Push& push : pushes) json["pushes"].push_back(to_json(push));
    command.out << compact(json) << '\n';
  }
  if (!wait.wanted) return;
  const auto refused = static_cast<std::size_t>(std::ranges::count_if(pushes, failed));
  const auto open = static_cast<std::size_t>(std::ranges::count_if(pushes, waiting));
  if (refused > 0) {
    throw Failure(std::to_string(refused) + " of " + std::to_string(pushes.size()) +
                  " refused or given up: see 'hssctl push list'");
  }
  if (open > 0) {
    throw Failure("no answer yet: " + std::to_string(open) + " of " + std::to_string(pushes.size()) +
                  " wait: the server goes on trying while it runs; see 'hssctl push list --waiting'");
  }
}

}  // namespace hss::provisioning::push
