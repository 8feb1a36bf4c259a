// The capture is read back here by a small reader of its own; Wireshark is not needed for it.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "tests/lab/outputs.h"
#include "tests/lab/unit/sample_trace.h"

namespace hss::lab {
namespace {

std::uint32_t number(BytesView octets, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets.subspan(at, size)) value = value << 8U | octet;
  return value;
}

/// 0xFFFF when the checksum among the octets is right.
std::uint32_t ones_sum(BytesView octets, std::uint32_t start = 0) {
  std::uint64_t total = start;
  for (std::size_t i = 0; i < octets.size(); ++i) total += std::uint64_t{octets[i]} << (i % 2 == 0 ? 8U : 0U);
  while (total > 0xFFFF) total = (total & 0xFFFFU) + (total >> 16U);
  return static_cast<std::uint32_t>(total);
}

struct Packet {
  std::uint64_t microseconds;
  std::uint32_t from;
  std::uint32_t to;
  std::uint32_t sequence;
  std::uint32_t acknowledged;
  std::uint32_t flags;
  Bytes data;
};
constexpr std::uint32_t kSyn = 2, kPsh = 8, kAck = 16;

class Capture : public testing::Test {
 protected:
  ~Capture() override { std::remove(file_.c_str()); }

  std::vector<Packet> captured(const std::vector<Event>& events) {
    const auto trace = make_pcap(file_);
    for (const Event& event : events) trace->add(event);
    trace->finish();
    const std::string text = sample::content_of(file_);
    const Bytes octets(text.begin(), text.end());
    BytesView rest = octets;
    EXPECT_EQ(number(rest, 0, 4), 0xA1B2C3D4U);
    EXPECT_EQ(number(rest, 20, 4), 101U) << "LINKTYPE_RAW";
    rest = rest.subspan(24);
    std::vector<Packet> out;
    while (!rest.empty()) {
      const std::size_t length = number(rest, 8, 4);
      EXPECT_EQ(number(rest, 12, 4), length);
      out.push_back(
          packet(rest.subspan(16, length), std::uint64_t{number(rest, 0, 4)} * 1'000'000 + number(rest, 4, 4)));
      rest = rest.subspan(16 + length);
    }
    return out;
  }

  static Packet packet(BytesView ip, std::uint64_t microseconds) {
    EXPECT_EQ(number(ip, 0, 1), 0x45U);
    EXPECT_EQ(number(ip, 2, 2), ip.size());
    EXPECT_EQ(ones_sum(ip.first(20)), 0xFFFFU) << "checksum of IP";
    EXPECT_EQ(number(ip, 12, 4), 0x7F000001U);
    EXPECT_EQ(number(ip, 16, 4), 0x7F000001U);
    const BytesView tcp = ip.subspan(20);
    const std::uint32_t pseudo = 2 * (0x7F00U + 1U) + 6U + static_cast<std::uint32_t>(tcp.size());
    EXPECT_EQ(ones_sum(tcp, pseudo), 0xFFFFU) << "checksum of TCP";
    return {.microseconds = microseconds,
            .from = number(tcp, 0, 2),
            .to = number(tcp, 2, 2),
            .sequence = number(tcp, 4, 4),
            .acknowledged = number(tcp, 8, 4),
            .flags = number(tcp, 13, 1),
            .data = Bytes(tcp.begin() + 20, tcp.end())};
  }

  std::string file_ = sample::temporary("run.pcap");
};

using Flow = std::pair<std::uint32_t, std::uint32_t>;

/// What each end sent, after every sequence number was checked against what went before.
std::map<Flow, Bytes> streams_of(const std::vector<Packet>& packets) {
  std::map<Flow, std::uint32_t> next;
  std::map<Flow, Bytes> out;
  for (const Packet& packet : packets) {
    const Flow flow{packet.from, packet.to};
    const Flow back{packet.to, packet.from};
    if ((packet.flags & kSyn) != 0) {
      EXPECT_EQ(next.count(flow), 0U) << "one handshake a connection";
      next[flow] = packet.sequence;
    }
    EXPECT_EQ(packet.sequence, next[flow]);
    EXPECT_EQ(packet.acknowledged, (packet.flags & kAck) != 0 ? next[back] : 0U);
    next[flow] += static_cast<std::uint32_t>(packet.data.size()) + ((packet.flags & kSyn) != 0 ? 1U : 0U);
    EXPECT_LE(packet.data.size(), 1400U);
    if (!packet.data.empty()) out[flow].insert(out[flow].end(), packet.data.begin(), packet.data.end());
  }
  return out;
}

TEST_F(Capture, HoldsEveryMessageOnItsConnection) {
  const std::vector<Event> events = sample::registration();
  std::map<Flow, Bytes> expected;
  for (const Event& event : events) {
    if (event.kind != Event::Kind::kDiameter) continue;
    Bytes& stream = event.from == Party::kHss ? expected[{3868, event.local_port}] : expected[{event.local_port, 3868}];
    stream.insert(stream.end(), event.octets.begin(), event.octets.end());
  }
  ASSERT_EQ(expected.size(), 4U);
  EXPECT_EQ(streams_of(captured(events)), expected);
}

TEST_F(Capture, OpensAConnectionFirst) {
  const std::vector<Packet> packets = captured({sample::sent(3, Party::kScscf, Party::kHss, sample::mar())});
  std::vector<std::uint32_t> flags;
  for (const Packet& packet : packets) flags.push_back(packet.flags);
  EXPECT_THAT(flags, testing::ElementsAre(kSyn, kSyn | kAck, kAck, kPsh | kAck, kAck));
  for (const Packet& packet : packets) EXPECT_EQ(packet.microseconds, 1'795'252'500'003'000U);
}

TEST_F(Capture, SplitsALongMessage) {
  const Event event = sample::sent(
      0, Party::kScscf, Party::kHss,
      sample::message(command::kServerAssignment, true, {octets_avp(avp::kUserData, Bytes(100'000, 'x'))}));
  const std::vector<Packet> packets = captured({event});
  EXPECT_EQ((streams_of(packets)[{40001, 3868}]), event.octets);
  std::size_t unacknowledged = 0;
  for (const Packet& packet : packets) {
    unacknowledged = packet.from == 3868 ? 0 : unacknowledged + packet.data.size();
    EXPECT_LE(unacknowledged, 65535U) << "the window";
  }
}

TEST_F(Capture, KeepsConnectionsApartThatShareAPort) {
  const std::vector<Packet> packets = captured({sample::sent(0, Party::kScscf, Party::kHss, sample::mar(), 3868),
                                                sample::sent(1, Party::kIcscf, Party::kHss, sample::mar(), 0),
                                                sample::sent(2, Party::kAaa, Party::kHss, sample::mar(), 49153)});
  std::vector<std::uint32_t> ports;
  for (const auto& [flow, octets] : streams_of(packets)) ports.push_back(flow.first);
  EXPECT_THAT(ports, testing::ElementsAre(49152, 49153, 49154));
}

TEST_F(Capture, IsForItsOwnerAlone) {
  std::ofstream(file_) << "old, and open to all";
  ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);
  EXPECT_TRUE(captured({}).empty());
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Capture, SaysWhyItCannotBeWritten) {
  file_ = testing::TempDir();
  try {
    make_pcap(file_)->finish();
    FAIL() << "written";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), "cannot write " + file_ + ": Is a directory");
  }
}

}  // namespace
}  // namespace hss::lab
