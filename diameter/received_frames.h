// Each frame as it comes off a socket: one that would end freeDiameter (wire_guard.h) is spoilt, so that freeDiameter
// refuses it as no Diameter and closes that connection alone.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "diameter/fd.h"

namespace hss::diameter {

/// For the hook DATA_RECEIVED, on the receiving thread of the connection.
void take_frame(fd_cnx_rcvdata& data) noexcept;
/// True for what take_frame has spoilt, and told.
bool was_stopped(const fd_cnx_rcvdata& data);
/// True once a User-Name with a decoration has come (core_traps.h).
bool decorated_user_name_seen() noexcept;

/// The socket that the calling thread receives from; -1 when it is no receiving thread of freeDiameter.
int receiving_socket() noexcept;

/// Who is at the other end of a socket.
struct Remote {
  std::string host;     // "127.0.0.1"; empty when it is not known
  std::string address;  // "127.0.0.1:51234", "[::1]:51234", or "address unknown"
};
Remote remote_of(int socket);

}  // namespace hss::diameter
