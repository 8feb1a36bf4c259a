// SIGHUP: the settings are read again, and a running server takes those that it can.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "diameter/live_settings.h"

namespace hss::diameter {

/// Reads `file` and puts what it can of it into `live`; sets the log's level. The report, in lines: what is new, what
/// needs a restart, who is connected and not admitted any more; or why nothing was taken (a file that is no good
/// changes nothing). The log says the same.
std::string reload_settings(const std::filesystem::path& file, LiveSettings& live);

class Reloader {
 public:
  /// From here on SIGHUP is taken, and waits for start(). To be made before other threads are: they are kept from it.
  /// One of these in a process. Throws std::system_error.
  Reloader();
  /// SIGHUP is ignored from here on.
  ~Reloader();
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  /// `reload` is called for each SIGHUP, or once for some that came close together, on a thread of this object. Throws
  /// std::system_error.
  void start(std::function<void()> reload);

 private:
  void run(const std::function<void()>& reload) const;

  int signals_;  // a descriptor
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace hss::diameter
