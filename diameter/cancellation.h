// freeDiameter ends its threads with pthread_cancel, which unwinds C++ frames: a thread that is cancelled while it runs
// our code would leave locks held or end the process in a noexcept frame. Every callback of ours opens with this guard.
// SPDX-License-Identifier: MIT
#pragma once

#include <pthread.h>

namespace hss::diameter {

/// While one lives, the thread cannot be cancelled; a cancellation that comes meanwhile waits.
class NoCancellation {
 public:
  NoCancellation() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~NoCancellation() { pthread_setcancelstate(before_, nullptr); }
  NoCancellation(const NoCancellation&) = delete;
  NoCancellation& operator=(const NoCancellation&) = delete;

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

}  // namespace hss::diameter
