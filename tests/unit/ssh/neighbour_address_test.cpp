// Frames that tell the link-local address of a NIC.
#include "ssh/neighbour_address.h"

#include <vector>

#include <gtest/gtest.h>

namespace offlab {
namespace {

// An IPv6 frame from 52:54:00:4d:00:01, without what it carries.
std::vector<unsigned char> frame_from(const std::vector<unsigned char>& address) {
  std::vector<unsigned char> frame = {0x33, 0x33, 0,    0,    0, 1, 0x52, 0x54, 0, 0x4d, 0,
                                      1,    0x86, 0xdd, 0x60, 0, 0, 0,    0,    0, 58,   255};
  frame.insert(frame.end(), address.begin(), address.end());
  frame.resize(54);
  return frame;
}

const std::string mac = "52:54:00:4d:00:01";
const std::vector<unsigned char> link_local = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0xa1, 0xb2, 0xc3, 0xd4, 0, 0, 0, 9};

TEST(LinkLocalSource, IsThatOfTheFrame) {
  EXPECT_EQ(link_local_source(frame_from(link_local), mac), "fe80::a1b2:c3d4:0:9");
}

TEST(LinkLocalSource, AFrameOfAnotherNicTellsNothing) {
  EXPECT_EQ(link_local_source(frame_from(link_local), "52:54:00:4d:00:02"), std::nullopt);
}

TEST(LinkLocalSource, AnAddressThatIsStillAskedForIsNone) {
  EXPECT_EQ(link_local_source(frame_from(std::vector<unsigned char>(16)), mac), std::nullopt);
}

TEST(LinkLocalSource, AGlobalAddressIsNone) {
  std::vector<unsigned char> global = link_local;
  global[0] = 0x20;
  EXPECT_EQ(link_local_source(frame_from(global), mac), std::nullopt);
}

TEST(LinkLocalSource, AFrameThatIsCutShortTellsNothing) {
  std::vector<unsigned char> frame = frame_from(link_local);
  frame.resize(53);
  EXPECT_EQ(link_local_source(frame, mac), std::nullopt);
}

}  // namespace
}  // namespace offlab
