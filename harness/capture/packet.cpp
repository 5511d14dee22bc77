#include "capture/packet.h"

#include <algorithm>
#include <limits>

#include <fmt/core.h>

#include "capture/byte_order.h"
#include "capture/encapsulation.h"

namespace offlab {
namespace {

using Bytes = std::span<const std::uint8_t>;

// FNV-1a over words of four bytes (options are that long, RFC 9293); never 0.
std::uint32_t digest_of(Bytes bytes) {
  std::uint32_t digest = 2166136261U;
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4)
    digest = (digest ^ network_order.u32(bytes, at) ^ (digest >> 15U)) * 16777619U;
  return digest == 0 ? 1 : digest;
}

void read_syn_options(Bytes options, TcpSegment& tcp) {
  enum : std::uint8_t { end = 0, nothing = 1, segment = 2, window_scale = 3, sack = 4, timestamps = 8 };
  tcp.syn.known = true;
  for (std::size_t at = 0; at < options.size() && options[at] != end;) {
    const std::uint8_t kind = options[at];
    if (kind == nothing) {
      ++at;
      continue;
    }
    if (at + 1 >= options.size() || options[at + 1] < 2 || at + options[at + 1] > options.size()) return;
    const std::uint8_t length = options[at + 1];
    if (kind == segment && length == 4) tcp.maximum_segment = network_order.u16(options, at + 2);
    if (kind == window_scale && length == 3) tcp.syn.window_scale = static_cast<std::int8_t>(options[at + 2] & 0x7fU);
    if (kind == sack) tcp.syn.sack = true;
    if (kind == timestamps) tcp.syn.timestamps = true;
    at += length;
  }
}

void parse_tcp(const IpHeader& ip, bool closely, Packet& packet) {
  constexpr std::size_t up_to_flags = 14;
  packet.tcp_cut_off = ip.payload.size() < up_to_flags;
  if (packet.tcp_cut_off) return;
  packet.flow.source_port = network_order.u16(ip.payload, 0);
  packet.flow.destination_port = network_order.u16(ip.payload, 2);
  const std::uint32_t header_bytes = (std::uint32_t{ip.payload[12]} >> 4U) * 4;
  const std::uint32_t headers = packet.ip_header_bytes + header_bytes;
  if (header_bytes < 20 || packet.length < headers) return;
  TcpSegment& tcp = packet.tcp.emplace();
  tcp.sequence = network_order.u32(ip.payload, 4);
  tcp.acknowledgement = network_order.u32(ip.payload, 8);
  tcp.header_bytes = header_bytes;
  tcp.flags = ip.payload[13] & 0x3fU;
  tcp.payload_bytes = packet.length - headers;
  tcp.window = ip.payload.size() >= 16 ? network_order.u16(ip.payload, 14) : std::uint16_t{UINT16_MAX};
  tcp.syn.known = tcp.header_bytes == 20 && (tcp.flags & tcp_syn) != 0;
  if (tcp.header_bytes <= 20 || ip.payload.size() < tcp.header_bytes) return;
  const Bytes options = ip.payload.subspan(20, tcp.header_bytes - 20);
  // Packets without an identification are told apart by their timestamps.
  if (closely || packet.identification == 0) tcp.options_digest = digest_of(options);
  if ((tcp.flags & tcp_syn) != 0) read_syn_options(options, tcp);
}

// `quoted`: the refused packet, from its IP header on. False when it is no TCP.
bool parse_quote(Bytes quoted, TooBigError& error) {
  IpHeader ip;
  if (!parse_ip_header(quoted, 0, ip) || ip.cut_off) return true;
  if (ip.protocol != protocol_tcp || ip.later_fragment) return false;
  error.quote = Quote::ip;
  error.quoted_length = ip.length;
  error.quoted_identification = ip.identification;
  error.quoted_header_bytes = ip.header_bytes;
  error.quoted_flow = {ip.source, ip.destination};
  if (ip.payload.size() < 4) return true;
  error.quote = Quote::ports;
  error.quoted_flow.source_port = network_order.u16(ip.payload, 0);
  error.quoted_flow.destination_port = network_order.u16(ip.payload, 2);
  const std::uint32_t tcp_header = ip.payload.size() >= 13 ? (std::uint32_t{ip.payload[12]} >> 4U) * 4 : 20;
  error.quoted_header_bytes += tcp_header;
  if (ip.payload.size() < 8) return true;
  error.quote = Quote::sequence;
  error.quoted_sequence = network_order.u32(ip.payload, 4);
  return true;
}

void parse_icmp(const IpHeader& ip, Packet& packet) {
  if (ip.payload.size() < 8) return;
  const bool is_ipv6 = ip.source.family == Family::ipv6;  // ICMPv6 over IPv4 is none
  if (ip.protocol != (is_ipv6 ? protocol_icmp6 : protocol_icmp)) return;
  const std::uint8_t type = ip.payload[0];
  const std::uint8_t code = ip.payload[1];
  packet.icmp = is_ipv6 ? type <= 4 || type == 128 || type == 129 : type <= 12;
  if (is_ipv6 ? type != 2 || code != 0 : type != 3 || code != 4) return;
  TooBigError error;
  error.mtu = !is_ipv6 ? network_order.u16(ip.payload, 6) : network_order.u32(ip.payload, 4);
  error.icmp_bytes = packet.length - std::min(packet.length, packet.ip_header_bytes);
  if (parse_quote(ip.payload.subspan(8), error)) packet.too_big = error;
}

std::string flag_letters(std::uint8_t flags) {
  std::string letters;
  if ((flags & tcp_syn) != 0) letters += "S";
  if ((flags & tcp_fin) != 0) letters += "F";
  if ((flags & tcp_rst) != 0) letters += "R";
  if ((flags & tcp_psh) != 0) letters += "P";
  if ((flags & tcp_urg) != 0) letters += "U";
  if ((flags & tcp_ack) != 0) letters += ".";
  return letters.empty() ? "none" : letters;
}

void set_ip(const IpHeader& ip, Packet& packet) {
  packet.flow.source = ip.source;
  packet.flow.destination = ip.destination;
  packet.length = ip.length;
  packet.ip_header_bytes = ip.header_bytes;
  packet.df = ip.df;
  packet.fragment = ip.fragment;
  packet.hop_limit = ip.hop_limit;
  packet.traffic_class = ip.traffic_class;
  packet.identification = ip.identification;
}

// In place: a packet is large, and there is one for each frame.
void parse(Bytes frame, std::uint32_t length, bool closely, std::optional<Packet>& parsed) {
  InnermostPacket found;
  parsed.reset();
  if (!find_innermost_packet(frame, length, found)) return;
  const IpHeader& ip = found.ip;
  Packet& packet = parsed.emplace();
  set_ip(ip, packet);
  packet.place = found.place;
  packet.tunneled = found.tunneled;
  packet.outer_fragment = found.outer_fragment;
  // A header whose length is not filled in does not have its checksum yet, either.
  if (closely && ip.source.family == Family::ipv4 && network_order.u16(found.bytes, 2) != 0)
    packet.bad_header_checksum = !has_right_checksum(found.bytes);
  if (ip.later_fragment) return;
  if (ip.protocol == protocol_tcp)
    parse_tcp(ip, closely, packet);
  else
    parse_icmp(ip, packet);
}

std::optional<Packet> parse(Bytes frame, std::uint32_t length, bool closely) {
  std::optional<Packet> parsed;
  parse(frame, length, closely, parsed);
  return parsed;
}

// Nobody knows how much of it was cut.
Frame of_any_length(Bytes bytes) {
  Frame frame;
  frame.bytes = bytes;
  frame.length = std::numeric_limits<std::uint32_t>::max();
  return frame;
}

// The protocol of an IPv4 packet without VLAN tags; 0 for other frames.
std::uint8_t plain_ipv4_protocol(Bytes frame) {
  constexpr std::size_t ip = 14;
  return frame.size() >= ip + 20 && network_order.u16(frame, 12) == 0x0800 && frame[ip] >> 4U == 4 ? frame[ip + 9]
                                                                                                   : std::uint8_t{0};
}

}  // namespace

void parse_packet(const Frame& frame, std::optional<Packet>& packet) {
  parse(frame.bytes, frame.length, true, packet);
}

void glance_at_packet(const Frame& frame, std::optional<Packet>& packet) {
  parse(frame.bytes, frame.length, false, packet);
}

std::optional<Packet> parse_packet(const Frame& frame) {
  return parse(frame.bytes, frame.length, true);
}

std::optional<Packet> glance_at_packet(const Frame& frame) {
  return parse(frame.bytes, frame.length, false);
}

std::optional<Packet> parse_packet(Bytes frame) {
  return parse(frame, 0, true);
}

bool is_icmp(const Frame& frame) {
  if (plain_ipv4_protocol(frame.bytes) == protocol_tcp) return false;
  InnermostPacket found;
  if (!find_innermost_packet(frame.bytes, frame.length, found)) return false;
  return found.ip.protocol == (found.ip.source.family == Family::ipv6 ? protocol_icmp6 : protocol_icmp);
}

bool is_icmp(Bytes frame) {
  return is_icmp(of_any_length(frame));
}

bool is_from(const IpAddress& sender, const Frame& frame) {
  constexpr std::size_t source_in_ipv4 = 14 + 12;
  if (plain_ipv4_protocol(frame.bytes) == protocol_tcp)
    return sender.family == Family::ipv4 &&
           std::equal(sender.bytes.begin(), sender.bytes.begin() + 4, frame.bytes.begin() + source_in_ipv4);
  InnermostPacket found;
  return find_innermost_packet(frame.bytes, frame.length, found) && found.ip.source == sender;
}

bool is_from(const IpAddress& sender, Bytes frame) {
  return is_from(sender, of_any_length(frame));
}

std::string describe_packet(const Packet& packet, std::uint32_t first_sequence) {
  const bool v4 = packet.flow.source.family == Family::ipv4;
  const std::string source = to_string(packet.flow.source);
  const std::string destination = to_string(packet.flow.destination);
  if (packet.too_big) {
    const TooBigError& error = *packet.too_big;
    if (error.quote == Quote::none)
      return fmt::format("{} {} > {}: {} (mtu {}), length {}, the quoted packet is cut off", v4 ? "IP" : "IP6", source,
                         destination, v4 ? "ICMP unreachable - need to frag" : "ICMP6, packet too big", error.mtu,
                         error.icmp_bytes);
    return v4 ? fmt::format("IP {} > {}: ICMP {} unreachable - need to frag (mtu {}), length {}", source, destination,
                            to_string(error.quoted_flow.destination), error.mtu, error.icmp_bytes)
              : fmt::format("IP6 {} > {}: ICMP6, packet too big, mtu {}, length {}", source, destination, error.mtu,
                            error.icmp_bytes);
  }
  if (!packet.tcp) return fmt::format("{} {} > {}: length {}", v4 ? "IP" : "IP6", source, destination, packet.length);
  const TcpSegment& tcp = *packet.tcp;
  const std::uint32_t sequence = tcp.sequence - first_sequence;
  std::string text = fmt::format("{} {}.{} > {}.{}: Flags [{}]", v4 ? "IP" : "IP6", source, packet.flow.source_port,
                                 destination, packet.flow.destination_port, flag_letters(tcp.flags));
  if (tcp.payload_bytes > 0) text += fmt::format(", seq {}:{}", sequence, sequence + tcp.payload_bytes);
  return text + fmt::format(", length {}", tcp.payload_bytes);
}

}  // namespace offlab
