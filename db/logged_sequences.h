// How the server keeps the log of sequence numbers.
// SPDX-License-Identifier: MIT
#pragma once

#include "db/logged_states.h"
#include "db/sequence_log.h"
#include "db/sequence_table.h"

namespace hss::db {

using LoggedSequences = LoggedStates<SequenceLog, SequenceTable>;

}  // namespace hss::db
