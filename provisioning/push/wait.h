// What follows a verb that wrote pushes: they are named, and with --wait their end is awaited.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "hss/push.h"
#include "provisioning/command.h"
#include "provisioning/json.h"
#include "provisioning/store.h"

namespace hss::provisioning::push {

/// --wait [SECONDS].
struct Wait {
  std::string seconds;  // as typed; empty: the usual 60
  bool wanted = false;
};
void declare_wait(cli::App& app, Wait& wait);

/// The pushes as they stand now; those that are gone are left out.
std::vector<Push> read_pushes(Store& store, const std::vector<PushId>& ids);

/// Prints the pushes, or adds them to `json` as "pushes" and prints that; waits when that is wanted, and prints what
/// became of each. Throws Failure when one was refused or given up, or still waits at the end of that time; UsageError
/// when the time is no number of seconds. Nothing is printed about no pushes.
void report(Store& store, const std::vector<PushId>& ids, const Wait& wait, Json json, Command& command);

/// As report() checks it, before anything is written.
unsigned seconds_of(const Wait& wait);

}  // namespace hss::provisioning::push
