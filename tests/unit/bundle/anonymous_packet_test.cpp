#include "bundle/anonymous_packet.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "bundle/capture_output.h"
#include "capture/frame_edit.h"
#include "capture/packet.h"
#include "unit/bundle/checked_packets.h"
#include "unit/runner/encapsulated_frames.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

constexpr std::size_t ethernet = 14;

class AnonymousPacket : public testing::Test {
 protected:
  // The new packet, from its IP header on.
  PacketBytes packet_of(const StoredFrame& frame) {
    const auto rewritten = packets_.rewrite(seen(frame));
    if (!rewritten) return {};
    return {rewritten->bytes.begin() + ethernet, rewritten->bytes.end()};
  }
  PacketBytes packet_of(const MadeTcp& made) { return packet_of(frame_of(tcp_packet(made))); }

  static bool has(const PacketBytes& bytes, const PacketBytes& piece) {
    return std::search(bytes.begin(), bytes.end(), piece.begin(), piece.end()) != bytes.end();
  }

  AnonymousAddresses addresses_{KeyedDigest::Key{1, 2, 3}};
  PacketAnonymiser packets_{addresses_};
};

const MadeTcp over_ipv6 = {.source = "2001:db8:1::3", .destination = "2001:db8:9::9"};
const PacketBytes timestamps = {1, 1, 8, 10, 0, 1, 2, 3, 4, 5, 6, 7};

TEST_F(AnonymousPacket, AddressesChangeAndAllElseInTheHeadersStays) {
  for (MadeTcp made : {MadeTcp{}, over_ipv6}) {
    made.options = timestamps;
    const StoredFrame frame = frame_of(tcp_packet(made));
    const auto rewritten = packets_.rewrite(seen(frame));
    const auto before = parse_packet(seen(frame));
    const auto after = parse_packet(*rewritten);
    ASSERT_TRUE(before && after && after->tcp);
    EXPECT_EQ(after->flow.source, addresses_.of(before->flow.source));
    EXPECT_EQ(after->flow.destination, addresses_.of(before->flow.destination));
    EXPECT_NE(after->flow.source, before->flow.source);
    EXPECT_EQ(after->flow.source_port, before->flow.source_port);
    EXPECT_EQ(after->flow.destination_port, before->flow.destination_port);
    EXPECT_EQ(after->identification, before->identification);
    EXPECT_EQ(after->hop_limit, before->hop_limit);
    EXPECT_EQ(after->traffic_class, before->traffic_class);
    EXPECT_EQ(after->df, before->df);
    EXPECT_EQ(after->tcp->sequence, before->tcp->sequence);
    EXPECT_EQ(after->tcp->acknowledgement, before->tcp->acknowledgement);
    EXPECT_EQ(after->tcp->window, before->tcp->window);
    EXPECT_EQ(after->tcp->options_digest, before->tcp->options_digest);
    EXPECT_EQ(rewritten->time_ns, frame.frame.time_ns);
    EXPECT_EQ(rewritten->length, frame.frame.length);
  }
}

TEST_F(AnonymousPacket, PayloadGoesAndTheLengthStays) {
  for (MadeTcp made : {MadeTcp{}, over_ipv6}) {
    made.payload = "PASS secret\r\n";
    const StoredFrame frame = frame_of(tcp_packet(made));
    const auto rewritten = packets_.rewrite(seen(frame));
    EXPECT_EQ(rewritten->bytes.size(), frame.bytes.size() - made.payload.size());
    EXPECT_EQ(rewritten->length, frame.frame.length);
    EXPECT_EQ(parse_packet(*rewritten)->tcp->payload_bytes, made.payload.size());
  }
}

// What pads a short frame is of somebody else: drivers have put other packets there.
TEST_F(AnonymousPacket, PaddingGoes) {
  StoredFrame frame = frame_of(tcp_packet({}));
  frame.bytes.insert(frame.bytes.end(), {'s', 'e', 'c', 'r', 'e', 't'});
  frame.frame.length += 6;
  EXPECT_EQ(packets_.rewrite(seen(frame))->bytes.size(), frame.bytes.size() - 6);
}

TEST_F(AnonymousPacket, RightChecksumsStayRightAndWrongOnesStayWrong) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    MadeTcp made = i % 2 == 0 ? MadeTcp{} : over_ipv6;
    const auto host = std::to_string(random() % 250 + 1);
    made.source += i % 2 == 0 ? host.substr(0, 1) : host;
    made.payload = std::string(random() % 40, static_cast<char>(random()));
    const bool ip_is_right = i % 3 != 0;
    const bool tcp_is_right = i % 5 != 0;
    if (!ip_is_right) made.ip_checksum_error = static_cast<std::uint16_t>(random() % 0xfffe + 1);
    if (!tcp_is_right) made.tcp_checksum_error = static_cast<std::uint16_t>(random() % 0xfffe + 1);
    const PacketBytes original = tcp_packet(made);
    ASSERT_EQ(has_right_transport_checksum(original), tcp_is_right) << i;
    PacketBytes made_packet = packet_of(frame_of(original));
    if (i % 2 == 0) {
      EXPECT_EQ(has_right_ip_checksum(made_packet), ip_is_right) << i;
    }
    made_packet.insert(made_packet.end(), made.payload.begin(), made.payload.end());
    EXPECT_EQ(has_right_transport_checksum(made_packet), tcp_is_right) << i;
  }
}

// A sender's NIC would have computed it: there is only the sum of the pseudo header.
TEST_F(AnonymousPacket, AChecksumThatIsNotFilledInYetIsStillTheSumOfThePseudoHeader) {
  StoredFrame frame = frame_of(tcp_packet({}));
  frame.frame.needs_checksum = true;
  const auto pseudo = [](const PacketBytes& packet) {
    std::uint32_t sum = 6 + 20;
    for (std::size_t at = 12; at < 20; at += 2) sum += packet[at] * 256U + packet[at + 1];
    while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
    return sum;
  };
  const PacketBytes original(frame.bytes.begin() + ethernet, frame.bytes.end());
  put_number(frame.bytes, ethernet + 36, 2, pseudo(original));
  const PacketBytes made = packet_of(frame);
  EXPECT_EQ(number_at(made, 36, 2), pseudo(made));
  EXPECT_NE(pseudo(made), pseudo(original));
}

TEST_F(AnonymousPacket, AnErrorQuotesTheSameAddresses) {
  for (const auto& [refused, router] :
       {std::pair{tcp_packet({}), "10.1.2.1"}, {tcp_packet(over_ipv6), "2001:db8:1::1"}}) {
    const StoredFrame frame = frame_of(too_big_about(refused, router, 1000));
    const auto before = parse_packet(seen(frame));
    const auto rewritten = packets_.rewrite(seen(frame));
    const auto after = parse_packet(*rewritten);
    ASSERT_TRUE(before && before->too_big && after && after->too_big);
    EXPECT_EQ(after->too_big->quote, Quote::sequence);
    EXPECT_EQ(after->too_big->mtu, 1500U);
    EXPECT_EQ(after->flow.source, addresses_.of(parse_address(router).value()));
    EXPECT_EQ(after->flow.destination, after->too_big->quoted_flow.source);
    EXPECT_EQ(after->too_big->quoted_flow.source, addresses_.of(before->too_big->quoted_flow.source));
    EXPECT_EQ(after->too_big->quoted_flow.destination, addresses_.of(before->too_big->quoted_flow.destination));
    EXPECT_EQ(after->too_big->quoted_flow.source_port, before->too_big->quoted_flow.source_port);
    EXPECT_EQ(after->too_big->quoted_sequence, before->too_big->quoted_sequence);
    EXPECT_EQ(after->too_big->quoted_length, before->too_big->quoted_length);
    EXPECT_EQ(after->too_big->quoted_header_bytes, before->too_big->quoted_header_bytes);
    EXPECT_EQ(after->too_big->icmp_bytes, before->too_big->icmp_bytes);
  }
}

TEST_F(AnonymousPacket, ChecksumsOfErrorsFollow) {
  for (const std::uint16_t error : std::initializer_list<std::uint16_t>{0, 1, 0x1234})
    for (const bool v4 : {true, false}) {
      // As many bytes as a router quotes at least, so that nothing is cut off: an odd number of payload as well.
      const PacketBytes refused = tcp_packet(v4 ? MadeTcp{.options = timestamps} : over_ipv6);
      for (const std::size_t quoted : {std::size_t{28}, std::size_t{48}, std::size_t{1000}}) {
        const auto message = too_big_about(refused, v4 ? "10.1.2.1" : "2001:db8:1::1", quoted, error);
        const PacketBytes made = packet_of(frame_of(message));
        EXPECT_EQ(made.size() == message.size(), v4 || quoted >= 48) << quoted;
        if (made.size() != message.size()) continue;  // a quote without its IP header
        EXPECT_EQ(has_right_transport_checksum(made), error == 0) << quoted << (v4 ? " IPv4" : " IPv6");
        const PacketBytes quote(made.begin() + (v4 ? 28 : 48), made.end());
        EXPECT_TRUE(!v4 || has_right_ip_checksum(quote));
        EXPECT_TRUE(quoted != 1000 || has_right_transport_checksum(quote));
      }
    }
}

TEST_F(AnonymousPacket, WhatAnErrorQuotesOfThePayloadGoes) {
  const PacketBytes refused = tcp_packet({.payload = "PASS secret, and more"});
  const StoredFrame frame = frame_of(too_big_about(refused, "10.1.2.1", 1000));
  const auto rewritten = packets_.rewrite(seen(frame));
  EXPECT_EQ(rewritten->bytes.size(), ethernet + 20 + 8 + 40);
  EXPECT_EQ(rewritten->length, frame.frame.length);
}

// The capture was cut within the quoted source address.
TEST_F(AnonymousPacket, HalfAQuotedAddressGoes) {
  StoredFrame frame = frame_of(too_big_about(tcp_packet({}), "10.1.2.1", 1000));
  frame.bytes.resize(ethernet + 20 + 8 + 14);
  EXPECT_EQ(packets_.rewrite(seen(frame))->bytes.size(), ethernet + 20 + 8);
}

// Its IP header says that it ends within the ICMP header: what reads it goes by what was captured.
TEST_F(AnonymousPacket, AnErrorThatIsShorterThanItsHeaderIsReadAsBefore) {
  StoredFrame frame = frame_of(too_big_about(tcp_packet({}), "10.1.2.1", 1000));
  put_number(frame.bytes, at_ip_length, 2, 22);
  const auto before = parse_packet(seen(frame));
  const auto after = parse_packet(*packets_.rewrite(seen(frame)));
  ASSERT_TRUE(before->too_big && after->too_big);
  EXPECT_EQ(after->too_big->quote, before->too_big->quote);
  EXPECT_EQ(after->too_big->quoted_sequence, before->too_big->quoted_sequence);
}

TEST_F(AnonymousPacket, OfOtherIcmpOnlyTheTypeStays) {
  PacketBytes redirect = too_big_about(tcp_packet({}), "10.1.2.1", 1000);
  redirect[20] = 5;
  redirect[21] = 1;
  const PacketBytes gateway = {10, 1, 2, 254};
  std::copy(gateway.begin(), gateway.end(), redirect.begin() + 24);
  const PacketBytes made = packet_of(frame_of(redirect));
  ASSERT_EQ(made.size(), 28U);
  EXPECT_EQ(made[20], 5);
  EXPECT_EQ(number_at(made, 24, 4), 0U);
}

TEST_F(AnonymousPacket, OptionsThatMayNameSomebodyLoseTheirContent) {
  const PacketBytes address = {10, 1, 2, 77};
  // A recorded route, and MPTCP's ADD_ADDR.
  MadeTcp made;
  made.ip_options = {7, 7, 8, 10, 1, 2, 77, 0};
  made.options = {30, 8, 0x30, 1, 10, 1, 2, 77, 1, 1, 1, 1};
  const PacketBytes original = tcp_packet(made);
  ASSERT_TRUE(has(original, address));
  const PacketBytes packet = packet_of(made);
  ASSERT_EQ(packet.size(), original.size());
  EXPECT_FALSE(has(packet, address));
  EXPECT_EQ(packet[20], 7);
  EXPECT_EQ(packet[28 + 20], 30);
  EXPECT_TRUE(has_right_ip_checksum(packet));
  EXPECT_TRUE(has_right_transport_checksum(packet));
}

TEST_F(AnonymousPacket, WhetherAnOptionWasChangedIsStillSeen) {
  MadeTcp made;
  made.options = {34, 6, 1, 2, 3, 4, 1, 1};  // a cookie of TCP Fast Open
  const auto digest_of = [&](const MadeTcp& one) {
    return parse_packet(*packets_.rewrite(seen(frame_of(tcp_packet(one)))))->tcp->options_digest;
  };
  const auto one = digest_of(made);
  EXPECT_EQ(digest_of(made), one);
  made.options[3] = 9;
  EXPECT_NE(digest_of(made), one);
}

TEST_F(AnonymousPacket, WhatFollowsTheEndOfOptionsGoes) {
  MadeTcp made;
  made.options = {1, 0, 's', 'e', 'c', 'r', 'e', 't'};
  EXPECT_FALSE(has(packet_of(made), {'s', 'e', 'c'}));
  made.options = {8, 6, 's', 'e', 'c', 'r', 1, 1};  // no timestamps have that length
  EXPECT_FALSE(has(packet_of(made), {'s', 'e', 'c'}));
}

// Hop-by-hop options (unknown, jumbo payload), a routing header of one address, a fragment header.
TEST_F(AnonymousPacket, ExtensionHeadersLoseAddresses) {
  PacketBytes packet = tcp_packet(over_ipv6);
  const PacketBytes hop_by_hop = {43, 1, 0x1e, 4, 's', 'e', 'c', 'r', 0xc2, 4, 0, 1, 0, 0, 1, 0};
  PacketBytes routing = {44, 2, 4, 0, 0, 0, 0, 0};
  const IpAddress hop = parse_address("2001:db8:5::5").value();
  routing.insert(routing.end(), hop.bytes.begin(), hop.bytes.end());
  const PacketBytes fragment = {6, 0, 0, 1, 1, 2, 3, 4};
  packet[6] = 0;
  PacketBytes extensions = hop_by_hop;
  extensions.insert(extensions.end(), routing.begin(), routing.end());
  extensions.insert(extensions.end(), fragment.begin(), fragment.end());
  packet.insert(packet.begin() + 40, extensions.begin(), extensions.end());
  packet[5] = static_cast<std::uint8_t>(packet.size() - 40);
  const PacketBytes made = packet_of(frame_of(packet));
  ASSERT_EQ(made.size(), packet.size());
  EXPECT_FALSE(has(made, {'s', 'e', 'c'}));
  EXPECT_FALSE(has(made, {hop.bytes.begin(), hop.bytes.end()}));
  EXPECT_TRUE(has(made, {0xc2, 4, 0, 1, 0, 0}));
  EXPECT_TRUE(has(made, fragment));
  EXPECT_TRUE(parse_packet(seen(frame_of(made)))->tcp);
}

TEST_F(AnonymousPacket, OfALaterFragmentOnlyTheIpHeaderStays) {
  StoredFrame frame = frame_of(tcp_packet({.payload = "secret"}));
  put_number(frame.bytes, at_ip_flags, 2, 0x00b9);
  put_header_checksum(frame.bytes);
  const PacketBytes made = packet_of(frame);
  EXPECT_EQ(made.size(), 20U);
  EXPECT_TRUE(has_right_ip_checksum(made));
}

TEST_F(AnonymousPacket, TunnelsAndTagsGoAndTheirPlacesStayApart) {
  const Frames plain = {frame_of(tcp_packet({.payload = "secret"}))};
  const auto expected = packet_of(plain[0]);
  for (const Frames& frames :
       {with_vlan(plain, 7), with_two_vlans(plain), in_snap(plain), in_mpls(plain), in_pppoe(plain), in_vxlan(plain),
        in_geneve(plain), in_gretap(plain), in_gre(plain), in_ipv4(plain), in_erspan_2(plain), in_tzsp(plain)}) {
    const StoredFrame& frame = frames[0];
    const auto rewritten = packets_.rewrite(seen(frame));
    ASSERT_TRUE(rewritten);
    EXPECT_EQ(PacketBytes(rewritten->bytes.begin() + ethernet, rewritten->bytes.end()), expected);
    EXPECT_EQ(rewritten->length, plain[0].frame.length);
    EXPECT_EQ(rewritten->bytes[0] & 0x03, 0x02);
    EXPECT_EQ(rewritten->bytes[6] & 0x03, 0x02);
  }
  const auto place_of = [&](const Frames& frames) { return parse_packet(*packets_.rewrite(seen(frames[0])))->place; };
  EXPECT_EQ(place_of(with_vlan(plain, 7)), place_of(with_vlan(plain, 7)));
  EXPECT_NE(place_of(with_vlan(plain, 7)), place_of(with_vlan(plain, 8)));
  EXPECT_NE(place_of(with_vlan(plain, 7)), place_of(plain));
}

TEST_F(AnonymousPacket, WhatIsNoIpIsNothing) {
  StoredFrame arp = frame_of(tcp_packet({}));
  put_number(arp.bytes, 12, 2, 0x0806);
  EXPECT_FALSE(packets_.rewrite(seen(arp)));
  StoredFrame cut = frame_of(tcp_packet({}));
  cut.bytes.resize(ethernet + 15);
  EXPECT_FALSE(packets_.rewrite(seen(cut)));
}

// Cut at each length: never more than what was kept, and never half an address.
TEST_F(AnonymousPacket, FramesMayBeCutAnywhere) {
  for (const PacketBytes& packet : {tcp_packet({.options = timestamps, .payload = "secret"}), tcp_packet(over_ipv6),
                                    too_big_about(tcp_packet({.options = timestamps}), "10.1.2.1", 1000),
                                    too_big_about(tcp_packet(over_ipv6), "2001:db8:1::1", 1000)}) {
    const StoredFrame whole = frame_of(packet);
    for (std::size_t size = 0; size <= whole.bytes.size(); ++size) {
      StoredFrame cut = whole;
      cut.bytes.resize(size);
      const auto before = parse_packet(seen(cut));
      const auto rewritten = packets_.rewrite(seen(cut));
      ASSERT_EQ(before.has_value(), rewritten.has_value()) << size;
      if (!before) continue;
      EXPECT_LE(rewritten->bytes.size(), size);
      EXPECT_EQ(rewritten->length, cut.frame.length);
      const auto after = parse_packet(*rewritten);
      ASSERT_TRUE(after);
      EXPECT_EQ(after->tcp.has_value(), before->tcp.has_value()) << size;
      EXPECT_EQ(after->tcp_cut_off, before->tcp_cut_off) << size;
      ASSERT_EQ(after->too_big.has_value(), before->too_big.has_value()) << size;
      if (before->too_big) {
        EXPECT_EQ(after->too_big->quote, before->too_big->quote) << size;
      }
    }
  }
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  for (std::array<char, 4096> line; std::fgets(line.data(), line.size(), pipe.get()) != nullptr;) output += line.data();
  return output;
}

// The checksums of what was kept whole, as Wireshark sees them.
TEST_F(AnonymousPacket, TsharkSeesTheSameChecksums) {
  if (std::system("command -v tshark > /dev/null 2>&1") != 0) GTEST_SKIP() << "tshark is not installed";
  std::vector<StoredFrame> frames;
  for (const std::uint16_t error : std::initializer_list<std::uint16_t>{0, 0x0101}) {
    frames.push_back(frame_of(tcp_packet({.options = timestamps, .ip_checksum_error = error})));
    frames.push_back(frame_of(tcp_packet({.options = {30, 8, 0x30, 1, 10, 1, 2, 77}, .tcp_checksum_error = error})));
    MadeTcp v6 = over_ipv6;
    v6.tcp_checksum_error = error;
    frames.push_back(frame_of(tcp_packet(v6)));
    frames.push_back(frame_of(too_big_about(tcp_packet({}), "10.1.2.1", 28, error)));
    frames.push_back(frame_of(too_big_about(tcp_packet(v6), "2001:db8:1::1", 1000, error)));
  }
  TempFolder folder;
  const auto statuses_in = [&](const std::string& name, bool anonymous) {
    CaptureOutput output(folder.path() / name, {});
    for (const StoredFrame& frame : frames) output.write(anonymous ? *packets_.rewrite(seen(frame)) : seen(frame));
    output.finish();
    return output_of("tshark -r " + (folder.path() / name).string() +
                     " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -T fields -E occurrence=f"
                     " -e ip.checksum.status -e tcp.checksum.status -e icmp.checksum.status -e icmpv6.checksum.status"
                     " -e _ws.malformed 2> /dev/null");
  };
  const std::string before = statuses_in("before.pcapng", false);
  EXPECT_EQ(before,
            "1\t1\t\t\t\n"
            "1\t1\t\t\t\n"
            "\t1\t\t\t\n"
            "1\t\t1\t\t\n"
            "\t1\t\t1\t\n"
            "0\t1\t\t\t\n"
            "1\t0\t\t\t\n"
            "\t0\t\t\t\n"
            "1\t\t0\t\t\n"
            "\t0\t\t0\t\n");
  EXPECT_EQ(statuses_in("after.pcapng", true), before);
}

}  // namespace
}  // namespace offlab
