// SPDX-License-Identifier: MIT
#include "diameter/scheduling.h"

#include <sched.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace hss::diameter {

std::string prefer_throughput() {
  std::error_code error;
  std::filesystem::directory_iterator tasks("/proc/self/task", error);
  if (error) return "/proc/self/task: " + error.message();
  std::string problem;
  for (; tasks != std::filesystem::directory_iterator(); tasks.increment(error)) {
    const std::string name = tasks->path().filename();
    pid_t thread = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), thread).ec != std::errc()) continue;
    const sched_param parameters{};                                                     // SCHED_BATCH has no priority
    if (sched_setscheduler(thread, SCHED_BATCH, &parameters) != 0 && errno != ESRCH) {  // ESRCH: it has ended meanwhile
      problem = "thread " + name + ": " + std::strerror(errno);
    }
  }
  if (error) return "/proc/self/task: " + error.message();
  return problem;
}

}  // namespace hss::diameter
