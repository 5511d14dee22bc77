// Headers of recorded frames. The expected numbers are those that tshark prints.
#include "capture/packet.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/measure/frames.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

// By its number in Wireshark.
FrameBytes frame(std::size_t number) {
  return recorded_leg("hypervisor-lro").ingress.at(number - 1).bytes;
}

FlowKey flow(const char* source, const char* destination, std::uint16_t source_port, std::uint16_t destination_port) {
  return {*parse_address(source), *parse_address(destination), source_port, destination_port};
}

TEST(ParsePacket, ReadsEveryFieldOfASuperframe) {
  const auto packet = parse_packet(frame(20));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->flow, flow("198.18.2.2", "198.18.1.2", 5201, 50978));
  EXPECT_EQ(packet->length, 7292U);
  EXPECT_EQ(packet->ip_header_bytes, 20U);
  EXPECT_TRUE(packet->df);
  EXPECT_FALSE(packet->fragment);
  EXPECT_FALSE(packet->too_big);
  ASSERT_TRUE(packet->tcp);
  EXPECT_EQ(packet->tcp->sequence, 123'835'708U);
  EXPECT_EQ(packet->tcp->acknowledgement, 3'557'542'177U);
  EXPECT_EQ(packet->tcp->flags, 0x18);
  EXPECT_EQ(packet->tcp->header_bytes, 32U);
  EXPECT_EQ(packet->tcp->payload_bytes, 7240U);
}

TEST(ParsePacket, ReadsASynWithItsOptions) {
  const auto packet = parse_packet(frame(1));
  ASSERT_TRUE(packet && packet->tcp);
  EXPECT_EQ(packet->flow, flow("198.18.1.2", "198.18.2.2", 50974, 5201));
  EXPECT_EQ(packet->tcp->sequence, 1'119'352'315U);
  EXPECT_EQ(packet->tcp->flags, 0x02);
  EXPECT_EQ(packet->tcp->header_bytes, 40U);
  EXPECT_EQ(packet->tcp->payload_bytes, 0U);
}

TEST(ParsePacket, ReadsAnErrorAndThePacketItQuotes) {
  const auto packet = parse_packet(frame(22));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->flow, flow("198.18.2.1", "198.18.2.2", 0, 0));
  EXPECT_EQ(packet->length, 576U);
  EXPECT_FALSE(packet->df);
  EXPECT_FALSE(packet->tcp);
  ASSERT_TRUE(packet->too_big);
  EXPECT_EQ(packet->too_big->mtu, 1500U);
  EXPECT_EQ(packet->too_big->icmp_bytes, 556U);
  EXPECT_EQ(packet->too_big->quoted_length, 7292U);
  EXPECT_EQ(packet->too_big->quoted_header_bytes, 52U);
  EXPECT_EQ(packet->too_big->quoted_flow, flow("198.18.2.2", "198.18.1.2", 5201, 50978));
  EXPECT_EQ(packet->too_big->quoted_sequence, 123'835'708U);
}

TEST(ParsePacket, TakesOtherIcmpForNoTooBigError) {
  for (const auto& [type, code] : std::vector<std::pair<std::uint8_t, std::uint8_t>>{{3, 3}, {11, 4}, {0, 0}}) {
    FrameBytes changed = frame(22);
    changed[at_transport] = type;
    changed[at_transport + 1] = code;
    const auto packet = parse_packet(changed);
    ASSERT_TRUE(packet);
    EXPECT_FALSE(packet->too_big);
  }
}

TEST(ParsePacket, TakesAnErrorAboutUdpForNoTooBigError) {
  FrameBytes changed = frame(22);
  changed[at_quote + 9] = 17;
  EXPECT_FALSE(parse_packet(changed)->too_big);
}

TEST(ParsePacket, SeesDfAndFragments) {
  FrameBytes changed = frame(20);
  put_number(changed, at_ip_flags, 2, 0x0000);
  EXPECT_FALSE(parse_packet(changed)->df);
  EXPECT_FALSE(parse_packet(changed)->fragment);
  put_number(changed, at_ip_flags, 2, 0x2000);  // the first: MF
  EXPECT_TRUE(parse_packet(changed)->fragment);
  EXPECT_TRUE(parse_packet(changed)->tcp);
  put_number(changed, at_ip_flags, 2, 0x00b9);  // the last: an offset
  EXPECT_TRUE(parse_packet(changed)->fragment);
  EXPECT_FALSE(parse_packet(changed)->tcp) << "payload was taken for a TCP header";
}

TEST(ParsePacket, PassesOverVlanTags) {
  FrameBytes tagged = frame(20);
  const FrameBytes tag = {0x81, 0x00, 0x00, 0x2a};
  tagged.insert(tagged.begin() + 12, tag.begin(), tag.end());
  ASSERT_TRUE(parse_packet(tagged));
  EXPECT_EQ(parse_packet(tagged)->tcp->payload_bytes, 7240U);
  const FrameBytes outer = {0x88, 0xa8, 0x00, 0x07};
  tagged.insert(tagged.begin() + 12, outer.begin(), outer.end());
  ASSERT_TRUE(parse_packet(tagged));
  EXPECT_EQ(parse_packet(tagged)->flow.source_port, 5201);
}

TEST(ParsePacket, ReadsIpv6) {
  const auto packet = parse_packet(as_ipv6(frame(20)));
  ASSERT_TRUE(packet && packet->tcp);
  EXPECT_EQ(packet->flow, flow("2001:2:0:2::2", "2001:2:0:1::2", 5201, 50978));
  EXPECT_EQ(packet->length, 7312U);
  EXPECT_EQ(packet->ip_header_bytes, 40U);
  EXPECT_TRUE(packet->df);
  EXPECT_EQ(packet->tcp->payload_bytes, 7240U);
}

TEST(ParsePacket, ReadsAnIpv6FragmentHeader) {
  FrameBytes changed = as_ipv6(frame(20));
  changed[20] = 44;
  const FrameBytes header = {6, 0, 0, 1, 0, 0, 0, 9};  // the first fragment, more follow
  changed.insert(changed.begin() + 54, header.begin(), header.end());
  auto packet = parse_packet(changed);
  ASSERT_TRUE(packet && packet->tcp);
  EXPECT_TRUE(packet->fragment);
  EXPECT_EQ(packet->ip_header_bytes, 48U);
  EXPECT_EQ(packet->tcp->payload_bytes, 7232U);
  changed[57] = 8;  // not the first one
  packet = parse_packet(changed);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->fragment);
  EXPECT_FALSE(packet->tcp);
}

struct Extension {
  std::uint8_t kind;
  FrameBytes header;  // without its first byte, which tells what follows
};

// Each kind there is, in an order that no host would choose.
const std::vector<Extension> every_extension = {
    {60, {0, 1, 4, 0, 0, 0, 0}},
    {44, {0, 0, 0, 0, 0, 0, 9}},  // of a packet that is whole
    {51, {4, 0, 0, 0, 0, 1, 7, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
    {43, {2, 4, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
    {135, {0, 3, 0, 0, 0, 0, 0}},
    {139, {0, 3, 0, 0, 0, 0, 0}},
    {140, {0, 3, 0, 0, 0, 0, 0}},
    {0, {0, 5, 2, 0, 0, 1, 0}},
};
constexpr std::uint32_t every_extension_bytes = 8 + 8 + 24 + 24 + 4 * 8;

// `at`: where the IPv6 header begins.
FrameBytes with_extensions(FrameBytes packet, std::size_t at, const std::vector<Extension>& extensions) {
  FrameBytes all;
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    all.push_back(i + 1 < extensions.size() ? extensions[i + 1].kind : packet[at + 6]);
    all.insert(all.end(), extensions[i].header.begin(), extensions[i].header.end());
  }
  packet[at + 6] = extensions.at(0).kind;
  put_number(packet, at + 4, 2, number_at(packet, at + 4, 2) + static_cast<std::uint32_t>(all.size()));
  packet.insert(packet.begin() + static_cast<std::ptrdiff_t>(at) + 40, all.begin(), all.end());
  return packet;
}

TEST(ParsePacket, PassesOverIpv6ExtensionHeadersInAnyOrder) {
  std::vector<Extension> extensions = every_extension;
  for (int order = 0; order < 2; ++order, std::reverse(extensions.begin(), extensions.end())) {
    const auto packet = parse_packet(with_extensions(as_ipv6(frame(20)), at_ip, extensions));
    ASSERT_TRUE(packet && packet->tcp);
    EXPECT_EQ(packet->flow, flow("2001:2:0:2::2", "2001:2:0:1::2", 5201, 50978));
    EXPECT_EQ(packet->ip_header_bytes, 40 + every_extension_bytes);
    EXPECT_EQ(packet->length, 7312 + every_extension_bytes);
    EXPECT_EQ(packet->tcp->payload_bytes, 7240U);
    EXPECT_FALSE(packet->fragment);
  }
  const std::vector<Extension> too_many(11, every_extension[0]);
  EXPECT_FALSE(parse_packet(with_extensions(as_ipv6(frame(20)), at_ip, too_many))->tcp);
}

TEST(ParsePacket, PassesOverExtensionHeadersOfAnErrorAndOfWhatItQuotes) {
  const FrameBytes quoted = with_extensions(as_ipv6(frame(20)), at_ip, every_extension);
  const FrameBytes error = with_extensions(too_big_about(quoted, 1280), at_ip, {every_extension[0]});
  EXPECT_TRUE(is_icmp(error));
  const auto packet = parse_packet(error);
  ASSERT_TRUE(packet && packet->too_big);
  EXPECT_EQ(packet->too_big->mtu, 1280U);
  EXPECT_EQ(packet->too_big->icmp_bytes, packet->length - 48);
  EXPECT_EQ(packet->too_big->quoted_length, 7312 + every_extension_bytes);
  EXPECT_EQ(packet->too_big->quoted_header_bytes, 72 + every_extension_bytes);
  EXPECT_EQ(packet->too_big->quoted_flow, flow("2001:2:0:2::2", "2001:2:0:1::2", 5201, 50978));
  FrameBytes cut = too_big_about(quoted, 1280);
  cut.resize(54 + 8 + 40 + 20);
  ASSERT_TRUE(parse_packet(cut)->too_big) << "nobody knows that it was not about TCP";
  EXPECT_EQ(parse_packet(cut)->too_big->quote, Quote::none);
}

TEST(ParsePacket, PassesOverAnAuthenticationHeader) {
  FrameBytes changed = frame(20);
  changed[at_protocol] = 51;
  put_number(changed, at_ip_length, 2, 7292 + 24);
  FrameBytes header = every_extension[2].header;
  header.insert(header.begin(), 6);
  changed.insert(changed.begin() + at_transport, header.begin(), header.end());
  put_header_checksum(changed);
  const auto packet = parse_packet(changed);
  ASSERT_TRUE(packet && packet->tcp);
  EXPECT_EQ(packet->ip_header_bytes, 44U);
  EXPECT_EQ(packet->tcp->payload_bytes, 7240U);
  EXPECT_FALSE(packet->bad_header_checksum);
}

TEST(ParsePacket, ReadsAnIpv6ErrorAndThePacketItQuotes) {
  const auto packet = parse_packet(too_big_about(as_ipv6(frame(20)), 1280));
  ASSERT_TRUE(packet && packet->too_big);
  EXPECT_EQ(packet->too_big->mtu, 1280U);
  EXPECT_EQ(packet->too_big->quoted_length, 7312U);
  EXPECT_EQ(packet->too_big->quoted_header_bytes, 72U);
  EXPECT_EQ(packet->too_big->quoted_flow, flow("2001:2:0:2::2", "2001:2:0:1::2", 5201, 50978));
  EXPECT_EQ(packet->too_big->quoted_sequence, 123'835'708U);
}

TEST(ParsePacket, AQuoteOfEightBytesIsEnough) {
  FrameBytes cut = frame(22);
  cut.resize(at_quoted_ports + 8);
  const auto packet = parse_packet(cut);
  ASSERT_TRUE(packet && packet->too_big);
  EXPECT_EQ(packet->too_big->quoted_sequence, 123'835'708U);
  EXPECT_EQ(packet->too_big->quoted_header_bytes, 40U);  // without TCP options: nobody saw them
  cut.pop_back();
  ASSERT_TRUE(parse_packet(cut)->too_big);
  EXPECT_EQ(parse_packet(cut)->too_big->quote, Quote::ports);
}

// A short snap length takes the quote away, bit by bit; the error itself stays one.
TEST(ParsePacket, AnErrorWhoseQuoteIsCutOffIsOneAllTheSame) {
  FrameBytes cut = frame(22);
  const TooBigError whole = *parse_packet(cut)->too_big;
  EXPECT_EQ(whole.quote, Quote::sequence);
  cut.resize(at_quoted_ports + 3);
  TooBigError error = parse_packet(cut)->too_big.value();
  EXPECT_EQ(error.quote, Quote::ip);
  EXPECT_EQ(error.quoted_length, whole.quoted_length);
  EXPECT_EQ(error.quoted_flow.source, whole.quoted_flow.source);
  EXPECT_EQ(error.quoted_flow.source_port, 0);
  cut.resize(at_quoted_ports - 1);
  error = parse_packet(cut)->too_big.value();
  EXPECT_EQ(error.quote, Quote::none);
  EXPECT_EQ(error.mtu, whole.mtu);
  EXPECT_EQ(describe_packet(*parse_packet(cut), 0),
            "IP 198.18.2.1 > 198.18.2.2: ICMP unreachable - need to frag (mtu 1500), length 556, the quoted packet is "
            "cut off");
}

// A captured frame of which `bytes` were kept, and `cut` bytes were not.
std::optional<Packet> parse_cut(const FrameBytes& bytes, std::uint32_t cut) {
  Frame one;
  one.length = static_cast<std::uint32_t>(bytes.size()) + cut;
  one.bytes = bytes;
  const auto glanced = glance_at_packet(one);
  const auto parsed = parse_packet(one);
  EXPECT_EQ(glanced && glanced->tcp, parsed && parsed->tcp);
  return parsed;
}

TEST(ParsePacket, TakesTheLengthFromTheFrameWhereIpv4HasNone) {
  FrameBytes without = frame(20);
  put_number(without, at_ip_length, 2, 0);
  auto packet = parse_cut(without, 7306 - static_cast<std::uint32_t>(without.size()));
  ASSERT_TRUE(packet && packet->tcp);
  EXPECT_EQ(packet->length, 7292U);
  EXPECT_EQ(packet->tcp->payload_bytes, 7240U);
  EXPECT_FALSE(packet->bad_header_checksum) << "it is not filled in yet";
  packet = parse_cut(without, 200'000);  // BIG TCP
  EXPECT_EQ(packet->length, 200'000 + without.size() - 14);
  EXPECT_EQ(parse_packet(without)->length, without.size() - 14) << "a whole frame";
  without.insert(without.begin() + 12, {0x81, 0x00, 0x00, 0x2a});
  EXPECT_EQ(parse_cut(without, 1000)->length, 1000 + without.size() - 18);
}

// A hop-by-hop header (RFC 8200) with a Jumbo Payload option (RFC 2675), as Linux makes it for BIG TCP.
FrameBytes with_jumbo_payload(const FrameBytes& ipv6_frame, std::uint32_t payload) {
  FrameBytes jumbo = ipv6_frame;
  const FrameBytes header = {jumbo[20], 0, 0xc2, 4, 0, 0, 0, 0};
  jumbo.insert(jumbo.begin() + 54, header.begin(), header.end());
  jumbo[20] = 0;
  put_number(jumbo, 18, 2, 0);
  put_number(jumbo, 58, 4, payload);
  return jumbo;
}

TEST(ParsePacket, TakesTheLengthFromTheFrameOrTheJumboOptionWhereIpv6HasNone) {
  FrameBytes without = as_ipv6(frame(20));
  put_number(without, 18, 2, 0);
  const auto packet = parse_cut(without, 150'000);
  ASSERT_TRUE(packet && packet->tcp);
  EXPECT_EQ(packet->length, 150'000 + without.size() - 14);
  EXPECT_EQ(packet->tcp->payload_bytes, packet->length - 72);
  const auto jumbo = parse_cut(with_jumbo_payload(as_ipv6(frame(20)), 100'008), 100);
  ASSERT_TRUE(jumbo && jumbo->tcp);
  EXPECT_EQ(jumbo->length, 100'048U);
  EXPECT_EQ(jumbo->tcp->payload_bytes, 100'048U - 48 - 32);
  EXPECT_EQ(parse_cut(with_jumbo_payload(as_ipv6(frame(20)), 0xffffffff), 100)->length, 0xffffffffU);
}

TEST(ParsePacket, AQuotedPacketMayHaveNoLength) {
  FrameBytes error = frame(22);
  put_number(error, at_quote + 2, 2, 0);
  ASSERT_TRUE(parse_packet(error)->too_big);
  EXPECT_EQ(parse_packet(error)->too_big->quoted_length, 0U);
  FrameBytes quoted = as_ipv6(frame(20));
  put_number(quoted, 18, 2, 0);
  EXPECT_EQ(parse_packet(too_big_about(quoted, 1500))->too_big->quoted_length, 0U);
}

TEST(ParsePacket, FindsNothingInOtherFrames) {
  FrameBytes arp = frame(20);
  put_number(arp, 12, 2, 0x0806);
  EXPECT_FALSE(parse_packet(arp));
  FrameBytes wrong_version = frame(20);
  wrong_version[at_ip] = 0x55;
  EXPECT_FALSE(parse_packet(wrong_version));
  FrameBytes short_header = frame(20);
  short_header[at_ip] = 0x44;
  EXPECT_FALSE(parse_packet(short_header));
}

TEST(ParsePacket, RefusesTcpHeadersThatCannotBe) {
  FrameBytes changed = frame(20);
  changed[at_transport + 12] = 0x40;  // 16 bytes
  EXPECT_FALSE(parse_packet(changed)->tcp);
  changed = frame(20);
  put_number(changed, at_ip + 2, 2, 40);  // shorter than its headers
  EXPECT_FALSE(parse_packet(changed)->tcp);
}

// Every cut, and every single byte damaged: nothing is read beyond the end (a sanitizer sees that), and what was cut
// off is not reported.
TEST(ParsePacket, SurvivesCutAndDamagedFrames) {
  for (const FrameBytes& whole :
       {frame(1), frame(20), frame(22), as_ipv6(frame(20)), too_big_about(as_ipv6(frame(20)), 1280),
        with_extensions(as_ipv6(frame(20)), at_ip, every_extension),
        too_big_about(with_extensions(as_ipv6(frame(20)), at_ip, every_extension), 1280)}) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      const FrameBytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const auto packet = parse_packet(cut);
      EXPECT_FALSE(size < at_ip + 20 && packet) << size;
      EXPECT_FALSE(packet && packet->tcp && size < at_transport + 14) << size;
      EXPECT_FALSE(packet && packet->too_big && size < at_transport + 8) << size;
      EXPECT_FALSE(packet && packet->too_big && packet->too_big->quote == Quote::sequence && size < at_quoted_ports + 8)
          << size;
    }
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (const std::uint8_t value : FrameBytes{0x00, 0x0f, 0xf0, 0xff}) {
        FrameBytes damaged = whole;
        damaged[at] = value;
        const auto packet = parse_packet(damaged);
        EXPECT_FALSE(packet && describe_packet(*packet, 1).empty());
      }
  }
}

TEST(DescribePacket, LooksLikeTcpdump) {
  EXPECT_EQ(describe_packet(*parse_packet(frame(20)), 123'835'707),
            "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [P.], seq 1:7241, length 7240");
  EXPECT_EQ(describe_packet(*parse_packet(frame(22)), 0),
            "IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag (mtu 1500), length 556");
  EXPECT_EQ(describe_packet(*parse_packet(frame(1)), 0), "IP 198.18.1.2.50974 > 198.18.2.2.5201: Flags [S], length 0");
  EXPECT_EQ(describe_packet(*parse_packet(as_ipv6(frame(20))), 123'835'707),
            "IP6 2001:2:0:2::2.5201 > 2001:2:0:1::2.50978: Flags [P.], seq 1:7241, length 7240");
  const FrameBytes too_big = too_big_about(as_ipv6(frame(20)), 1280);
  EXPECT_EQ(describe_packet(*parse_packet(too_big), 0),
            "IP6 2001:2:0:2::1 > 2001:2:0:2::2: ICMP6, packet too big, mtu 1280, length 142");
}

TEST(DescribePacket, NamesEveryFlag) {
  FrameBytes changed = frame(20);
  changed[at_transport + 13] = 0x3f;
  EXPECT_EQ(describe_packet(*parse_packet(changed), 123'835'707),
            "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [SFRPU.], seq 1:7241, length 7240");
  changed[at_transport + 13] = 0;
  EXPECT_EQ(describe_packet(*parse_packet(changed), 123'835'707),
            "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [none], seq 1:7241, length 7240");
}

TEST(DescribePacket, DescribesWhatIsNotTcp) {
  FrameBytes changed = frame(20);
  changed[at_protocol] = 17;
  EXPECT_EQ(describe_packet(*parse_packet(changed), 0), "IP 198.18.2.2 > 198.18.1.2: length 7292");
}

}  // namespace
}  // namespace offlab
