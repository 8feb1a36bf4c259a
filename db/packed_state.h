// The changing part of a subscriber in as few octets as it takes: a registration names its servers by number, and the
// sequence number of a key set stands behind the RANDs that it was used with.
// SPDX-License-Identifier: MIT
#pragma once

#include "db/packed_octets.h"
#include "db/shared_values.h"
#include "hss/subscriber.h"

namespace hss::db {

/// In `scratch`, which is written over. It uses its servers until release_servers().
BytesView pack(const Registration& registration, SharedServers& servers, Bytes& scratch);
/// Writes over `registration`, in the memory that it has.
void unpack(const PackedOctets& packed, const SharedServers& servers, Registration& registration);
/// Of a registration that was packed; or of none, and then nothing happens.
void release_servers(const PackedOctets& packed, SharedServers& servers);

BytesView pack(const SequenceState& state, Bytes& scratch);
void unpack(const PackedOctets& packed, SequenceState& state);

}  // namespace hss::db
