// Well-formed messages that freeDiameter 1.2.1 answers or drops in a way that ends it or halts it; each is led past the
// place where that happens, and answered.
//
// - A request that its routing refuses (3001 without Destination-Realm, 3002, 3005, 3007, 3008 ...) is answered there,
//   over the connection it came by. When the sender has hung up meanwhile there is none, and that is taken for a fatal
//   error. The answer cannot be made earlier, nor the refusal be foreseen; but a hook is called just before. It hides
//   where the request came from, so that freeDiameter drops the request as one of a deleted peer; and in the hook of
//   that drop we send the same answer on the way of all others, where a missing connection does no harm.
// - An answer that breaks the dictionary's rules is searched for Result-Code, which may not have been read yet: an
//   assertion. Only who was asked can send one, but freeDiameter asks everybody (DWR). With an error result and a
//   command code that nobody knows it is passed on nevertheless, and dispatch gives up, which ends the process.
// - A request with a decorated User-Name ("realm!user@other", RFC 5729) is put back into the queue of received messages
//   by the one thread that empties it: with that queue full it waits for itself for ever. The name is a subscriber's to
//   choose. Such a request of our realm gets our Destination-Host, and is then delivered as it is.
// - Inband-Security-Id TLS in a CER makes it begin TLS once more where there is TLS already, and an assertion ends it
//   when that fails; where there is none, the same for a peer with TLS_old_method. RFC 6733 6.10 advises against it:
//   the CER is taken as one without, so that what is not protected at that time never is.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "diameter/fd.h"

namespace hss::diameter {

/// For the hooks PARSING_ERROR and ROUTING_ERROR, after all else that they do with the message.
void before_refusal(msg* message, const char* why) noexcept;
/// For the hook MESSAGE_DROPPED: true when the message is a request that before_refusal has hidden; the answer is sent.
bool answer_instead(msg* message, const char* why) noexcept;
/// For the hook MESSAGE_RECEIVED.
void deliver_decorated_here(msg* message) noexcept;
/// For the hook MESSAGE_RECEIVED, of what comes before anybody is known.
void forget_inband_security(msg* message) noexcept;

/// The answer to a request that routing refuses, as freeDiameter would make it: of a copy, the request stays its
/// owner's. Its Session-Id is that of CommonSession until it is sent. Throws fd::Error.
fd::MessagePtr refusal_of(msg* request, const std::string& source, const std::string& code, const std::string& why);

}  // namespace hss::diameter
