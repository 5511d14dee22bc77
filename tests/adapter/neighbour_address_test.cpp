// A NIC's link-local address, found by its MAC address on a veth pair: whatever rule the address is made by.
#include "ssh/neighbour_address.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "adapter/private_namespaces.h"
#include "adapter/ssh_servers.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;

class NeighbourAddress : public testing::Test {
 protected:
  void SetUp() override {
    if (!enter_private_namespaces()) GTEST_SKIP() << "only root makes namespaces";
    run("ip link add near type veth peer name far address 52:54:00:aa:bb:cc");
    for (const std::string nic : {"near", "far"})
      for (const char* file : {"accept_dad", "disable_ipv6"})
        run("echo 0 > /proc/sys/net/ipv6/conf/" + nic + "/" + file);
  }
  static void run(const std::string& command) { ASSERT_EQ(std::system(command.c_str()), 0) << command; }
};

TEST_F(NeighbourAddress, OneMadeFromTheMacAddressIsFound) {
  run("ip link set near up; ip link set far up");
  EXPECT_EQ(neighbour_address("near", "52:54:00:aa:bb:cc", soon(), {}), "fe80::5054:ff:feaa:bbcc");
}

TEST_F(NeighbourAddress, OneThatHasNothingOfTheMacAddressIsFound) {
  run("echo 1 > /proc/sys/net/ipv6/conf/far/addr_gen_mode; ip link set near up; ip link set far up");
  run("ip address add fe80::1:2:3:4/64 dev far nodad");
  EXPECT_EQ(neighbour_address("near", "52:54:00:aa:bb:cc", soon(), {}), "fe80::1:2:3:4");
}

TEST_F(NeighbourAddress, OneThatIsNotThereIsAnErrorAtTheDeadline) {
  run("ip link set near up; ip link set far up");
  EXPECT_EQ(message_of([] { neighbour_address("near", "52:54:00:00:00:01", Deadline("the guest", seconds(1)), {}); }),
            "no IPv6 link-local address of 52:54:00:00:00:01 is seen on 'near': the guest: none came in time");
}

}  // namespace
}  // namespace offlab::test
