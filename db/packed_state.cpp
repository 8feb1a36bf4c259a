// SPDX-License-Identifier: MIT
#include "db/packed_state.h"

#include "db/stored_challenges.h"

namespace hss::db {

namespace {

constexpr std::size_t kRandSize = 16;

// Of a registration.
constexpr unsigned kServer = 1, kPreviousServer = 2, kReassignmentPending = 4;
// Of a pair, beside its status.
constexpr unsigned kAuthPending = 4, kStatusMask = 3;

void read_server(PackedReader& from, bool present, const SharedServers& servers,
                 std::optional<AssignedServer>& server) {
  if (present) {
    server = servers[static_cast<SharedServers::Number>(from.number())];
  } else {
    server.reset();
  }
}

}  // namespace

BytesView pack(const Registration& registration, SharedServers& servers, Bytes& scratch) {
  const auto& [server, pairs, previous_server, reassignment_pending] = registration;
  PackedWriter to(scratch);
  to.octet(static_cast<std::uint8_t>((server ? kServer : 0U) | (previous_server ? kPreviousServer : 0U) |
                                     (reassignment_pending ? kReassignmentPending : 0U)));
  if (server) to.number(servers.use(*server));
  if (previous_server) to.number(servers.use(*previous_server));
  for (const auto& [implicit_set, private_identity, status, auth_pending_until] : pairs) {
    to.id(implicit_set);
    to.id(private_identity);
    to.octet(static_cast<std::uint8_t>(static_cast<unsigned>(status) | (auth_pending_until ? kAuthPending : 0U)));
    if (auth_pending_until) to.id(*auth_pending_until);
  }
  return scratch;
}

void unpack(const PackedOctets& packed, const SharedServers& servers, Registration& registration) {
  PackedReader from(packed.view());
  const unsigned flags = from.octet();
  read_server(from, (flags & kServer) != 0, servers, registration.server);
  read_server(from, (flags & kPreviousServer) != 0, servers, registration.previous_server);
  registration.reassignment_pending = (flags & kReassignmentPending) != 0;
  registration.pairs.clear();
  while (!from.at_end()) {
    PairState& pair = registration.pairs.emplace_back();
    pair.implicit_set = from.id();
    pair.private_identity = from.id();
    const unsigned state = from.octet();
    pair.status = static_cast<RegistrationStatus>(state & kStatusMask);
    if ((state & kAuthPending) != 0) pair.auth_pending_until = from.id();
  }
}

void release_servers(const PackedOctets& packed, SharedServers& servers) {
  if (!packed) return;
  PackedReader from(packed.view());
  const unsigned flags = from.octet();
  for (const unsigned flag : {kServer, kPreviousServer}) {
    if ((flags & flag) != 0) servers.release(static_cast<SharedServers::Number>(from.number()));
  }
}

// What is left over when the RANDs are counted is the number, most significant octet last, without its leading zeros:
// with eight RANDs and a SEQ as TS 33.102 has it, the block is just not longer than the next smaller one of malloc.
BytesView pack(const SequenceState& state, Bytes& scratch) {
  const auto& [seq, issued] = state;
  PackedWriter to(scratch);
  for (const Octets<kRandSize>& rand : issued) to.octets(rand);
  for (std::uint64_t rest = seq; rest != 0; rest >>= 8U) to.octet(static_cast<std::uint8_t>(rest));
  return scratch;
}

void unpack(const PackedOctets& packed, SequenceState& state) {
  PackedReader from(packed.view());
  state.issued = stored_challenges(from.octets(packed.view().size() / kRandSize * kRandSize));
  state.seq = 0;
  for (unsigned shift = 0; !from.at_end(); shift += 8U) state.seq |= std::uint64_t{from.octet()} << shift;
}

}  // namespace hss::db
