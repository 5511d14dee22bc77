#include "unit/runner/encapsulated_frames.h"

#include <algorithm>
#include <functional>

#include "capture/frame_edit.h"

namespace offlab {
namespace {

constexpr std::uint32_t ethernet_header = 14;
constexpr std::size_t ethernet_addresses = 12;
constexpr std::uint32_t type_ipv4 = 0x0800;
constexpr std::uint32_t type_ipv6 = 0x86dd;

// Of a tunnel's outer frames.
const FrameBytes outer_addresses = {0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1};

std::uint32_t type_of(const StoredFrame& frame) {
  return number_at(frame.bytes, ethernet_addresses, 2);
}

bool is_ip(const StoredFrame& frame) {
  return type_of(frame) == type_ipv4 || type_of(frame) == type_ipv6;
}

void append(FrameBytes& bytes, std::uint64_t number, std::size_t size) {
  for (std::size_t byte = size; byte-- > 0;) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * byte)));
}

// `header` in place of the first `taken` bytes.
void replace_front(StoredFrame& frame, std::size_t taken, const FrameBytes& header) {
  frame.bytes.erase(frame.bytes.begin(), frame.bytes.begin() + static_cast<std::ptrdiff_t>(taken));
  frame.bytes.insert(frame.bytes.begin(), header.begin(), header.end());
  frame.frame.length += static_cast<std::uint32_t>(header.size());
  frame.frame.length -= static_cast<std::uint32_t>(taken);
}

void insert(StoredFrame& frame, std::size_t at, const FrameBytes& bytes) {
  FrameBytes header(frame.bytes.begin(), frame.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  header.insert(header.end(), bytes.begin(), bytes.end());
  replace_front(frame, at, header);
}

// Ethernet and IPv4 before the frame, from which `taken` bytes go away first.
void put_in_ipv4(StoredFrame& frame, std::size_t taken, std::uint8_t protocol, const FrameBytes& header) {
  replace_front(frame, taken, header);
  FrameBytes outer = outer_addresses;
  append(outer, type_ipv4, 2);
  append(outer, 0x4500, 2);
  append(outer, std::min<std::uint32_t>(frame.frame.length + 20, 0xffff), 2);
  append(outer, 0x00004000, 4);  // DF
  append(outer, std::uint64_t{64} << 8U | protocol, 2);
  append(outer, 0, 2);
  append(outer, 0xc0000201, 4);  // 192.0.2.1
  append(outer, 0xc0000202, 4);
  put_header_checksum(outer);
  replace_front(frame, 0, outer);
}

void put_in_udp(StoredFrame& frame, std::uint16_t port, const FrameBytes& header) {
  constexpr std::uint8_t udp = 17;
  FrameBytes outer;
  append(outer, 49152, 2);
  append(outer, port, 2);
  append(outer, std::min<std::uint64_t>(frame.frame.length + header.size() + 8, 0xffff), 2);
  append(outer, 0, 2);
  outer.insert(outer.end(), header.begin(), header.end());
  put_in_ipv4(frame, 0, udp, outer);
}

void put_in_gre(StoredFrame& frame, std::size_t taken, const FrameBytes& header) {
  constexpr std::uint8_t gre = 47;
  put_in_ipv4(frame, taken, gre, header);
}

Frames each(Frames frames, const std::function<void(StoredFrame&)>& change) {
  for (StoredFrame& frame : frames) change(frame);
  return frames;
}

Frames each_packet(Frames frames, const std::function<void(StoredFrame&)>& change) {
  for (StoredFrame& frame : frames)
    if (is_ip(frame)) change(frame);
  return frames;
}

// The packets alone, behind the link's header.
LinkFrames on_link(std::uint32_t link_type, const Frames& frames,
                   const std::function<FrameBytes(const StoredFrame&)>& header_of) {
  LinkFrames link{link_type, {}};
  for (StoredFrame frame : frames) {
    if (!is_ip(frame)) continue;
    replace_front(frame, ethernet_header, header_of(frame));
    link.frames.push_back(std::move(frame));
  }
  return link;
}

FrameBytes number(std::uint64_t value, std::size_t size) {
  FrameBytes bytes;
  append(bytes, value, size);
  return bytes;
}

bool is_ipv4(const StoredFrame& frame) {
  return type_of(frame) == type_ipv4;
}

std::uint8_t packet_type(const StoredFrame& frame) {
  constexpr std::uint8_t to_us = 0;
  constexpr std::uint8_t outgoing = 4;
  return sent_by_router(frame) ? outgoing : to_us;
}

// Eight bytes for an address of six.
FrameBytes cooked_address(const StoredFrame& frame) {
  FrameBytes bytes(frame.bytes.begin() + 6, frame.bytes.begin() + 12);
  append(bytes, 0, 2);
  return bytes;
}

}  // namespace

Frames with_vlan(Frames frames, std::uint16_t tag) {
  return each(std::move(frames), [&](StoredFrame& frame) {
    insert(frame, ethernet_addresses, number(std::uint64_t{0x8100} << 16U | tag, 4));
  });
}

Frames with_two_vlans(Frames frames) {
  return each(std::move(frames),
              [](StoredFrame& frame) { insert(frame, ethernet_addresses, number(0x9100006481000065, 8)); });
}

Frames in_snap(Frames frames) {
  constexpr std::uint32_t longest = 1500;  // more would be an EtherType
  constexpr std::uint32_t header = 8;
  return each(std::move(frames), [=](StoredFrame& frame) {
    FrameBytes bytes;
    append(bytes, std::min(frame.frame.length - ethernet_header + header, longest), 2);
    append(bytes, 0xaaaa03000000, 6);
    insert(frame, ethernet_addresses, bytes);
  });
}

Frames in_mpls(Frames frames) {
  return each_packet(std::move(frames), [](StoredFrame& frame) {
    FrameBytes header(frame.bytes.begin(), frame.bytes.begin() + ethernet_addresses);
    append(header, 0x8847, 2);
    append(header, 0x00064140, 4);  // label 100, bottom of the stack, TTL 64
    replace_front(frame, ethernet_header, header);
  });
}

Frames in_pppoe(Frames frames) {
  return each_packet(std::move(frames), [](StoredFrame& frame) {
    FrameBytes header(frame.bytes.begin(), frame.bytes.begin() + ethernet_addresses);
    append(header, 0x886411000001, 6);
    append(header, std::min<std::uint64_t>(frame.frame.length - ethernet_header + 2, 0xffff), 2);
    append(header, is_ipv4(frame) ? 0x0021 : 0x0057, 2);
    replace_front(frame, ethernet_header, header);
  });
}

Frames in_vxlan(Frames frames) {
  return each(std::move(frames), [](StoredFrame& frame) { put_in_udp(frame, 4789, number(0x0800000000006400, 8)); });
}

Frames in_geneve(Frames frames) {
  return each(std::move(frames), [](StoredFrame& frame) { put_in_udp(frame, 6081, number(0x0000655800006400, 8)); });
}

Frames in_gretap(Frames frames) {
  return each(std::move(frames), [](StoredFrame& frame) { put_in_gre(frame, 0, number(0x00006558, 4)); });
}

Frames in_erspan_1(Frames frames) {
  return each(std::move(frames), [](StoredFrame& frame) { put_in_gre(frame, 0, number(0x000088be, 4)); });
}

// With a sequence number; version 1, VLAN 0, session 100, index 1.
Frames in_erspan_2(Frames frames) {
  std::uint32_t sequence = 0;
  return each(std::move(frames), [&](StoredFrame& frame) {
    FrameBytes header = number(0x100088be, 4);
    append(header, sequence++, 4);
    append(header, 0x1000006400000001, 8);
    put_in_gre(frame, 0, header);
  });
}

// Version 2, without a subheader.
Frames in_erspan_3(Frames frames) {
  std::uint32_t sequence = 0;
  return each(std::move(frames), [&](StoredFrame& frame) {
    FrameBytes header = number(0x100022eb, 4);
    append(header, sequence++, 4);
    append(header, 0x20000064, 4);
    append(header, static_cast<std::uint32_t>(frame.frame.time_ns / 100'000), 4);
    append(header, 0, 4);
    put_in_gre(frame, 0, header);
  });
}

Frames in_tzsp(Frames frames) {
  return each(std::move(frames), [](StoredFrame& frame) { put_in_udp(frame, 37008, number(0x0100000101, 5)); });
}

Frames in_gre(Frames frames) {
  return each_packet(std::move(frames),
                     [](StoredFrame& frame) { put_in_gre(frame, ethernet_header, number(type_of(frame), 4)); });
}

Frames in_ipv4(Frames frames) {
  constexpr std::uint8_t ipip = 4;
  constexpr std::uint8_t ipv6 = 41;
  return each_packet(std::move(frames),
                     [](StoredFrame& frame) { put_in_ipv4(frame, ethernet_header, is_ipv4(frame) ? ipip : ipv6, {}); });
}

LinkFrames on_raw_ip(const Frames& frames) {
  return on_link(101, frames, [](const StoredFrame&) { return FrameBytes(); });
}

// HDLC-like framing.
LinkFrames on_ppp(const Frames& frames) {
  return on_link(9, frames,
                 [](const StoredFrame& frame) { return number(is_ipv4(frame) ? 0xff030021 : 0xff030057, 4); });
}

LinkFrames on_cisco_hdlc(const Frames& frames) {
  return on_link(104, frames, [](const StoredFrame& frame) { return number(0x0f000000 | type_of(frame), 4); });
}

// Family, version and group, then the payload's length and type (NFULA_PAYLOAD) in the byte order of the host. The
// kernel cuts packets before it hands them over: the file does not know their lengths.
LinkFrames on_nflog(const Frames& frames) {
  LinkFrames link = on_link(239, frames, [](const StoredFrame& frame) {
    const std::uint32_t length = static_cast<std::uint32_t>(frame.bytes.size()) - ethernet_header + 4;
    FrameBytes header = number(is_ipv4(frame) ? 0x02000000 : 0x0a000000, 4);
    append(header, (length & 0xffU) << 8U | length >> 8U, 2);
    append(header, 0x0900, 2);
    return header;
  });
  for (StoredFrame& frame : link.frames) frame.frame.length = static_cast<std::uint32_t>(frame.bytes.size());
  return link;
}

// The address family in the order of a little-endian host.
LinkFrames on_loopback(const Frames& frames) {
  return on_link(0, frames,
                 [](const StoredFrame& frame) { return number(is_ipv4(frame) ? 0x02000000 : 0x1e000000, 4); });
}

LinkFrames on_cooked(const Frames& frames) {
  LinkFrames link{113, frames};
  for (StoredFrame& frame : link.frames) {
    FrameBytes header = number(packet_type(frame), 2);
    append(header, 0x00010006, 4);
    const FrameBytes address = cooked_address(frame);
    header.insert(header.end(), address.begin(), address.end());
    append(header, type_of(frame), 2);
    replace_front(frame, ethernet_header, header);
  }
  return link;
}

LinkFrames on_cooked_2(const Frames& frames, std::uint32_t interface) {
  LinkFrames link{276, frames};
  for (StoredFrame& frame : link.frames) {
    FrameBytes header = number(type_of(frame), 2);
    append(header, 0, 2);
    append(header, interface, 4);
    append(header, 0x0001, 2);
    append(header, packet_type(frame), 1);
    append(header, 6, 1);
    const FrameBytes address = cooked_address(frame);
    header.insert(header.end(), address.begin(), address.end());
    replace_front(frame, ethernet_header, header);
  }
  return link;
}

}  // namespace offlab
