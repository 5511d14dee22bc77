// The headers of a captured frame: Ethernet, IPv4 or IPv6, TCP, and ICMP errors with the packet they quote. Of packets
// within packets it is the innermost one that counts (encapsulation.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "model/address.h"
#include "model/frame.h"

namespace offlab {

struct FlowKey {
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  auto operator<=>(const FlowKey&) const = default;
};

// The options of a SYN besides its MSS.
struct SynOptions {
  bool known = false;             // false: it is no SYN, or its options were cut off
  std::int8_t window_scale = -1;  // -1: none
  bool sack = false;
  bool timestamps = false;
  bool operator==(const SynOptions&) const = default;
};

// Of a TCP header (RFC 9293, section 3.1).
inline constexpr std::uint8_t tcp_fin = 0x01;
inline constexpr std::uint8_t tcp_syn = 0x02;
inline constexpr std::uint8_t tcp_rst = 0x04;
inline constexpr std::uint8_t tcp_psh = 0x08;
inline constexpr std::uint8_t tcp_ack = 0x10;
inline constexpr std::uint8_t tcp_urg = 0x20;

struct TcpSegment {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;  // tcp_syn, ...
  std::uint32_t header_bytes = 0;
  std::uint32_t payload_bytes = 0;    // by the IP length
  std::uint16_t window = 0;           // as in the header, not scaled; 65535 when it was cut off
  std::uint32_t options_digest = 0;   // of the option bytes; 0 without options, or when they were cut off
  std::uint16_t maximum_segment = 0;  // the MSS option of a SYN; 0: none
  SynOptions syn;
};

// How much of the refused packet an error quotes, as far as the capture has it. Each includes the ones before it.
enum class Quote : std::uint8_t {
  none,      // nothing, or not even its IP header
  ip,        // addresses, length, identification of a TCP packet
  ports,     // its ports, too
  sequence,  // its sequence number, too
};

// A "fragmentation needed" (ICMP 3/4) or "packet too big" (ICMPv6 2/0) error, unless it quotes something else than TCP.
struct TooBigError {
  std::uint32_t mtu = 0;         // advertised
  std::uint32_t icmp_bytes = 0;  // tcpdump's "length": the IP payload
  Quote quote = Quote::none;
  std::uint32_t quoted_length = 0;          // L3 bytes of the refused packet; 0 when its header does not say
  std::uint32_t quoted_header_bytes = 0;    // its IP and TCP headers; TCP options guessed as none when cut off
  std::uint16_t quoted_identification = 0;  // IPv4
  FlowKey quoted_flow;
  std::uint32_t quoted_sequence = 0;
};

struct Packet {
  FlowKey flow;              // ports are 0 without TCP
  std::uint32_t length = 0;  // L3 bytes, by the IP header; where that has none, by the frame's length
  std::uint32_t ip_header_bytes = 0;
  bool df = false;              // always true for IPv6
  bool fragment = false;        // MF or an offset
  bool tunneled = false;        // it is within another IP packet
  bool outer_fragment = false;  // which is a fragment
  std::uint8_t hop_limit = 0;   // TTL
  std::uint8_t traffic_class = 0;
  std::uint16_t identification = 0;  // IPv4; 0 for IPv6, and where a sender does not count its packets
  std::uint32_t place = 0;           // digest of the MAC addresses, VLANs and outer headers: where it was seen
  bool icmp = false;                 // an error or an echo; nothing that neighbours or multicast listeners say
  bool tcp_cut_off = false;          // it is TCP, but its header was cut off
  bool bad_header_checksum = false;  // of an IPv4 header
  std::optional<TcpSegment> tcp;
  std::optional<TooBigError> too_big;
};

// Nothing when the frame is no IP packet or its headers were cut off.
std::optional<Packet> parse_packet(const Frame& frame);
// The same without checksums and digests of options: for whoever looks at lengths and flows only.
std::optional<Packet> glance_at_packet(const Frame& frame);
// The same in place, for those that read many frames.
void parse_packet(const Frame& frame, std::optional<Packet>& packet);
void glance_at_packet(const Frame& frame, std::optional<Packet>& packet);
// Of a whole frame.
std::optional<Packet> parse_packet(std::span<const std::uint8_t> frame);

// Is it ICMP over IPv4, or ICMPv6? Cheap enough for every frame of a capture.
bool is_icmp(const Frame& frame);
// Of a frame that may have been cut.
bool is_icmp(std::span<const std::uint8_t> frame);
// Is it an IP packet with this source address? Cheaper than glance_at_packet for TCP over IPv4 without VLAN tags.
bool is_from(const IpAddress& sender, const Frame& frame);
// Of a frame that may have been cut.
bool is_from(const IpAddress& sender, std::span<const std::uint8_t> frame);

// As tcpdump -n prints it: "IP 198.18.2.2.5201 > 198.18.1.2.41234: Flags [.], seq 1:7241, ack 1, length 7240".
// `first_sequence` is subtracted from sequence numbers, as tcpdump does.
std::string describe_packet(const Packet& packet, std::uint32_t first_sequence);

}  // namespace offlab
