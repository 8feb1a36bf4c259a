// A registration that never was, for the tests of what is made of a trace.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lab/message.h"
#include "tests/lab/trace.h"

namespace hss::lab::sample {

inline constexpr std::string_view kImpi = "001010000000001@ims.mnc001.mcc001.3gppnetwork.org";
inline constexpr std::string_view kImpu = "sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org";
inline constexpr std::string_view kXres = "a54211d5e3ba50bf";
inline constexpr std::string_view kCk = "b40ba9a3c58b2a05bbf0d987b21bf8cb";
inline constexpr std::string_view kIk = "f769bcd751044604127672711c6d3441";
inline constexpr std::string_view kRand = "23553cbe9637a89d218ae64dae47bf35";
inline constexpr std::string_view kAutn = "55f328b43577b9b94a9ffac354dfafb3";
inline constexpr std::string_view kAuts = "0102030405060708090a0b0c0d0e";
inline constexpr std::string_view kUserData =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><IMSSubscription><PrivateID>impi</PrivateID><ServiceProfile>"
    "<PublicIdentity><Identity>sip:+1555@example.org</Identity></PublicIdentity>"
    "<PublicIdentity><BarringIndication>1</BarringIndication><Identity>sip:00101@example.org</Identity></"
    "PublicIdentity>"
    "<InitialFilterCriteria><Priority>0</Priority></InitialFilterCriteria>"
    "<InitialFilterCriteria><Priority>1</Priority></InitialFilterCriteria>"
    "<Extension><SharedIFCSetID>7</SharedIFCSetID></Extension></ServiceProfile></IMSSubscription>";

Bytes hex(std::string_view text);

/// Session-Id, Origin-* and what else no reader needs come with it.
Message message(std::uint32_t command, bool request, std::vector<Avp> more, std::uint32_t application = kCx);
Message answer(std::uint32_t command, ResultOf result, std::vector<Avp> more, std::uint32_t application = kCx);
Message mar();
Message resync_mar();
Message maa();

/// Events are a millisecond apart, beginning 2026-11-21T09:15:00Z; `number` counts them.
Event sent(unsigned number, Party from, Party to, const Message& message, std::uint16_t local_port = 40001);
Event plain(unsigned number, Event::Kind kind, Party from, Party to, std::string title,
            std::vector<std::pair<std::string, std::string>> details = {});

/// UAR to SAA, with a 401 that carries ck and ik, a note with RES and a problem.
std::vector<Event> registration();

/// A path in the test's own temporary directory.
std::string temporary(const std::string& name);
std::string content_of(const std::string& path);

}  // namespace hss::lab::sample
