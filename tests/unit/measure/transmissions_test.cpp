// Which wire packets carried a byte last.
#include "measure/transmissions.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

Packet packet(std::uint32_t sequence, std::uint32_t payload) {
  Packet made;
  made.length = payload + 52;
  made.ip_header_bytes = 20;
  made.tcp.emplace();
  made.tcp->sequence = sequence;
  made.tcp->header_bytes = 32;
  made.tcp->payload_bytes = payload;
  return made;
}

Frame frame(GsoType gso, std::uint16_t size) {
  Frame made;
  made.gso = gso;
  made.gso_size = size;
  made.time_ns = 77;
  return made;
}

Transmission sent(std::uint32_t sequence, std::uint32_t payload, std::uint64_t number = 0) {
  return make_transmission(packet(sequence, payload), frame(GsoType::none, 0), number);
}

TEST(MakeTransmission, AFrameWithASegmentSizeStandsForSeveralPackets) {
  const Transmission made = make_transmission(packet(1, 7240), frame(GsoType::tcp4, 1448), 20);
  EXPECT_EQ(made.wire_packets(), 5U);
  EXPECT_EQ(made.wire_length(), 1500U);
  EXPECT_EQ(made.segment_size, 1448U);
  EXPECT_EQ(made.number, 20U);
  EXPECT_EQ(made.time_ns, 77);
}

TEST(MakeTransmission, TheLastPacketMayBeShorter) {
  EXPECT_EQ(make_transmission(packet(1, 1449), frame(GsoType::tcp4, 1448), 1).wire_packets(), 2U);
  EXPECT_EQ(make_transmission(packet(1, 2896), frame(GsoType::tcp6, 1448), 1).wire_packets(), 2U);
}

TEST(MakeTransmission, AFrameWithoutASegmentSizeIsWhatItIs) {
  for (const auto& [gso, size] :
       std::vector<std::pair<GsoType, std::uint16_t>>{{GsoType::none, 0}, {GsoType::tcp4, 0}}) {
    const Transmission made = make_transmission(packet(1, 7240), frame(gso, size), 1);
    EXPECT_EQ(made.wire_packets(), 1U);
    EXPECT_EQ(made.wire_length(), 7292U);
  }
}

TEST(MakeTransmission, OneSegmentIsOnePacket) {
  const Transmission made = make_transmission(packet(1, 1000), frame(GsoType::tcp4, 1448), 1);
  EXPECT_EQ(made.wire_packets(), 1U);
  EXPECT_EQ(made.wire_length(), 1052U);
  EXPECT_EQ(make_transmission(packet(1, 1448), frame(GsoType::tcp4, 1448), 1).wire_packets(), 1U);
  EXPECT_EQ(make_transmission(packet(1, 1448), frame(GsoType::tcp4, 1448), 1).segment_size, 0U);
}

TEST(Transmissions, FindWhatCoveredTheFirstByte) {
  Transmissions all;
  all.add(sent(1000, 500, 1));
  all.add(sent(1500, 500, 2));
  EXPECT_EQ(all.latest_covering(1000, 1).first->number, 1U);
  EXPECT_EQ(all.latest_covering(1499, 1).first->number, 1U);
  EXPECT_EQ(all.latest_covering(1500, 1).first->number, 2U);
  EXPECT_EQ(all.latest_covering(999, 1).first, nullptr);
  EXPECT_EQ(all.latest_covering(2000, 1).first, nullptr);
}

TEST(Transmissions, TakeTheLatestOfSeveral) {
  Transmissions all;
  all.add(sent(1000, 4000, 1));
  all.add(sent(1000, 1000, 2));
  const auto found = all.latest_covering(1000, 1000);
  EXPECT_EQ(found.first->number, 2U);
  EXPECT_EQ(found.longest_wire_packet, 1052U);
}

TEST(Transmissions, LookAtEveryPieceOfTheRange) {
  Transmissions all;
  all.add(sent(1000, 4000, 1));
  all.add(sent(1000, 1000, 2));
  const auto found = all.latest_covering(1000, 1001);  // the last byte went out in the large packet only
  EXPECT_EQ(found.first->number, 2U);
  EXPECT_EQ(found.longest_wire_packet, 4052U);
  all.add(sent(1000, 3000, 3));
  all.add(sent(4000, 1000, 4));
  EXPECT_EQ(all.latest_covering(1000, 4000).longest_wire_packet, 3052U);
}

// What an error may be about that was under way when the sender began to send smaller packets.
TEST(Transmissions, RememberWhatWasSentBeforeTheLatest) {
  Transmissions all;
  Transmission large = sent(1000, 4000, 1);
  large.time_ns = 100;
  Transmission small = sent(1000, 1000, 2);
  small.time_ns = 200;
  all.add(large);
  all.add(small);
  EXPECT_EQ(all.longest_since(1000, 100, 0), 4052U);
  EXPECT_EQ(all.longest_since(1000, 100, 150), 1052U);
  EXPECT_EQ(all.longest_since(1000, 100, 250), 0U);
  EXPECT_EQ(all.longest_since(6000, 100, 0), 0U);
}

TEST(Transmissions, LookNoFurtherThanAHole) {
  Transmissions all;
  all.add(sent(1000, 500, 1));
  all.add(sent(2000, 4000, 2));
  EXPECT_EQ(all.latest_covering(1000, 5000).longest_wire_packet, 552U);
  EXPECT_EQ(all.latest_covering(1600, 5000).first, nullptr);
}

// A segment that leaves with the headers it came in with.
TcpSegment leaving(std::uint32_t acknowledgement, std::uint32_t options = 0) {
  TcpSegment segment;
  segment.acknowledgement = acknowledgement;
  segment.options_digest = options;
  return segment;
}

TEST(Transmissions, FindWhereASegmentCameFrom) {
  Transmissions all;
  all.add(sent(1000, 500, 1));
  all.add(sent(1500, 500, 2));
  EXPECT_EQ(all.origin_of(1500, leaving(0)).from->number, 2U);
  EXPECT_EQ(all.origin_of(1000, leaving(0)).from->number, 1U);
  EXPECT_EQ(all.origin_of(2000, leaving(0)).from, nullptr);
  EXPECT_FALSE(all.origin_of(2000, leaving(0)).covered);
}

TEST(Transmissions, GiveEachByteOnce) {
  Transmissions all;
  all.add(sent(1000, 500, 1));
  all.origin_of(1000, leaving(0)).from->came_out += 500;
  EXPECT_EQ(all.origin_of(1000, leaving(0)).from, nullptr);
  EXPECT_TRUE(all.origin_of(1000, leaving(0)).covered);
  all.add(sent(1000, 500, 2));
  EXPECT_EQ(all.origin_of(1000, leaving(0)).from->number, 2U);
}

TEST(Transmissions, PreferTheOneWithTheSameHeaders) {
  Transmissions all;
  Transmission first = sent(1000, 500, 1);
  first.options_digest = 11;
  Transmission again = sent(1000, 500, 2);
  again.options_digest = 22;
  all.add(first);
  all.add(again);
  EXPECT_EQ(all.origin_of(1000, leaving(0, 22)).from->number, 2U);
  EXPECT_EQ(all.origin_of(1000, leaving(0, 11)).from->number, 1U);
  EXPECT_NE(all.origin_of(1000, leaving(0, 33)).from, nullptr);
}

TEST(Transmissions, FindNothingForNoBytesOrInNone) {
  Transmissions all;
  EXPECT_EQ(all.latest_covering(1, 100).first, nullptr);
  all.add(sent(1, 100));
  EXPECT_EQ(all.latest_covering(1, 0).first, nullptr);
}

TEST(Transmissions, ForgetTheOldest) {
  Transmissions all;
  for (std::uint32_t i = 0; i < 8193; ++i) all.add(sent(i * 10, 10, i));
  EXPECT_EQ(all.latest_covering(0, 1).first, nullptr);
  EXPECT_EQ(all.latest_covering(10, 1).first->number, 1U);
  EXPECT_EQ(all.latest_covering(81920, 1).first->number, 8192U);
}

}  // namespace
}  // namespace offlab
