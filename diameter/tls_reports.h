// Why a TLS connection could not be made. freeDiameter says it in up to three error lines without the peer's name, and
// then calls a hook on the same thread, which knows the address and not the reason: here they come together. Of a
// connection over TLS that just ends it writes three more, which say nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace hss::diameter {

/// For each error line of freeDiameter's: true when it is about TLS, and is told by others. A cause in it is kept for
/// take_tls_cause() on this thread.
bool take_tls_report(std::string_view line);
/// What was wrong with TLS on this thread since the last call; empty when nothing was.
std::string take_tls_cause();

}  // namespace hss::diameter
