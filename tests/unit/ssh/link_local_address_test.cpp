// The management address of a guest, from its MAC.
#include <gtest/gtest.h>

#include "base/error.h"
#include "ssh/ssh_node_shell.h"

namespace offlab {
namespace {

TEST(LinkLocalAddress, IsMadeAsEui64) {
  EXPECT_EQ(link_local_address("34:56:78:9a:bc:de"), "fe80::3656:78ff:fe9a:bcde");  // RFC 4291, appendix A
  EXPECT_EQ(link_local_address("52:54:00:4d:00:01"), "fe80::5054:ff:fe4d:1");
  EXPECT_EQ(link_local_address("FF:FF:FF:FF:FF:FF"), "fe80::fdff:ffff:feff:ffff");
}

TEST(LinkLocalAddress, RefusesWhatIsNoMac) {
  for (const char* mac : {"", "router", "52:54:00:4d:00", "52-54-00-4d-00-01", "5254.004d.0001", "zz:54:00:4d:00:01"})
    EXPECT_THROW(link_local_address(mac), Error) << mac;
}

TEST(LinkLocalAddress, RefusesAMacWithMoreBehindIt) {
  for (const char* mac : {"52:54:00:4d:00:01:02", "52:54:00:4d:00:01 ", "52:54:00:4d:00:012"})
    EXPECT_THROW(link_local_address(mac), Error) << mac;
}

}  // namespace
}  // namespace offlab
