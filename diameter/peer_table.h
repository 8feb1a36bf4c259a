// freeDiameter's table of peers, connected or not.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/cancellation.h"
#include "diameter/fd.h"

namespace hss::diameter {

/// Calls `visit` with each `peer_hdr*`, under the table's lock: it must not wait for anything that freeDiameter does.
template <class Visit>
void for_each_peer(Visit visit) {
  const NoCancellation guard;
  if (pthread_rwlock_rdlock(&fd_g_peers_rw) != 0) return;
  for (fd_list* at = fd_g_peers.next; at != &fd_g_peers; at = at->next) visit(static_cast<peer_hdr*>(at->o));
  pthread_rwlock_unlock(&fd_g_peers_rw);
}

}  // namespace hss::diameter
