// The settings in force, and who may ask what by them, for threads that read them while another one puts new ones in
// their place.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "diameter/access.h"
#include "hss/settings.h"

namespace hss::diameter {

class LiveSettings {
 public:
  struct State {
    Settings settings;
    Access access;
  };

  explicit LiveSettings(const Settings& settings) { put(settings, {}); }

  /// Valid as long as this object, whatever comes after: what was in force is kept, some kB for each change that
  /// somebody has made to hss.toml.
  [[nodiscard]] const State& now() const noexcept { return *current_.load(std::memory_order_acquire); }
  /// `expelled` as Access says.
  void put(const Settings& settings, std::vector<std::string> expelled) {
    auto state = std::make_unique<const State>(State{settings, Access(settings, std::move(expelled))});
    const std::lock_guard lock(mutex_);
    current_.store(all_.emplace_back(std::move(state)).get(), std::memory_order_release);
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<const State>> all_;
  std::atomic<const State*> current_ = nullptr;
};

}  // namespace hss::diameter
