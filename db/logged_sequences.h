// How the server keeps the log of sequence numbers.
// SPDX-License-Identifier: MIT
#pragma once

#include "db/logged_states.h"
#include "db/sequence_log.h"

namespace hss::db {

using LoggedSequences = LoggedStates<SequenceLog>;

}  // namespace hss::db
