// The URI of --connect.
#include "config/parse_libvirt_uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::HasSubstr;

PoolHost host_of(std::string_view text) {
  return parse_libvirt_uri(text).host.value();
}

std::string refused(std::string_view text) {
  return refusal([&] { parse_libvirt_uri(text); });
}

TEST(ParseLibvirtUri, ThisHost) {
  EXPECT_FALSE(parse_libvirt_uri("qemu:///system").host);
}

TEST(ParseLibvirtUri, AHostOverSsh) {
  const PoolHost host = host_of("qemu+ssh://root@lab-1:2222/system");
  EXPECT_EQ(host.name, "lab-1");
  EXPECT_EQ(host.address, "lab-1");
  EXPECT_EQ(host.user, "root");
  EXPECT_EQ(host.port, 2222U);
  EXPECT_TRUE(host.hosted);
}

TEST(ParseLibvirtUri, UserAndPortAreSshs) {
  const PoolHost host = host_of("qemu+ssh://lab-1.example.net/system");
  EXPECT_EQ(host.address, "lab-1.example.net");
  EXPECT_EQ(host.user, "");
  EXPECT_FALSE(host.port);
}

TEST(ParseLibvirtUri, AnIpv6AddressIsInBrackets) {
  EXPECT_EQ(host_of("qemu+ssh://[2001:db8::1]/system").address, "2001:db8::1");
  const PoolHost host = host_of("qemu+ssh://root@[2001:db8::1]:22/system");
  EXPECT_EQ(host.address, "2001:db8::1");
  EXPECT_EQ(host.port, 22U);
}

TEST(ParseLibvirtUri, SaysWhatItDoesNotTake) {
  EXPECT_THAT(refused(""), HasSubstr("does not take this URI"));
  EXPECT_THAT(refused("qemu+tcp://lab-1/system"), HasSubstr("does not take this URI"));
  EXPECT_THAT(refused("qemu+ssh:///system"), HasSubstr("there is no host"));
  EXPECT_THAT(refused("qemu+ssh://system"), HasSubstr("does not take this URI"));
  EXPECT_THAT(refused("qemu+ssh://@lab-1/system"), HasSubstr("no user before the @"));
  EXPECT_THAT(refused("qemu+ssh://lab-1:0/system"), HasSubstr("'0' is no port"));
  EXPECT_THAT(refused("qemu+ssh://lab-1:70000/system"), HasSubstr("'70000' is no port"));
  EXPECT_THAT(refused("qemu+ssh://lab-1:/system"), HasSubstr("'' is no port"));
  EXPECT_THAT(refused("qemu+ssh://[2001:db8::1/system"), HasSubstr("no ]"));
  EXPECT_THAT(refused("qemu+ssh://[2001:db8::1]x/system"), HasSubstr("something else than a port"));
  EXPECT_THAT(refused("qemu+ssh://lab-1/system?keyfile=/k"), HasSubstr("behind the ?"));
  EXPECT_THAT(refused("qemu:///session"), HasSubstr("no taps"));
}

TEST(ParseLibvirtUri, NothingThatSshTakesForAnOption) {
  EXPECT_THAT(refused("qemu+ssh://-oProxyCommand=x/system"), HasSubstr("nothing that ssh takes"));
  EXPECT_THAT(refused("qemu+ssh://-l@lab-1/system"), HasSubstr("nothing that ssh takes"));
  EXPECT_THAT(refused("qemu+ssh://lab-1/x/system"), HasSubstr("nothing that ssh takes"));
}

}  // namespace
}  // namespace offlab
