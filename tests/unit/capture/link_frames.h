// A packet on each link that is read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "unit/capture/encapsulation_frames.h"

namespace offlab {

struct OnLink {
  std::uint32_t link_type;
  std::string what;
  FrameBytes bytes;
  std::optional<bool> sent = {};
  std::uint32_t link_index = 0;
  std::string encapsulation = {};
};

inline FrameBytes little_endian(std::uint32_t number, std::size_t size) {
  FrameBytes bytes;
  for (std::size_t at = 0; at < size; ++at) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * at)));
  return bytes;
}

// linux/netfilter/nfnetlink_log.h; the byte order is that of the machine that captured.
inline FrameBytes nflog_attribute(std::uint32_t type, FrameBytes value, bool little) {
  const auto size = static_cast<std::uint32_t>(4 + value.size());
  value.resize((value.size() + 3) / 4 * 4);
  return (little ? little_endian(size, 2) + little_endian(type, 2) : number_bytes(size, 2) + number_bytes(type, 2)) +
         value;
}

// `index`: the type of an attribute with an interface's index, 4 for in, 5 for out; the index is 100 more.
inline FrameBytes in_nflog(const FrameBytes& type, const FrameBytes& ip, bool little,
                           const std::vector<std::uint32_t>& index) {
  FrameBytes bytes = FrameBytes{static_cast<std::uint8_t>(type[0] == 0x08 ? 2 : 10), 0, 0, 5} +
                     nflog_attribute(1, type + FrameBytes{2, 0}, little) + nflog_attribute(10, {'a', 'b', 0}, little);
  for (const std::uint32_t kind : index) bytes = bytes + nflog_attribute(kind, number_bytes(kind + 100, 4), little);
  return bytes + nflog_attribute(8, {0, 6, 0, 0, 2, 0, 0, 0, 0, 9, 0, 0}, little) + nflog_attribute(9, ip, little);
}

// The packet of `frame`, which is IP over Ethernet.
inline std::vector<OnLink> on_every_link(const FrameBytes& frame) {
  const FrameBytes ip = bytes_from(frame, at_ip);
  const FrameBytes type = {frame[12], frame[13]};
  const FrameBytes macs(frame.begin(), frame.begin() + 12);
  const bool v4 = type[0] == 0x08;
  const FrameBytes ppp = v4 ? FrameBytes{0x00, 0x21} : FrameBytes{0x00, 0x57};
  const FrameBytes sender = {0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0};
  const auto length = number_bytes(static_cast<std::uint32_t>(ip.size()), 4);
  const std::uint8_t solaris_family = v4 ? 2 : 26;
  return {
      {0, "BSD loopback", FrameBytes{static_cast<std::uint8_t>(v4 ? 2 : 30), 0, 0, 0} + ip},
      {9, "without address", ppp + ip},
      {9, "with address", FrameBytes{0xff, 3} + ppp + ip},
      {9, "with a short protocol", FrameBytes{ppp[1]} + ip},
      {50, "PPP", FrameBytes{0xff, 3} + ppp + ip},
      {50, "Cisco HDLC", FrameBytes{0x0f, 0} + type + ip},
      {51,
       "",
       FrameBytes{0x11, 0, 0, 7} + number_bytes(static_cast<std::uint32_t>(2 + ip.size()), 2) + ppp + ip,
       {},
       0,
       "PPPoE"},
      {101, "", ip},
      {104, "", FrameBytes{0x0f, 0} + type + ip},
      {113, "", FrameBytes{0, 4} + sender + type + ip, true},
      {166, "sent", FrameBytes{1, 3} + ppp + ip, true},
      {204, "received", FrameBytes{0, 0xff, 3} + ppp + ip, false},
      {204, "sent", FrameBytes{1} + ppp + ip, true},
      {205, "sent", FrameBytes{1, 0x0f, 0} + type + ip, true},
      {219, "", FrameBytes{0, 6, 65, 64} + ip, {}, 0, "MPLS"},
      {226, "", FrameBytes{2, solaris_family, 0, 0} + length + FrameBytes{0, 0, 0, 4} + FrameBytes(12, 0) + ip, false,
       4},
      {239, "received", in_nflog(type, ip, true, {4}), false, 104},
      {239, "sent", in_nflog(type, ip, true, {5}), true, 105},
      {239, "forwarded", in_nflog(type, ip, true, {4, 5}), {}, 104},
      {239, "of a big-endian machine", in_nflog(type, ip, false, {4}), false, 104},
      {239, "without a protocol", in_nflog({0, 0}, ip, true, {}), {}, 0},
      {276, "", type + FrameBytes{0, 0, 0, 0, 0, 9, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0} + ip, false, 9},
      {281, "", macs + FrameBytes{0x40, 0, 0, 1} + type + ip},
      {282, "", FrameBytes{0x40, 0, 0, 1} + frame},
      {284, "", macs + FrameBytes{0xc0, 0x08, 0, 0} + type + ip},
      {284, "with a VLAN tag", macs + FrameBytes{0xe0, 0x08, 0x20, 42} + type + ip, {}, 0, "VLAN 42"},
      {285, "", macs + FrameBytes{0xda, 0xda, 0, 0, 0xc0, 0x08, 0, 0} + type + ip},
      {285, "with a VLAN tag", macs + FrameBytes{0xda, 0xda, 0, 0, 0xe0, 0x08, 0x20, 42} + type + ip, {}, 0, "VLAN 42"},
  };
}

}  // namespace offlab
