// Addresses and prefixes.
#include "model/address.h"

#include <string>

#include <gtest/gtest.h>

namespace offlab {
namespace {

IpPrefix prefix(const char* text) {
  return parse_prefix(text).value();
}

IpAddress address(const char* text) {
  return parse_address(text).value();
}

std::string host(const char* text, std::uint32_t index) {
  const auto found = host_address(prefix(text), index);
  return found ? to_string(*found) : "none";
}

TEST(ParseAddress, ReadsBothFamilies) {
  const IpAddress v4 = address("198.18.2.1");
  EXPECT_EQ(v4.family, Family::ipv4);
  EXPECT_EQ(v4.bytes, (std::array<std::uint8_t, 16>{198, 18, 2, 1}));
  const IpAddress v6 = address("2001:2::a");
  EXPECT_EQ(v6.family, Family::ipv6);
  EXPECT_EQ(v6.bytes, (std::array<std::uint8_t, 16>{0x20, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xa}));
  EXPECT_EQ(to_string(v4), "198.18.2.1");
  EXPECT_EQ(to_string(v6), "2001:2::a");
}

TEST(ParseAddress, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "198.18.2", "198.18.2.256", "198.18.2.1.1", " 198.18.2.1", "198.18.2.1/24", "2001:2:::1",
                           "fe80::1%lan", "router"})
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
  EXPECT_EQ(parse_address(std::string_view("198.18.2.1\0", 11)), std::nullopt);
}

TEST(ParsePrefix, ReadsBothFamilies) {
  EXPECT_EQ(prefix("198.18.2.0/24"), (IpPrefix{address("198.18.2.0"), 24}));
  EXPECT_EQ(to_string(prefix("2001:2:0:1::/64")), "2001:2:0:1::/64");
  EXPECT_EQ(prefix("0.0.0.0/0").length, 0);
  EXPECT_EQ(prefix("198.18.2.1/32").length, 32);
  EXPECT_EQ(prefix("2001:2::1/128").length, 128);
}

TEST(ParsePrefix, RefusesWhatIsNoPrefix) {
  for (const char* text : {"", "/24", "198.18.2.0", "198.18.2.0/", "198.18.2.0/33", "2001:2::/129", "198.18.2.0/-1",
                           "198.18.2.0/24x", "198.18.2.0/+24", "198.18.2.0/ 24", "198.18.2.0/24/24"})
    EXPECT_EQ(parse_prefix(text), std::nullopt) << text;
}

TEST(ParsePrefix, RefusesHostBits) {
  EXPECT_EQ(parse_prefix("198.18.2.1/24"), std::nullopt);
  EXPECT_EQ(parse_prefix("198.18.2.128/24"), std::nullopt);
  EXPECT_EQ(parse_prefix("198.18.3.0/23"), std::nullopt);
  EXPECT_EQ(parse_prefix("2001:2::1/64"), std::nullopt);
  EXPECT_EQ(parse_prefix("1.0.0.0/0"), std::nullopt);
  EXPECT_TRUE(parse_prefix("198.18.2.128/25"));
}

TEST(Contains, LooksAtThePrefixOnly) {
  EXPECT_TRUE(contains(prefix("198.18.2.0/23"), address("198.18.3.255")));
  EXPECT_FALSE(contains(prefix("198.18.2.0/23"), address("198.18.4.0")));
  EXPECT_FALSE(contains(prefix("198.18.2.0/23"), address("198.18.1.255")));
  EXPECT_TRUE(contains(prefix("2001:2::/48"), address("2001:2:0:ffff::1")));
  EXPECT_FALSE(contains(prefix("0.0.0.0/0"), address("::1")));
}

TEST(Overlap, IsThereWhenOneHoldsTheOther) {
  EXPECT_TRUE(overlap(prefix("198.18.0.0/15"), prefix("198.19.4.0/24")));
  EXPECT_TRUE(overlap(prefix("198.19.4.0/24"), prefix("198.18.0.0/15")));
  EXPECT_FALSE(overlap(prefix("198.18.0.0/24"), prefix("198.18.1.0/24")));
  EXPECT_FALSE(overlap(prefix("0.0.0.0/0"), prefix("::/0")));
}

TEST(HostAddress, CountsFromThePrefix) {
  EXPECT_EQ(host("198.18.2.0/24", 1), "198.18.2.1");
  EXPECT_EQ(host("198.18.2.0/24", 254), "198.18.2.254");
  EXPECT_EQ(host("2001:2:0:1::/64", 1), "2001:2:0:1::1");
}

TEST(HostAddress, CarriesIntoTheNextByte) {
  EXPECT_EQ(host("198.18.0.0/15", 256), "198.18.1.0");
  EXPECT_EQ(host("198.18.0.0/15", 0x1ffff - 1), "198.19.255.254");
  EXPECT_EQ(host("2001:2:0:1::/64", 0x10000), "2001:2:0:1::1:0");
  EXPECT_EQ(host("2001:2:0:1::/64", 0xffffffff), "2001:2:0:1::ffff:ffff");
}

TEST(HostAddress, LeavesOutIpv4sNetworkAndBroadcastAddress) {
  EXPECT_EQ(host("198.18.2.0/24", 0), "none");
  EXPECT_EQ(host("198.18.2.0/24", 255), "none");
  EXPECT_EQ(host("198.18.2.0/30", 3), "none");
  EXPECT_EQ(host("0.0.0.0/0", 0xffffffff), "none");
  EXPECT_EQ(host("2001:2:0:1::/64", 0), "2001:2:0:1::");
}

TEST(HostAddress, EndsWithThePrefix) {
  EXPECT_EQ(host("198.18.2.0/24", 256), "none");
  EXPECT_EQ(host("2001:2::/127", 2), "none");
  EXPECT_EQ(host("2001:2::/128", 0), "2001:2::");
  EXPECT_EQ(host("2001:2::/128", 1), "none");
}

TEST(HostAddress, UsesBothAddressesOfAPointToPointPrefix) {
  EXPECT_EQ(host("198.18.2.4/31", 0), "198.18.2.4");
  EXPECT_EQ(host("198.18.2.4/31", 1), "198.18.2.5");
  EXPECT_EQ(host("198.18.2.4/32", 0), "198.18.2.4");
}

TEST(BenchmarkRange, IsWhatTheRfcsReserve) {
  for (const char* text : {"198.18.0.0/15", "198.18.0.0/24", "198.19.255.0/24", "2001:2::/48", "2001:2:0:9::/64"})
    EXPECT_TRUE(is_benchmark_range(prefix(text))) << text;
  for (const char* text : {"198.16.0.0/14", "198.20.0.0/24", "198.17.255.0/24", "10.0.0.0/8", "0.0.0.0/0",
                           "2001:2::/32", "2001::/32", "2001:2:1::/64", "::/0"})
    EXPECT_FALSE(is_benchmark_range(prefix(text))) << text;
}

TEST(Family, IsReadBackAsPrinted) {
  for (const Family family : {Family::ipv4, Family::ipv6}) EXPECT_EQ(parse_family(to_string(family)), family);
  EXPECT_EQ(parse_family("IPv4"), std::nullopt);
}

}  // namespace
}  // namespace offlab
