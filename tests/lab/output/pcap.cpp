// The messages as if they had gone by TCP on 127.0.0.1 while somebody captured: each connection with its handshake and
// its acknowledgements, so that a dissector finds nothing to remark on. It is still open when the capture ends.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <set>

#include "tests/lab/output/replace_file.h"
#include "tests/lab/outputs.h"

namespace hss::lab {
namespace {

// https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
constexpr std::uint32_t kMagic = 0xA1B2C3D4;  // microseconds
constexpr std::uint32_t kLinkTypeRaw = 101;   // the packet begins with its IP header
constexpr std::uint32_t kSnapLength = 65535;

constexpr std::uint16_t kDiameterPort = 3868;  // of the HSS's end, whatever it was: by this, Wireshark knows it
constexpr std::uint16_t kFirstFreePort = 49152;
constexpr std::uint32_t kLoopback = 0x7F000001;
constexpr std::size_t kSegment = 1400;
constexpr unsigned kSegmentsUnacknowledged = 16;  // well within the window
constexpr mode_t kMode = 0600;
constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kTcpHeader = 20;

constexpr std::uint8_t kSyn = 0x02, kPsh = 0x08, kAck = 0x10;

void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put32(Bytes& out, std::uint32_t value) {
  put16(out, value >> 16U);
  put16(out, value & 0xFFFFU);
}

/// RFC 1071, not yet complemented.
std::uint32_t sum(BytesView octets, std::uint32_t start = 0) {
  std::uint32_t total = start;
  for (std::size_t i = 0; i < octets.size(); ++i) total += std::uint32_t{octets[i]} << (i % 2 == 0 ? 8U : 0U);
  while (total >> 16U != 0) total = (total & 0xFFFFU) + (total >> 16U);
  return total;
}

void put_checksum(Bytes& packet, std::size_t at, std::uint32_t total) {
  packet[at] = static_cast<std::uint8_t>(~total >> 8U);
  packet[at + 1] = static_cast<std::uint8_t>(~total);
}

using Clock = std::chrono::system_clock;

struct End {
  std::uint16_t port = 0;
  std::uint32_t next = 0;  // sequence number of what it sends next
};
struct Stream {
  End client;
  End server{.port = kDiameterPort};
};

class Pcap final : public FileTrace {
 public:
  explicit Pcap(std::filesystem::path file) : file_(std::move(file)) {
    put32(content_, kMagic);
    put16(content_, 2);
    put16(content_, 4);
    put32(content_, 0);
    put32(content_, 0);
    put32(content_, kSnapLength);
    put32(content_, kLinkTypeRaw);
  }

  void add(const Event& event) override {
    if (event.kind != Event::Kind::kDiameter || event.octets.empty()) return;
    const bool by_hss = event.from == Party::kHss;
    Stream& stream = stream_of(by_hss ? event.to : event.from, event.local_port, event.at);
    send(by_hss ? stream.server : stream.client, by_hss ? stream.client : stream.server, event.octets, event.at);
  }

  void finish() override {
    replace_file(file_, {reinterpret_cast<const char*>(content_.data()), content_.size()}, kMode);
  }

 private:
  Stream& stream_of(Party party, std::uint16_t port, Clock::time_point at) {
    const auto [place, is_new] = streams_.try_emplace({party, port});
    Stream& stream = place->second;
    if (!is_new) return stream;
    if (port == 0 || port == kDiameterPort) port = kFirstFreePort;
    while (!ports_.insert(port).second) port = port == 0xFFFF ? kFirstFreePort : static_cast<std::uint16_t>(port + 1);
    stream.client = {.port = port, .next = std::uint32_t{port} << 12U};
    stream.server.next = ~stream.client.next;
    packet(stream.client, stream.server, kSyn, {}, at);
    ++stream.client.next;
    packet(stream.server, stream.client, kSyn | kAck, {}, at);
    ++stream.server.next;
    packet(stream.client, stream.server, kAck, {}, at);
    return stream;
  }

  void send(End& from, End& to, BytesView octets, Clock::time_point at) {
    unsigned segments = 0;
    while (!octets.empty()) {
      const BytesView segment = octets.first(std::min(octets.size(), kSegment));
      octets = octets.subspan(segment.size());
      packet(from, to, octets.empty() ? kPsh | kAck : kAck, segment, at);
      from.next += static_cast<std::uint32_t>(segment.size());
      if (++segments % kSegmentsUnacknowledged == 0 || octets.empty()) packet(to, from, kAck, {}, at);
    }
  }

  void packet(const End& from, const End& to, int flags, BytesView data, Clock::time_point at) {
    const std::size_t tcp_length = kTcpHeader + data.size();
    Bytes out;
    out.reserve(kIpHeader + tcp_length);
    put16(out, 0x4500);  // RFC 791: version 4, five words
    put16(out, static_cast<std::uint32_t>(kIpHeader + tcp_length));
    put16(out, ++identification_ & 0xFFFFU);
    put16(out, 0x4000);  // do not fragment
    put16(out, 64U << 8U | 6U);
    put16(out, 0);
    put32(out, kLoopback);
    put32(out, kLoopback);
    put_checksum(out, 10, sum(out));

    put16(out, from.port);  // RFC 9293
    put16(out, to.port);
    put32(out, from.next);
    put32(out, (flags & kAck) != 0 ? to.next : 0);
    put16(out, 0x5000U | static_cast<std::uint32_t>(flags));
    put16(out, 0xFFFF);
    put32(out, 0);
    out.insert(out.end(), data.begin(), data.end());
    Bytes pseudo;
    put32(pseudo, kLoopback);
    put32(pseudo, kLoopback);
    put16(pseudo, 6);
    put16(pseudo, static_cast<std::uint32_t>(tcp_length));
    put_checksum(out, kIpHeader + 16, sum(BytesView(out).subspan(kIpHeader), sum(pseudo)));

    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
    put32(content_, static_cast<std::uint32_t>(time / 1'000'000));
    put32(content_, static_cast<std::uint32_t>(time % 1'000'000));
    put32(content_, static_cast<std::uint32_t>(out.size()));
    put32(content_, static_cast<std::uint32_t>(out.size()));
    content_.insert(content_.end(), out.begin(), out.end());
  }

  std::filesystem::path file_;
  Bytes content_;
  std::map<std::pair<Party, std::uint16_t>, Stream> streams_;
  std::set<std::uint16_t> ports_{kDiameterPort};
  std::uint32_t identification_ = 0;
};

}  // namespace

std::unique_ptr<FileTrace> make_pcap(const std::filesystem::path& file) { return std::make_unique<Pcap>(file); }

}  // namespace hss::lab
