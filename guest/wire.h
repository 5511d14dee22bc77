// Frames as they stand on the wire: Ethernet (RFC 894), ARP (RFC 826), IPv4 without options (RFC 791), TCP (RFC 9293)
// and the one ICMP error that matters here (RFC 1191). Numbers are in the host's order, addresses too; only bytes() of
// a frame are in the network's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace offlab::guest {

using Mac = std::array<std::uint8_t, 6>;

constexpr std::size_t ethernet_size = 14;
constexpr std::size_t ip_size = 20;
constexpr std::size_t tcp_size = 20;
constexpr std::size_t headers_size = ethernet_size + ip_size + tcp_size;
constexpr std::size_t largest_frame = ethernet_size + 65535;

constexpr std::uint8_t flag_fin = 0x01;
constexpr std::uint8_t flag_syn = 0x02;
constexpr std::uint8_t flag_rst = 0x04;
constexpr std::uint8_t flag_ack = 0x10;

// The two ends of a connection, as seen from here.
struct Ends {
  std::uint32_t here = 0;
  std::uint32_t there = 0;
  std::uint16_t port_here = 0;
  std::uint16_t port_there = 0;
  bool operator==(const Ends&) const = default;
};

// A TCP segment that arrived.
struct Segment {
  Ends ends;
  Mac from = {};
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;
  std::uint16_t mss = 0;  // of its option; 0: it has none
  std::size_t payload = 0;
};

// "Fragmentation needed" (ICMP 3/4), with what it quotes of the packet that was refused.
struct NeedFrag {
  Ends ends;  // of the connection that sent the packet
  std::uint32_t sequence = 0;
  std::uint16_t mtu = 0;
};

// Nothing: it is something else, or it is damaged. Checksums are not looked at: between the guests of a lab the kernel
// leaves them unfilled.
std::optional<Segment> parse_segment(const std::uint8_t* frame, std::size_t size);
std::optional<NeedFrag> parse_need_frag(const std::uint8_t* frame, std::size_t size);

// The hardware and protocol address of who asks for `address`; nothing when nobody does.
struct Asker {
  Mac mac = {};
  std::uint32_t address = 0;
};
std::optional<Asker> parse_arp_request(const std::uint8_t* frame, std::size_t size, std::uint32_t address);
constexpr std::size_t arp_size = ethernet_size + 28;
std::array<std::uint8_t, arp_size> arp_reply(const Mac& mac, std::uint32_t address, const Asker& asker);

// What is sent: the headers come first, zeros follow as payload. The TCP checksum covers the pseudo-header alone: who
// cuts the frame, or sends it whole, completes it (VIRTIO_NET_HDR_F_NEEDS_CSUM).
struct Outgoing {
  Ends ends;
  Mac from = {};
  Mac to = {};
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;
  std::uint16_t mss = 0;  // as an option, for SYN; 0: without
  std::size_t payload = 0;
  std::uint16_t identification = 0;
};
// Returns the size of the headers written to `frame`, which has room for 58 bytes.
std::size_t write_headers(const Outgoing& outgoing, std::uint8_t* frame);

}  // namespace offlab::guest
