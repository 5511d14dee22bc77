// Ways to put a frame into another one.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "capture/frame_edit.h"

namespace offlab {

inline FrameBytes operator+(FrameBytes first, const FrameBytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

inline FrameBytes bytes_from(const FrameBytes& frame, std::size_t at) {
  return {frame.begin() + static_cast<std::ptrdiff_t>(at), frame.end()};
}

inline FrameBytes number_bytes(std::uint32_t number, std::size_t size) {
  FrameBytes bytes(size);
  put_number(bytes, 0, size, number);
  return bytes;
}

inline const FrameBytes outer_macs = {2, 0, 0, 0, 0, 0x0a, 2, 0, 0, 0, 0, 0x0b};

// A frame of another EtherType that has `content`.
inline FrameBytes in_type(std::uint16_t type, const FrameBytes& content) {
  return outer_macs + number_bytes(type, 2) + content;
}

// RFC 791: from 10.0.0.1 to 10.0.0.2.
inline FrameBytes in_ipv4(std::uint8_t protocol, const FrameBytes& content) {
  FrameBytes frame = in_type(0x0800, {0x45, 0, 0, 0, 0x12, 0x34, 0, 0, 63, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2});
  put_number(frame, at_ip_length, 2, static_cast<std::uint32_t>(20 + content.size()));
  put_header_checksum(frame);
  return frame + content;
}

// RFC 8200: from fd00::1 to fd00::2.
inline FrameBytes in_ipv6(std::uint8_t protocol, const FrameBytes& content) {
  FrameBytes frame = in_type(0x86dd, {0x60, 0, 0, 0, 0, 0, protocol, 63});
  put_number(frame, at_ip + 4, 2, static_cast<std::uint32_t>(content.size()));
  for (const std::uint8_t host : FrameBytes{1, 2})
    frame = frame + FrameBytes{0xfd} + FrameBytes(14, 0) + FrameBytes{host};
  return frame + content;
}

inline FrameBytes in_udp(std::uint16_t port, const FrameBytes& content) {
  return number_bytes(50123, 2) + number_bytes(port, 2) +
         number_bytes(static_cast<std::uint32_t>(8 + content.size()), 2) + FrameBytes{0, 0} + content;
}

struct Encapsulated {
  std::string name;  // as describe_encapsulation() gives it
  FrameBytes bytes;
};

// `frame`, which is TCP or ICMP over IP, in each kind of encapsulation that is read.
inline std::vector<Encapsulated> every_encapsulation(const FrameBytes& frame) {
  const FrameBytes ip = bytes_from(frame, at_ip);
  const FrameBytes type = {frame[12], frame[13]};
  const bool v4 = type[0] == 0x08;
  const FrameBytes ppp = v4 ? FrameBytes{0x00, 0x21} : FrameBytes{0x00, 0x57};
  const std::uint8_t protocol = v4 ? 4 : 41;
  const std::string version = v4 ? "IPv4" : "IPv6";
  const FrameBytes macs(frame.begin(), frame.begin() + 12);
  const FrameBytes label = {0, 0x06, 0x41, 0x40};
  const auto pppoe_length = number_bytes(static_cast<std::uint32_t>(2 + ip.size()), 2);
  return {
      {"VLAN 42", macs + FrameBytes{0x81, 0, 0xe0, 42} + type + ip},
      {"VLAN 7 / VLAN 42", macs + FrameBytes{0x88, 0xa8, 0, 7, 0x81, 0, 0, 42} + type + ip},
      {"VLAN 7 / VLAN 42", macs + FrameBytes{0x91, 0, 0, 7, 0x92, 0, 0, 42} + type + ip},
      {"", macs + number_bytes(static_cast<std::uint32_t>(8 + std::min<std::size_t>(ip.size(), 1400)), 2) +
               FrameBytes{0xaa, 0xaa, 3, 0, 0, 0} + type + ip},
      {"", macs + FrameBytes{1, 0, 0xaa, 0xaa, 3, 0, 0, 0xf8} + type + ip},
      {"PPPoE", in_type(0x8864, FrameBytes{0x11, 0, 0x12, 0x34} + pppoe_length + ppp + ip)},
      {"PPPoE", in_type(0x8864, FrameBytes{0x11, 0, 0x12, 0x34} + pppoe_length + FrameBytes{ppp[1]} + ip)},
      {"MPLS", in_type(0x8847, FrameBytes{0, 1, 0, 64} + label + ip)},
      {"MPLS", in_type(0x8848, label + ip)},
      {"MPLS", in_type(0x8847, label + frame)},
      {"MPLS", in_type(0x8847, label + FrameBytes{0, 0, 0, 0} + frame)},
      {"MPLS", in_type(0x8847, label + FrameBytes{0, 0, 0xab, 0xcd} + frame)},
      {"MPLS / VLAN 42", in_type(0x8847, label + macs + FrameBytes{0x81, 0, 0, 42} + type + ip)},
      {version + " in IPv4", in_ipv4(protocol, ip)},
      {version + " in IPv6", in_ipv6(protocol, ip)},
      {"MPLS", in_ipv4(137, label + ip)},
      {"Ethernet in IPv4", in_ipv4(97, FrameBytes{0x30, 0} + frame)},
      {"Ethernet in IPv6", in_ipv6(143, frame)},
      {"GRE over IPv4", in_ipv4(47, FrameBytes{0, 0} + type + ip)},
      {"GRE over IPv6", in_ipv6(47, FrameBytes{0, 0} + type + ip)},
      {"GRE over IPv4", in_ipv4(47, FrameBytes{0xb0, 0} + type + FrameBytes{1, 2, 0, 0, 0, 0, 0, 9, 0, 0, 0, 3} + ip)},
      {"GRE over IPv4 / MPLS", in_ipv4(47, FrameBytes{0, 0, 0x88, 0x47} + label + ip)},
      {"Ethernet in GRE over IPv4", in_ipv4(47, FrameBytes{0x20, 0, 0x65, 0x58, 0, 0, 0, 9} + frame)},
      {"PPP in GRE over IPv4", in_ipv4(47, FrameBytes{0, 0, 0x88, 0x0b, 0xff, 3} + ppp + ip)},
      {"PPP in GRE over IPv4",
       in_ipv4(47, FrameBytes{0x30, 0x81, 0x88, 0x0b, 0, 99, 0, 7, 0, 0, 0, 1, 0, 0, 0, 1, 0xff, 3} + ppp + ip)},
      {"ERSPAN I", in_ipv4(47, FrameBytes{0, 0, 0x88, 0xbe} + frame)},
      {"ERSPAN II", in_ipv4(47, FrameBytes{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 10, 0x08, 7, 0, 0, 0, 5} + frame)},
      {"ERSPAN III",
       in_ipv4(47, FrameBytes{0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 10, 0, 7, 1, 2, 3, 4, 0, 0, 0, 0} + frame)},
      {"ERSPAN III", in_ipv4(47, FrameBytes{0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 10, 0, 7, 1, 2, 3, 4, 0, 0, 0, 1} +
                                     FrameBytes(8, 0x33) + frame)},
      {"VXLAN (VNI 42) over IPv4", in_ipv4(17, in_udp(4789, FrameBytes{8, 0, 0, 0, 0, 0, 42, 0} + frame))},
      {"VXLAN (VNI 42) over IPv6", in_ipv6(17, in_udp(8472, FrameBytes{8, 0, 0, 0, 0, 0, 42, 0} + frame))},
      {"VXLAN (VNI 42) over IPv4", in_ipv4(17, in_udp(4790, FrameBytes{12, 0, 0, 3, 0, 0, 42, 0} + frame))},
      {"VXLAN (VNI 42) over IPv4",
       in_ipv4(17, in_udp(4790, FrameBytes{12, 0, 0, static_cast<std::uint8_t>(v4 ? 1 : 2), 0, 0, 42, 0} + ip))},
      {"Geneve (VNI 42) over IPv4", in_ipv4(17, in_udp(6081, FrameBytes{0, 0, 0x65, 0x58, 0, 0, 42, 0} + frame))},
      {"Geneve (VNI 42) over IPv4", in_ipv4(17, in_udp(6081, FrameBytes{2, 0x40} + type + FrameBytes{0, 0, 42, 0} +
                                                                 FrameBytes{1, 2, 0x80, 1, 9, 9, 9, 9} + ip))},
      {"MPLS", in_ipv4(17, in_udp(6635, label + ip))},
      {"TZSP over IPv4", in_ipv4(17, in_udp(37008, FrameBytes{1, 0, 0, 1, 1} + frame))},
      {"TZSP over IPv4", in_ipv4(17, in_udp(37008, FrameBytes{1, 0, 0, 1, 0, 40, 2, 5, 6, 0, 1} + frame))},
      {"GTP-U over IPv4",
       in_ipv4(17, in_udp(2152, FrameBytes{0x30, 255} + number_bytes(static_cast<std::uint32_t>(ip.size()), 2) +
                                    FrameBytes{0, 0, 0, 9} + ip))},
      {"GTP-U over IPv4",
       in_ipv4(17, in_udp(2152, FrameBytes{0x34, 255} + number_bytes(static_cast<std::uint32_t>(ip.size() + 8), 2) +
                                    FrameBytes{0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0x10, 1, 0} + ip))},
      {"L2TP over IPv4", in_ipv4(17, in_udp(1701, FrameBytes{0, 2, 0, 5, 0, 6, 0xff, 3} + ppp + ip))},
      {"L2TP over IPv4",
       in_ipv4(17, in_udp(1701, FrameBytes{0x4a, 2} + number_bytes(static_cast<std::uint32_t>(ip.size() + 20), 2) +
                                    FrameBytes{0, 5, 0, 6, 0, 1, 0, 1, 0, 2, 0, 0, 0xff, 3} + ppp + ip))},
      {"VLAN 10 / VXLAN (VNI 42) over IPv4 / VLAN 20 / IPv4 in IPv6 / " + version + " in IPv4",
       outer_macs + FrameBytes{0x81, 0, 0, 10} +
           bytes_from(
               in_ipv4(17, in_udp(4789, FrameBytes{8, 0, 0, 0, 0, 0, 42, 0} + outer_macs + FrameBytes{0x81, 0, 0, 20} +
                                            bytes_from(in_ipv6(4, bytes_from(in_ipv4(protocol, ip), 14)), 12))),
               12)},
  };
}

}  // namespace offlab
