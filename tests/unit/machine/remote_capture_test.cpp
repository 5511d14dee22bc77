// Captures by tcpdump on other machines.
#include "machine/remote_capture.h"

#include <array>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "machine/byte_queue.h"

namespace offlab {
namespace {

using testing::HasSubstr;

TEST(RemoteCapture, OnlyTheFlowFragmentsAndIcmpAreAskedFor) {
  EXPECT_EQ(capture_filter({5201}, false), "icmp or icmp6 or (ip[6:2] & 0x1fff != 0) or port 5201");
  EXPECT_EQ(capture_filter({5201}, true),
            "icmp or icmp6 or (ip[6:2] & 0x1fff != 0) or port 5201 or (vlan and (icmp or icmp6 or (ip[6:2] & 0x1fff != "
            "0) or port 5201))");
}

TEST(RemoteCapture, TcpdumpEndsWithItsInputAndByItself) {
  const std::string script =
      capture_script(family_of(SystemKind::gnu_linux), "ens4", 192, "icmp", std::chrono::seconds(90));
  EXPECT_THAT(script, HasSubstr("timeout -s INT 90 tcpdump $z -i 'ens4' "));
  EXPECT_THAT(script, HasSubstr("kill -INT"));
  EXPECT_THAT(script, HasSubstr("exit 127"));
  EXPECT_THAT(script, HasSubstr("-B 16384 --time-stamp-precision=nano -w - 'icmp'"));
}

TEST(RemoteCapture, TcpdumpOfFreebsdIsNotAskedForNanoseconds) {
  const std::string script =
      capture_script(family_of(SystemKind::freebsd), "vmx0", 192, "icmp", std::chrono::seconds(90));
  EXPECT_THAT(script, HasSubstr("-B 16384 -w - 'icmp'"));
}

// tcpdump 4.99.
TEST(RemoteCapture, WhatTheKernelDroppedIsRead) {
  const std::string end =
      "tcpdump: listening on ens4, link-type EN10MB (Ethernet), snapshot length 192 bytes\n1071 packets captured\n"
      "1083 packets received by filter\n12 packets dropped by kernel\n";
  EXPECT_EQ(dropped_by_kernel(end), 12U);
  EXPECT_EQ(dropped_by_kernel("tcpdump: ens9: No such device exists\n"), std::nullopt);
  EXPECT_EQ(dropped_by_kernel(" packets dropped by kernel"), std::nullopt);
}

TEST(ByteQueue, GivesWhatWasPutAndThenTheEnd) {
  ByteQueue queue;
  EXPECT_TRUE(queue.put("abc"));
  EXPECT_TRUE(queue.put(""));
  EXPECT_TRUE(queue.put("de"));
  queue.end();
  std::array<std::uint8_t, 4> room{};
  EXPECT_EQ(queue.take(room), 4U);
  EXPECT_EQ(room[3], 'd');
  EXPECT_EQ(queue.take(room), 1U);
  EXPECT_EQ(room[0], 'e');
  EXPECT_EQ(queue.take(room), 0U);
}

TEST(ByteQueue, AReaderThatLeftMakesNobodyWait) {
  ByteQueue queue;
  const std::string much(std::size_t{9} * 1024 * 1024, 'x');
  EXPECT_TRUE(queue.put(much));
  std::jthread writer([&] { EXPECT_FALSE(queue.put("more")); });
  queue.leave();
}

}  // namespace
}  // namespace offlab
