#include "guest/wire.h"

#include <vector>

#include <gtest/gtest.h>

namespace offlab::guest {
namespace {

constexpr std::uint32_t server = 0xC61202FA;  // 198.18.2.250
constexpr std::uint32_t client = 0xC6120102;  // 198.18.1.2

// A SYN as Linux sends it, caught by tcpdump: MSS 1460, SACK, timestamps, window scale 7.
const std::vector<std::uint8_t> syn = {
    0x52, 0x54, 0x01, 0x00, 0x03, 0x00, 0x52, 0x54, 0x01, 0x00, 0x01, 0x01, 0x08, 0x00, 0x45, 0x00, 0x00, 0x3c, 0x1c,
    0x46, 0x40, 0x00, 0x3f, 0x06, 0x00, 0x00, 0xc6, 0x12, 0x01, 0x02, 0xc6, 0x12, 0x02, 0xfa, 0xc0, 0x01, 0x14, 0x53,
    0x01, 0x02, 0x03, 0x04, 0x00, 0x00, 0x00, 0x00, 0xa0, 0x02, 0xfa, 0xf0, 0x00, 0x00, 0x00, 0x00, 0x02, 0x04, 0x05,
    0xb4, 0x04, 0x02, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07};

// An error as a Linux router sends it, with the headers of the packet that it refused.
std::vector<std::uint8_t> need_frag() {
  std::vector<std::uint8_t> frame(ethernet_size + 28);
  frame[12] = 0x08;
  std::uint8_t* ip = frame.data() + ethernet_size;
  ip[0] = 0x45;
  ip[3] = 28 + 40;
  ip[9] = 1;
  ip[20] = 3;
  ip[21] = 4;
  ip[26] = 1500 >> 8U;
  ip[27] = 1500 & 0xffU;
  std::array<std::uint8_t, headers_size + 4> refused;
  write_headers({.ends = {server, client, 5203, 49153}, .sequence = 99, .flags = flag_ack, .payload = 7300},
                refused.data());
  frame.insert(frame.end(), refused.begin() + ethernet_size, refused.begin() + headers_size);
  return frame;
}

TEST(Wire, ASynTellsItsEndsAndItsMss) {
  const auto segment = parse_segment(syn.data(), syn.size());
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->ends, (Ends{server, client, 5203, 49153}));
  EXPECT_EQ(segment->from, (Mac{0x52, 0x54, 0x01, 0x00, 0x01, 0x01}));
  EXPECT_EQ(segment->sequence, 0x01020304U);
  EXPECT_EQ(segment->flags, flag_syn);
  EXPECT_EQ(segment->window, 64240);
  EXPECT_EQ(segment->mss, 1460);
  EXPECT_EQ(segment->payload, 0U);
}

TEST(Wire, AFrameThatIsCutOffIsNoSegment) {
  for (std::size_t size = 0; size < syn.size(); ++size) EXPECT_FALSE(parse_segment(syn.data(), size)) << size;
}

// Any byte may be any other: what is parsed lies inside of the frame.
TEST(Wire, DamagedFramesAreReadWithinTheirBounds) {
  const std::vector<std::uint8_t> error = need_frag();
  for (const std::vector<std::uint8_t>& whole : {syn, error})
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (unsigned value = 0; value < 256; ++value) {
        std::vector<std::uint8_t> frame = whole;
        frame[at] = static_cast<std::uint8_t>(value);
        if (const auto segment = parse_segment(frame.data(), frame.size())) {
          EXPECT_LT(segment->payload, 65536U) << at << " " << value;
        }
        parse_need_frag(frame.data(), frame.size());
        parse_arp_request(frame.data(), frame.size(), server);
      }
}

TEST(Wire, WhatIsSentReadsBack) {
  std::array<std::uint8_t, headers_size + 4> frame;
  const Outgoing outgoing = {.ends = {server, client, 5203, 49153},
                             .from = {1, 2, 3, 4, 5, 6},
                             .sequence = 7,
                             .acknowledged = 8,
                             .flags = flag_ack,
                             .window = 65535,
                             .payload = 7300};
  ASSERT_EQ(write_headers(outgoing, frame.data()), headers_size);
  const auto segment = parse_segment(frame.data(), headers_size);
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->ends, (Ends{client, server, 49153, 5203}));  // as the other end sees it
  EXPECT_EQ(segment->sequence, 7U);
  EXPECT_EQ(segment->acknowledged, 8U);
  EXPECT_EQ(segment->payload, 7300U);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < ip_size; i += 2)
    sum += static_cast<std::uint32_t>(frame[ethernet_size + i] << 8U | frame[ethernet_size + i + 1]);
  EXPECT_EQ((sum & 0xffffU) + (sum >> 16U), 0xffffU);
}

TEST(Wire, AnErrorTellsWhatItQuotesAndTheMtu) {
  const std::vector<std::uint8_t> frame = need_frag();
  const auto error = parse_need_frag(frame.data(), frame.size());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->ends, (Ends{server, client, 5203, 49153}));
  EXPECT_EQ(error->sequence, 99U);
  EXPECT_EQ(error->mtu, 1500);
}

TEST(Wire, AnErrorThatQuotesNoSequenceNumberIsNone) {
  const std::vector<std::uint8_t> frame = need_frag();
  EXPECT_FALSE(parse_need_frag(frame.data(), ethernet_size + 28 + ip_size + 7));
  EXPECT_TRUE(parse_need_frag(frame.data(), ethernet_size + 28 + ip_size + 8));
}

TEST(Wire, AnotherUnreachableIsNoNeedToFragment) {
  std::vector<std::uint8_t> frame = need_frag();
  frame[ethernet_size + 21] = 3;
  EXPECT_FALSE(parse_need_frag(frame.data(), frame.size()));
}

TEST(Wire, AnArpRequestForTheAddressIsAnswered) {
  const Mac router = {0x52, 0x54, 0x01, 0, 1, 1};
  std::array<std::uint8_t, arp_size> request = arp_reply(router, client, {{}, server});
  request[ethernet_size + 7] = 1;
  const auto asker = parse_arp_request(request.data(), request.size(), server);
  ASSERT_TRUE(asker);
  EXPECT_EQ(asker->mac, router);
  EXPECT_EQ(asker->address, client);
  EXPECT_FALSE(parse_arp_request(request.data(), request.size(), server + 1));
  EXPECT_FALSE(parse_arp_request(request.data(), request.size() - 1, server));
  const auto reply = arp_reply({9, 9, 9, 9, 9, 9}, server, *asker);
  EXPECT_FALSE(parse_arp_request(reply.data(), reply.size(), client)) << "a reply is no request";
}

}  // namespace
}  // namespace offlab::guest
