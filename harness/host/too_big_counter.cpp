#include "host/too_big_counter.h"

#include <algorithm>
#include <optional>

namespace offlab {
namespace {

constexpr std::size_t ethernet = 14;
constexpr std::size_t ipv6_header = 40;
// How long a packet that was too long excuses errors: a sender needs a round trip to hear of them.
constexpr std::int64_t excuse_ns = 300'000'000;

unsigned word(const Frame& frame, std::size_t at) {
  return (unsigned{frame.bytes[at]} << 8U) | frame.bytes[at + 1];
}

struct Packet {
  bool v6 = false;
  unsigned protocol = 0;
  std::size_t payload = 0;  // where the transport header is
};

std::optional<Packet> packet_of(const Frame& frame) {
  if (frame.bytes.size() < ethernet + 20) return std::nullopt;
  const unsigned type = word(frame, 12);
  if (type == 0x0800) return Packet{false, frame.bytes[ethernet + 9], ethernet + (frame.bytes[ethernet] & 15U) * 4U};
  if (type == 0x86dd && frame.bytes.size() >= ethernet + ipv6_header)
    return Packet{true, frame.bytes[ethernet + 6], ethernet + ipv6_header};
  return std::nullopt;
}

// The MTU that an ICMP error advertises; nothing when the packet is none about length.
std::optional<std::uint32_t> advertised_mtu(const Frame& frame, const Packet& packet) {
  if (packet.protocol != (packet.v6 ? 58U : 1U) || frame.bytes.size() < packet.payload + 8) return std::nullopt;
  const unsigned type_and_code = word(frame, packet.payload);
  if (type_and_code != (packet.v6 ? 0x0200U : 0x0304U)) return std::nullopt;
  return word(frame, packet.payload + 6);
}

// Of each packet that the frame stands for on the wire.
std::optional<std::uint32_t> wire_length(const Frame& frame, const Packet& packet) {
  constexpr unsigned tcp = 6;
  if (packet.protocol != tcp || frame.length < ethernet) return std::nullopt;
  const auto length = static_cast<std::uint32_t>(frame.length - ethernet);
  if (frame.gso_size == 0 || frame.bytes.size() < packet.payload + 13) return length;
  const std::size_t headers = packet.payload - ethernet + (frame.bytes[packet.payload + 12] >> 4U) * 4U;
  return std::min(length, static_cast<std::uint32_t>(headers + frame.gso_size));
}

}  // namespace

void TooBigCounter::see(const Frame& frame) {
  const auto packet = packet_of(frame);
  if (!packet) return;
  if (frame.to_guest) {
    if (const auto length = wire_length(frame, *packet))
      last_seen_[std::min<std::size_t>(*length / step, last_seen_.size() - 1)] = frame.time_ns;
    return;
  }
  const auto mtu = advertised_mtu(frame, *packet);
  if (mtu && !longer_seen_since(*mtu, frame.time_ns - excuse_ns)) ++bogus_;
}

bool TooBigCounter::longer_seen_since(std::uint32_t mtu, std::int64_t time_ns) const {
  return std::any_of(last_seen_.begin() + mtu / step + 1, last_seen_.end(),
                     [&](std::int64_t seen) { return seen != 0 && seen >= time_ns; });
}

}  // namespace offlab
