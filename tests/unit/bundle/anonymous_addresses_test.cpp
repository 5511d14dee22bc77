#include "bundle/anonymous_addresses.h"

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace offlab {
namespace {

KeyedDigest::Key key_of(std::uint8_t start) {
  KeyedDigest::Key key;
  for (std::size_t at = 0; at < key.size(); ++at) key[at] = static_cast<std::uint8_t>(start + at);
  return key;
}

IpAddress address(const char* text) {
  return parse_address(text).value();
}

int bits_of(Family family) {
  return family == Family::ipv4 ? 32 : 128;
}

bool bit_of(const IpAddress& one, int bit) {
  return (one.bytes[static_cast<std::size_t>(bit) / 8] >> (7 - bit % 8) & 1) != 0;
}

int shared_bits(const IpAddress& a, const IpAddress& b) {
  for (int bit = 0; bit < bits_of(a.family); ++bit)
    if (bit_of(a, bit) != bit_of(b, bit)) return bit;
  return bits_of(a.family);
}

// With the first `shared` bits of `like`, and the next one different.
IpAddress random_address(std::mt19937& random, const IpAddress& like, int shared) {
  IpAddress one = like;
  for (int bit = shared; bit < bits_of(like.family); ++bit) {
    const bool set = bit == shared ? !bit_of(like, bit) : random() % 2 != 0;
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    auto& byte = one.bytes[static_cast<std::size_t>(bit) / 8];
    byte = static_cast<std::uint8_t>(set ? byte | mask : byte & ~mask);
  }
  return one;
}

IpAddress random_address(std::mt19937& random, Family family) {
  IpAddress one{family, {}};
  return random_address(random, one, static_cast<int>(random() % 4));
}

TEST(AnonymousAddresses, WhatSharesAPrefixSharesOneOfTheSameLengthAfterwards) {
  std::mt19937 random(1);
  AnonymousAddresses addresses(key_of(1));
  for (const Family family : {Family::ipv4, Family::ipv6})
    for (int pair = 0; pair < (family == Family::ipv4 ? 1000 : 250); ++pair) {
      const IpAddress one = random_address(random, family);
      const auto shared = static_cast<int>(random() % static_cast<unsigned>(bits_of(family)));
      const IpAddress other = random_address(random, one, shared);
      ASSERT_EQ(shared_bits(one, other), shared);
      EXPECT_EQ(shared_bits(addresses.of(one), addresses.of(other)), shared)
          << to_string(one) << " and " << to_string(other);
    }
}

// Against the ranges that stay, where a bit is not flipped for a reason of its own.
TEST(AnonymousAddresses, PrefixesAreKeptNextToSpecialRanges) {
  std::mt19937 random(2);
  AnonymousAddresses addresses(key_of(2));
  for (const char* special : {"0.0.0.0", "127.0.0.1", "169.254.7.7", "198.18.2.2", "198.19.255.255", "224.0.0.1",
                              "255.255.255.255", "::", "::1", "fe80::1", "ff02::1", "2001:2:0:2::2"}) {
    const IpAddress one = address(special);
    for (int shared = 0; shared < bits_of(one.family); ++shared) {
      const IpAddress other = random_address(random, one, shared);
      EXPECT_EQ(shared_bits(addresses.of(one), addresses.of(other)), shared) << special << " and " << to_string(other);
    }
  }
}

TEST(AnonymousAddresses, SpecialAddressesStay) {
  AnonymousAddresses addresses(key_of(3));
  for (const char* special :
       {"0.0.0.0", "127.0.0.1", "127.255.3.4", "198.18.0.0", "198.19.255.255", "224.0.0.251", "239.255.255.250",
        "255.255.255.255", "::", "::1", "ff02::1", "2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff"})
    EXPECT_EQ(addresses.of(address(special)), address(special)) << special;
}

TEST(AnonymousAddresses, OthersDoNotStay) {
  AnonymousAddresses addresses(key_of(4));
  for (const char* ordinary :
       {"10.1.2.3", "192.168.1.1", "172.16.9.9", "8.8.8.8", "198.20.0.1", "198.17.255.255", "203.0.113.7",
        "2001:db8::1", "2001:2:1::1", "fd00::1", "2a00:1450::2", "fe80::1", "169.254.7.7"})
    EXPECT_NE(addresses.of(address(ordinary)), address(ordinary)) << ordinary;
}

TEST(AnonymousAddresses, LinkLocalAddressesStayLinkLocal) {
  std::mt19937 random(5);
  AnonymousAddresses addresses(key_of(5));
  for (const auto& [prefix, length] : {std::pair{"169.254.0.0/16", 16}, {"fe80::/10", 10}}) {
    const IpPrefix range = parse_prefix(prefix).value();
    for (int i = 0; i < 50; ++i) {
      const IpAddress one = random_address(random, range.address, length + static_cast<int>(random() % 8));
      EXPECT_TRUE(contains(range, addresses.of(one))) << to_string(one);
    }
  }
}

TEST(AnonymousAddresses, NoOrdinaryAddressBecomesASpecialOne) {
  std::vector<IpPrefix> special;
  for (const char* prefix : {"0.0.0.0/32", "127.0.0.0/8", "169.254.0.0/16", "198.18.0.0/15", "224.0.0.0/4",
                             "255.255.255.255/32", "::/128", "::1/128", "fe80::/10", "ff00::/8", "2001:2::/48"})
    special.push_back(parse_prefix(prefix).value());
  const auto range_of = [&](const IpAddress& one) {
    return std::find_if(special.begin(), special.end(), [&](const IpPrefix& range) { return contains(range, one); });
  };
  std::mt19937 random(6);
  for (std::uint8_t key = 0; key < 8; ++key) {
    AnonymousAddresses addresses(key_of(key));
    for (int i = 0; i < 40; ++i) {
      // Of any kind, and close to a special range.
      const IpPrefix& near = special[random() % special.size()];
      const auto shared = static_cast<int>(random() % static_cast<unsigned>(near.length));
      for (const IpAddress& one :
           {random_address(random, near.address.family), random_address(random, near.address, shared)})
        EXPECT_EQ(range_of(addresses.of(one)), range_of(one)) << to_string(one);
    }
  }
}

TEST(AnonymousAddresses, DifferentAddressesStayDifferent) {
  AnonymousAddresses addresses(key_of(7));
  std::set<IpAddress> all;
  IpAddress one = address("10.20.0.0");
  for (unsigned host = 0; host < 1024; ++host) {
    one.bytes[2] = static_cast<std::uint8_t>(host >> 8U);
    one.bytes[3] = static_cast<std::uint8_t>(host);
    all.insert(addresses.of(one));
  }
  EXPECT_EQ(all.size(), 1024U);
}

TEST(AnonymousAddresses, TheKeyDecides) {
  AnonymousAddresses one(key_of(8));
  AnonymousAddresses same(key_of(8));
  AnonymousAddresses other(key_of(9));
  int equal = 0;
  for (const char* text : {"10.1.2.3", "192.168.1.1", "203.0.113.7", "2001:db8::1", "fd00::1", "fe80::1"}) {
    EXPECT_EQ(one.of(address(text)), same.of(address(text))) << text;
    if (one.of(address(text)) == other.of(address(text))) ++equal;
  }
  EXPECT_LE(equal, 1);
  const MacAddress mac = {0x00, 0x50, 0x56, 1, 2, 3};
  EXPECT_EQ(one.of(mac), same.of(mac));
  EXPECT_NE(one.of(mac), other.of(mac));
  EXPECT_EQ(one.mac_of_number(1, 7), same.mac_of_number(1, 7));
  EXPECT_NE(one.mac_of_number(1, 7), one.mac_of_number(2, 7));
  EXPECT_NE(one.mac_of_number(1, 7), one.mac_of_number(1, 8));
}

// The answer does not depend on what was asked before.
TEST(AnonymousAddresses, TheOrderOfQuestionsDoesNotMatter) {
  AnonymousAddresses forth(key_of(10));
  AnonymousAddresses back(key_of(10));
  const std::vector<IpAddress> all = {address("10.1.2.3"), address("10.1.2.4"), address("2001:db8::1")};
  for (const IpAddress& one : all) forth.of(one);
  for (auto one = all.rbegin(); one != all.rend(); ++one) back.of(*one);
  EXPECT_EQ(forth.mapping().addresses, back.mapping().addresses);
}

TEST(AnonymousAddresses, MacAddressesBecomeLocallyAdministered) {
  AnonymousAddresses addresses(key_of(11));
  std::set<MacAddress> all;
  for (std::uint8_t host = 0; host < 100; ++host) {
    const MacAddress made = addresses.of(MacAddress{0x00, 0x50, 0x56, 0x9a, 0x10, host});
    EXPECT_EQ(made[0] & 0x03, 0x02);
    all.insert(made);
  }
  EXPECT_EQ(all.size(), 100U);
  EXPECT_EQ(addresses.mac_of_number(1, 5)[0] & 0x03, 0x02);
}

TEST(AnonymousAddresses, GroupsStayWhereTheyNameNobody) {
  AnonymousAddresses addresses(key_of(12));
  for (const MacAddress& group :
       {MacAddress{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, MacAddress{0x01, 0x00, 0x5e, 0, 0, 0xfb},
        MacAddress{0x33, 0x33, 0, 0, 0, 1}, MacAddress{0x01, 0x80, 0xc2, 0, 0, 0x0e}, MacAddress{}})
    EXPECT_EQ(addresses.of(group), group);
  // A cluster's address 10.1.2.3, and the end of an IPv6 address.
  for (const MacAddress& group :
       {MacAddress{0x03, 0xbf, 10, 1, 2, 3}, MacAddress{0x33, 0x33, 0xff, 0x12, 0x34, 0x56}}) {
    const MacAddress made = addresses.of(group);
    EXPECT_EQ(made[0] & 0x03, 0x03);
    EXPECT_FALSE(std::equal(group.begin() + 2, group.end(), made.begin() + 2));
  }
}

TEST(AnonymousAddresses, TheMappingHasAllThatWasAsked) {
  AnonymousAddresses addresses(key_of(13));
  const IpAddress changed = addresses.of(address("10.1.2.3"));
  addresses.of(address("198.18.2.2"));
  const MacAddress mac = {0x00, 0x50, 0x56, 1, 2, 3};
  const MacAddress made = addresses.of(mac);
  const AddressMapping& mapping = addresses.mapping();
  EXPECT_EQ(mapping.addresses, (std::map<IpAddress, IpAddress>{{address("10.1.2.3"), changed},
                                                               {address("198.18.2.2"), address("198.18.2.2")}}));
  EXPECT_EQ(mapping.macs, (std::map<MacAddress, MacAddress>{{mac, made}}));
}

TEST(AnonymousAddresses, BytesAreReplacedByTheSameOnesForTheSame) {
  const AnonymousAddresses addresses(key_of(14));
  for (const std::size_t size : {std::size_t{1}, std::size_t{18}, std::size_t{32}, std::size_t{100}}) {
    std::vector<std::uint8_t> one(size, 7);
    std::vector<std::uint8_t> same(size, 7);
    std::vector<std::uint8_t> other(size, 8);
    addresses.replace(one);
    addresses.replace(same);
    addresses.replace(other);
    EXPECT_EQ(one, same);
    EXPECT_NE(one, other);
    EXPECT_NE(one, std::vector<std::uint8_t>(size, 7));
  }
}

}  // namespace
}  // namespace offlab
