// How the kernel shares the processor among our threads.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace hss::diameter {

/// Puts every thread of the process under SCHED_BATCH, which threads made later inherit. A request passes five queues
/// between threads inside freeDiameter; without the wake-up preemption of the normal policy each of them hands over
/// more at a time. Needs no privilege. Returns why it did not work for a thread; empty when it did for all.
std::string prefer_throughput();

}  // namespace hss::diameter
