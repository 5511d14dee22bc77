// Recorded frames within others.
#include "capture/encapsulation.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "capture/packet.h"
#include "unit/capture/encapsulation_frames.h"
#include "unit/measure/frames.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

// By its number in Wireshark: 20 is a superframe, 22 the error about it.
FrameBytes recorded(std::size_t number) {
  return recorded_leg("hypervisor-lro").ingress.at(number - 1).bytes;
}

Frame frame_of(const FrameBytes& bytes, std::uint32_t cut = 0) {
  Frame frame;
  frame.bytes = bytes;
  frame.length = static_cast<std::uint32_t>(bytes.size()) + cut;
  return frame;
}

void expect_same_segment(const Packet& packet, const Packet& inner) {
  EXPECT_EQ(packet.flow, inner.flow);
  EXPECT_EQ(packet.length, inner.length);
  EXPECT_EQ(packet.ip_header_bytes, inner.ip_header_bytes);
  EXPECT_EQ(packet.hop_limit, inner.hop_limit);
  EXPECT_EQ(packet.identification, inner.identification);
  EXPECT_EQ(packet.df, inner.df);
  EXPECT_EQ(packet.bad_header_checksum, inner.bad_header_checksum);
  ASSERT_TRUE(packet.tcp);
  EXPECT_EQ(packet.tcp->sequence, inner.tcp->sequence);
  EXPECT_EQ(packet.tcp->payload_bytes, inner.tcp->payload_bytes);
  EXPECT_EQ(packet.tcp->options_digest, inner.tcp->options_digest);
}

TEST(Encapsulation, TheInnerSegmentCounts) {
  for (const FrameBytes& plain : {recorded(20), recorded(1), as_ipv6(recorded(20))}) {
    const Packet inner = parse_packet(plain).value();
    for (const auto& [name, bytes] : every_encapsulation(plain)) {
      SCOPED_TRACE(name);
      const Frame frame = frame_of(bytes, static_cast<std::uint32_t>(inner.length + 14 - plain.size()));
      EXPECT_EQ(describe_encapsulation(frame), name);
      EXPECT_EQ(unread_protocol(frame), std::nullopt);
      const auto packet = parse_packet(frame);
      ASSERT_TRUE(packet);
      expect_same_segment(*packet, inner);
      EXPECT_TRUE(is_from(inner.flow.source, frame));
      EXPECT_TRUE(is_from(inner.flow.source, bytes));
      EXPECT_FALSE(is_from(inner.flow.destination, bytes));
      EXPECT_FALSE(is_from(*parse_address("10.0.0.1"), bytes));
      EXPECT_FALSE(is_icmp(bytes));
    }
  }
}

TEST(Encapsulation, TheInnerErrorCountsAndWhatItQuotes) {
  for (const FrameBytes& plain : {recorded(22), too_big_about(as_ipv6(recorded(20)), 1280)}) {
    const Packet inner = parse_packet(plain).value();
    for (const auto& [name, bytes] : every_encapsulation(plain)) {
      SCOPED_TRACE(name);
      EXPECT_TRUE(is_icmp(frame_of(bytes)));
      EXPECT_TRUE(is_icmp(bytes));
      const auto packet = parse_packet(bytes);
      ASSERT_TRUE(packet && packet->too_big);
      EXPECT_EQ(packet->flow, inner.flow);
      EXPECT_EQ(packet->too_big->mtu, inner.too_big->mtu);
      EXPECT_EQ(packet->too_big->icmp_bytes, inner.too_big->icmp_bytes);
      EXPECT_EQ(packet->too_big->quoted_flow, inner.too_big->quoted_flow);
      EXPECT_EQ(packet->too_big->quoted_length, inner.too_big->quoted_length);
      EXPECT_EQ(packet->too_big->quoted_sequence, inner.too_big->quoted_sequence);
    }
  }
}

TEST(Encapsulation, AnInnerPacketWithoutLengthHasThatOfTheFrame) {
  FrameBytes plain = recorded(20);
  const Packet inner = parse_packet(plain).value();
  put_number(plain, at_ip_length, 2, 0);
  for (const auto& [name, bytes] : every_encapsulation(plain)) {
    SCOPED_TRACE(name);
    const auto packet = parse_packet(frame_of(bytes, static_cast<std::uint32_t>(inner.length + 14 - plain.size())));
    ASSERT_TRUE(packet && packet->tcp);
    EXPECT_EQ(packet->length, inner.length);
    EXPECT_EQ(packet->tcp->payload_bytes, inner.tcp->payload_bytes);
  }
}

// The error is one about the tunnel's packet, which is no TCP.
TEST(Encapsulation, AnErrorThatQuotesATunnelIsNoneAboutTheInnerFlow) {
  const FrameBytes tunnel = in_ipv4(17, in_udp(4789, FrameBytes{8, 0, 0, 0, 0, 0, 42, 0} + recorded(20)));
  const FrameBytes error = in_ipv4(1, FrameBytes{3, 4, 0, 0, 0, 0, 5, 220} + bytes_from(tunnel, at_ip));
  const auto packet = parse_packet(error);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(is_icmp(error));
  EXPECT_FALSE(packet->too_big);
  EXPECT_EQ(packet->flow.source, *parse_address("10.0.0.1"));
}

TEST(Encapsulation, WhatIsNotReadInsideIsThePacketAround) {
  const FrameBytes arp = in_type(0x0806, FrameBytes(28, 0));
  const FrameBytes frame = in_ipv4(17, in_udp(4789, FrameBytes{8, 0, 0, 0, 0, 0, 42, 0} + arp));
  const auto packet = parse_packet(frame);
  ASSERT_TRUE(packet);
  EXPECT_FALSE(packet->tcp);
  EXPECT_EQ(packet->flow.destination, *parse_address("10.0.0.2"));
  EXPECT_EQ(packet->length, frame.size() - 14);
  EXPECT_EQ(unread_protocol(frame_of(frame)), std::nullopt);
  EXPECT_EQ(describe_encapsulation(frame_of(frame)), "VXLAN (VNI 42) over IPv4");
}

TEST(Encapsulation, ALaterFragmentOfATunnelIsNotRead) {
  FrameBytes frame = in_ipv4(47, FrameBytes{0, 0, 8, 0} + bytes_from(recorded(20), at_ip));
  put_number(frame, at_ip_flags, 2, 0x2000);
  EXPECT_TRUE(parse_packet(frame)->tcp) << "the first fragment has the inner headers";
  put_number(frame, at_ip_flags, 2, 0x0010);
  EXPECT_FALSE(parse_packet(frame)->tcp);
  EXPECT_EQ(unread_protocol(frame_of(frame)), "IP fragment");
}

TEST(Encapsulation, ThereIsAnEndToIt) {
  const auto nested = [](std::size_t levels) {
    FrameBytes packet = bytes_from(recorded(20), at_ip);
    for (std::size_t i = 0; i < levels; ++i) packet = bytes_from(in_ipv4(4, packet), at_ip);
    return in_type(0x0800, packet);
  };
  EXPECT_TRUE(parse_packet(nested(8))->tcp);
  EXPECT_FALSE(parse_packet(nested(9))->tcp);
  EXPECT_EQ(unread_protocol(frame_of(nested(9))), "too many levels of encapsulation");
  FrameBytes tags = outer_macs;
  for (int i = 0; i < 300; ++i) tags = tags + FrameBytes{0x81, 0, 0, 1};
  EXPECT_FALSE(parse_packet(tags + bytes_from(recorded(20), 12)));
  EXPECT_FALSE(parse_packet(in_type(0x8847, FrameBytes(4000, 0))));
}

TEST(Encapsulation, AMacAddressIsNoIpVersionAndNoControlWord) {
  FrameBytes frame = recorded(20);
  const Packet inner = parse_packet(frame).value();
  for (const FrameBytes& vendor :
       {FrameBytes{0x00, 0x50, 0x56}, FrameBytes{0x45, 0x00, 0xff}, FrameBytes{0x60, 0x00, 0x01}}) {
    std::copy(vendor.begin(), vendor.end(), frame.begin());
    const auto packet = parse_packet(in_type(0x8847, FrameBytes{0, 6, 65, 64} + frame));
    ASSERT_TRUE(packet && packet->tcp);
    EXPECT_EQ(packet->flow, inner.flow);
  }
}

// With a control word, the EtherType would be where a packet without one has its Total Length.
TEST(Encapsulation, ATotalLengthIsNoEtherTypeBehindAControlWord) {
  FrameBytes frame = recorded(20);
  const Packet inner = parse_packet(frame).value();
  frame[0] = 0;
  put_number(frame, at_ip_length, 2, 0x0800);
  const auto packet = parse_packet(in_type(0x8847, FrameBytes{0, 6, 65, 64} + frame));
  ASSERT_TRUE(packet && packet->tcp);
  EXPECT_EQ(packet->flow, inner.flow);
}

// The place is that of the MAC addresses, VLANs and tunnels; the packet itself is not in it.
TEST(Encapsulation, APlaceIsTheSameForEveryPacketThatIsSeenThere) {
  const auto frames = every_encapsulation(recorded(20));
  const auto others = every_encapsulation(recorded(16));
  std::set<std::uint32_t> places;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    SCOPED_TRACE(frames[i].name);
    const std::uint32_t place = parse_packet(frames[i].bytes).value().place;
    EXPECT_EQ(place, parse_packet(others[i].bytes).value().place);
    EXPECT_EQ(place, glance_at_packet(frame_of(frames[i].bytes)).value().place);
    places.insert(place);
  }
  EXPECT_GT(places.size(), 25U);  // the two ways to write VLAN tags, SNAP, PPP and so on are the same place
}

struct Change {
  const char* what;
  std::size_t at;
  bool another_place;
};

TEST(Encapsulation, OnlyWhatIdentifiesAPlaceIsInIt) {
  const FrameBytes tag = {0x81, 0, 0x20, 10};
  const FrameBytes frame =
      outer_macs + tag + bytes_from(in_ipv4(17, in_udp(4789, FrameBytes{8, 0, 0, 0, 0, 0, 42, 0} + recorded(20))), 12);
  const std::uint32_t place = parse_packet(frame)->place;
  for (const auto& [what, at, another_place] : std::vector<Change>{{"MAC address of the receiver", 5, true},
                                                                   {"MAC address of the sender", 11, true},
                                                                   {"VLAN priority", 14, false},
                                                                   {"VLAN ID", 15, true},
                                                                   {"traffic class", 19, false},
                                                                   {"IP identification", 23, false},
                                                                   {"TTL", 26, false},
                                                                   {"header checksum", 29, false},
                                                                   {"outer source", 33, true},
                                                                   {"outer destination", 37, true},
                                                                   {"UDP source port", 39, false},
                                                                   {"UDP checksum", 45, false},
                                                                   {"VNI", 52, true},
                                                                   {"inner MAC address", 59, true},
                                                                   {"inner TTL", 54 + 14 + 8, false},
                                                                   {"inner source", 54 + 14 + 15, false},
                                                                   {"inner port", 54 + 14 + 21, false}}) {
    FrameBytes changed = frame;
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ (what == std::string("VLAN priority") ? 0xe0U : 1U));
    ASSERT_TRUE(parse_packet(changed) && parse_packet(changed)->tcp) << what;
    EXPECT_EQ(parse_packet(changed)->place != place, another_place) << what;
  }
}

TEST(Encapsulation, EveryIdentityMakesAPlace) {
  // Where the frames of every_encapsulation() have it.
  const std::vector<std::pair<std::string, std::size_t>> identities = {{"PPPoE", 17},
                                                                       {"MPLS", 16},
                                                                       {"Ethernet in GRE over IPv4", 41},
                                                                       {"ERSPAN II", 45},
                                                                       {"Geneve (VNI 42) over IPv4", 48},
                                                                       {"GTP-U over IPv4", 49}};
  const auto frames = every_encapsulation(recorded(20));
  for (const auto& [name, at] : identities) {
    const auto found =
        std::find_if(frames.begin(), frames.end(), [&, n = name](const auto& one) { return one.name == n; });
    ASSERT_NE(found, frames.end()) << name;
    FrameBytes changed = found->bytes;
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ 0x20U);
    ASSERT_TRUE(parse_packet(changed)->tcp) << name;
    EXPECT_NE(parse_packet(changed)->place, parse_packet(found->bytes)->place) << name;
  }
}

TEST(Encapsulation, WhatMayCarryTcpButIsNotReadIsNamed) {
  const FrameBytes content(60, 0x5a);
  const FrameBytes wireguard = FrameBytes{4, 0, 0, 0} + content;
  const std::vector<std::pair<std::string, FrameBytes>> frames = {
      {"ESP (IPsec)", in_ipv4(50, content)},
      {"ESP (IPsec)", in_ipv6(50, content)},
      {"ESP (IPsec) over UDP", in_ipv4(17, in_udp(4500, content))},
      {"WireGuard", in_ipv4(17, in_udp(51820, wireguard))},
      {"MACsec", in_type(0x88e5, content)},
      {"MACsec", outer_macs + FrameBytes{0x81, 0, 0, 9, 0x88, 0xe5} + content},
      {"L2TPv3", in_ipv4(115, content)},
      {"NSH", in_ipv4(17, in_udp(4790, FrameBytes{12, 0, 0, 4, 0, 0, 42, 0} + content))},
      {"IEEE 802.11 in TZSP", in_ipv4(17, in_udp(37008, FrameBytes{1, 0, 0, 18, 1} + content))},
      {"multilink PPP", in_type(0x8864, FrameBytes{0x11, 0, 0, 1, 0, 62, 0, 0x3d} + content)},
      {"802.1ah (PBB)", in_type(0x88e7, content)},
  };
  for (const auto& [name, bytes] : frames) EXPECT_EQ(unread_protocol(frame_of(bytes)), name);
}

TEST(Encapsulation, WhatPlainlyIsNoTcpHasNoName) {
  const FrameBytes content(60, 0x5a);
  for (const FrameBytes& bytes :
       {in_type(0x0806, content), in_type(0x88cc, content), in_ipv4(17, in_udp(53, content)), recorded(22),
        outer_macs + FrameBytes{0, 38, 0x42, 0x42, 3} + content, in_ipv4(17, in_udp(443, content)), recorded(20)})
    EXPECT_EQ(unread_protocol(frame_of(bytes)), std::nullopt);
  EXPECT_EQ(unread_protocol(Frame{}), std::nullopt);
}

TEST(Encapsulation, HeadersThatWereCutOffAreNamed) {
  const FrameBytes plain = recorded(20);
  for (const auto& [name, whole] : every_encapsulation(plain)) {
    const std::size_t tcp = whole.size() - plain.size() + at_transport;
    for (std::size_t size = 1; size < whole.size(); ++size) {
      const FrameBytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const bool is_read = parse_packet(frame_of(cut, 8000)).value_or(Packet{}).tcp.has_value();
      EXPECT_EQ(is_read, size >= tcp + 14) << name << " cut at " << size;
      EXPECT_EQ(unread_protocol(frame_of(cut, 8000)).has_value(), !is_read) << name << " cut at " << size;
    }
  }
}

// A sanitizer sees what is read beyond the end.
TEST(Encapsulation, CutAndDamagedFramesAreSurvived) {
  for (const FrameBytes& plain : {recorded(20), recorded(22), as_ipv6(recorded(20))})
    for (const auto& [name, whole] : every_encapsulation(plain)) {
      for (std::size_t size = 0; size <= whole.size(); ++size) {
        const FrameBytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const auto packet = parse_packet(cut);
        EXPECT_FALSE(packet && packet->tcp && size < whole.size() - plain.size() + at_transport) << name << size;
      }
      for (std::size_t at = 0; at < std::min(whole.size(), whole.size() - plain.size() + 100); ++at)
        for (const std::uint8_t value : FrameBytes{0x00, 0x0f, 0xf0, 0xff}) {
          FrameBytes damaged = whole;
          damaged[at] = value;
          const auto packet = parse_packet(damaged);
          EXPECT_FALSE(packet && describe_packet(*packet, 1).empty());
          EXPECT_EQ(unread_protocol(frame_of(damaged)).value_or("-").empty(), false);
          EXPECT_LT(describe_encapsulation(frame_of(damaged)).size(), 400U);
        }
    }
}

}  // namespace
}  // namespace offlab
