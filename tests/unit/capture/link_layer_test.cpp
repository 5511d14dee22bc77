// Recorded packets on the links that are read. tshark 4.0 finds the same packets on those that it knows: not on switch
// tags, MPLS, pppd, Cisco HDLC with direction.
#include "capture/link_layer.h"

#include <gtest/gtest.h>

#include "capture/encapsulation.h"
#include "capture/link_types.h"
#include "capture/packet.h"
#include "unit/capture/link_frames.h"
#include "unit/measure/frames.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

FrameBytes recorded(std::size_t number) {
  return recorded_leg("hypervisor-lro").ingress.at(number - 1).bytes;
}

// A frame as a file has it, with room before it as a CaptureStream has.
class ReadFrame {
 public:
  ReadFrame(std::uint32_t link_type, const FrameBytes& bytes) : buffer_(FrameBytes(14, 0xee) + bytes) {
    const std::span<std::uint8_t> kept = std::span(buffer_).subspan(14);
    set_link_bytes(link_layer_of(link_type).value(), kept, static_cast<std::uint32_t>(kept.size()), frame);
  }

  Frame frame;

 private:
  FrameBytes buffer_;
};

TEST(LinkLayer, ThePacketIsFoundOnEveryLink) {
  for (const FrameBytes& plain : {recorded(20), as_ipv6(recorded(20))}) {
    const Packet expected = parse_packet(plain).value();
    for (const OnLink& one : on_every_link(plain)) {
      SCOPED_TRACE(std::to_string(one.link_type) + " " + one.what);
      ASSERT_TRUE(is_read(one.link_type));
      const ReadFrame read(one.link_type, one.bytes);
      const auto packet = parse_packet(read.frame);
      ASSERT_TRUE(packet && packet->tcp);
      EXPECT_EQ(packet->flow, expected.flow);
      EXPECT_EQ(packet->tcp->payload_bytes, expected.tcp->payload_bytes);
      EXPECT_EQ(read.frame.link_index, one.link_index);
      EXPECT_EQ(read.frame.has_direction, one.sent.has_value());
      EXPECT_EQ(read.frame.to_guest, one.sent.value_or(false));
      EXPECT_EQ(describe_encapsulation(read.frame), one.encapsulation);
      EXPECT_EQ(unread_protocol(read.frame), std::nullopt);
    }
  }
}

TEST(LinkLayer, APacketWithoutLengthHasThatOfItsFrame) {
  FrameBytes plain = recorded(20);
  const Packet expected = parse_packet(plain).value();
  put_number(plain, at_ip_length, 2, 0);
  for (const OnLink& one : on_every_link(plain)) {
    SCOPED_TRACE(std::to_string(one.link_type) + " " + one.what);
    const ReadFrame read(one.link_type, one.bytes);
    ASSERT_TRUE(parse_packet(read.frame));
    EXPECT_EQ(parse_packet(read.frame)->length, plain.size() - at_ip);
    EXPECT_EQ(parse_packet(read.frame)->flow, expected.flow);
  }
}

TEST(LinkLayer, SwitchTagsLeaveTheMacAddresses) {
  const FrameBytes plain = recorded(20);
  for (const OnLink& one : on_every_link(plain)) {
    if (one.link_type < 281) continue;
    const ReadFrame read(one.link_type, one.bytes);
    ASSERT_GT(read.frame.bytes.size(), 12U);
    EXPECT_TRUE(std::equal(plain.begin(), plain.begin() + 12, read.frame.bytes.begin())) << one.link_type;
  }
}

TEST(LinkLayer, CutAndDamagedFramesAreSurvived) {
  for (const OnLink& one : on_every_link(recorded(20))) {
    for (std::size_t size = 0; size <= one.bytes.size(); ++size) {
      const ReadFrame read(one.link_type,
                           FrameBytes(one.bytes.begin(), one.bytes.begin() + static_cast<std::ptrdiff_t>(size)));
      EXPECT_LE(read.frame.bytes.size(), read.frame.length);
      EXPECT_FALSE(size < 34 && parse_packet(read.frame).value_or(Packet{}).tcp);
    }
    for (std::size_t at = 0; at < std::min<std::size_t>(one.bytes.size(), 100); ++at)
      for (const std::uint8_t value : FrameBytes{0x00, 0x0f, 0xf0, 0xff}) {
        FrameBytes damaged = one.bytes;
        damaged[at] = value;
        const ReadFrame read(one.link_type, damaged);
        EXPECT_LE(read.frame.bytes.size(), read.frame.length);
        const auto packet = parse_packet(read.frame);
        EXPECT_FALSE(packet && describe_packet(*packet, 0).empty());
      }
  }
}

TEST(LinkTypes, WhatIsReadIsNamed) {
  for (std::uint32_t link_type = 0; link_type < 300; ++link_type)
    if (is_read(link_type)) {
      EXPECT_EQ(name_of_link(link_type).find("of type"), std::string::npos) << link_type;
    }
  EXPECT_EQ(name_of_link(1), "Ethernet");
  EXPECT_EQ(name_of_link(105), "IEEE 802.11");
  EXPECT_EQ(name_of_link(149), "a link of private use (USER2)");
  EXPECT_EQ(name_of_link(300), "a link of type 300");
  EXPECT_FALSE(is_read(105));
}

}  // namespace
}  // namespace offlab
