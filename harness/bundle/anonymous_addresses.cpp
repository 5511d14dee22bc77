#include "bundle/anonymous_addresses.h"

#include <algorithm>
#include <vector>

namespace offlab {
namespace {

// What a digest is about, so that no two of them have the same input.
enum Subject : std::uint8_t { about_ipv4 = 4, about_ipv6 = 6, about_mac = 48, about_number = 64, about_bytes = 8 };

struct SpecialRange {
  IpPrefix prefix;
  bool stays_whole;  // false: only its prefix
};

const std::vector<SpecialRange>& special_ranges() {
  static const std::vector<SpecialRange> ranges = [] {
    std::vector<SpecialRange> all;
    for (const char* whole : {"0.0.0.0/32", "127.0.0.0/8", "198.18.0.0/15", "224.0.0.0/4", "255.255.255.255/32",
                              "::/128", "::1/128", "2001:2::/48", "ff00::/8"})
      all.push_back({parse_prefix(whole).value(), true});
    for (const char* link_local : {"169.254.0.0/16", "fe80::/10"})
      all.push_back({parse_prefix(link_local).value(), false});
    return all;
  }();
  return ranges;
}

std::uint8_t mask_of(int bit) {
  return static_cast<std::uint8_t>(0x80U >> (static_cast<unsigned>(bit) % 8));
}

// The first `bits` bits of an address, the others zero.
IpAddress beginning_of(IpAddress address, int bits) {
  for (int bit = bits; bit < static_cast<int>(8 * address.bytes.size()); ++bit) {
    auto& byte = address.bytes[static_cast<std::size_t>(bit) / 8];
    byte = static_cast<std::uint8_t>(byte & ~mask_of(bit));
  }
  return address;
}

// Must this bit stay, as the bits before it are?
bool is_pinned(const IpAddress& address, int bit) {
  return std::any_of(special_ranges().begin(), special_ranges().end(), [&](const SpecialRange& range) {
    if (range.prefix.address.family != address.family) return false;
    if (bit >= range.prefix.length) return range.stays_whole && contains(range.prefix, address);
    return beginning_of(range.prefix.address, bit) == beginning_of(address, bit);
  });
}

bool is_standard_group(const MacAddress& mac) {
  const auto begins_with = [&](std::initializer_list<std::uint8_t> start) {
    return std::equal(start.begin(), start.end(), mac.begin());
  };
  return begins_with({0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) || begins_with({0x01, 0x80, 0xc2}) ||
         begins_with({0x01, 0x00, 0x5e}) || (begins_with({0x33, 0x33}) && mac[2] != 0xff);
}

constexpr std::uint8_t group_bit = 0x01;
constexpr std::uint8_t local_bit = 0x02;

MacAddress local_mac(const KeyedDigest::Value& digest, std::uint8_t group) {
  MacAddress mac;
  std::copy_n(digest.begin(), mac.size(), mac.begin());
  mac[0] = static_cast<std::uint8_t>((mac[0] & ~(group_bit | local_bit)) | local_bit | group);
  return mac;
}

}  // namespace

bool AnonymousAddresses::is_flipped(const IpAddress& address, int bit) const {
  std::array<std::uint8_t, 18> input{};
  input[0] = address.family == Family::ipv4 ? about_ipv4 : about_ipv6;
  input[1] = static_cast<std::uint8_t>(bit);
  const IpAddress before = beginning_of(address, bit);
  std::copy(before.bytes.begin(), before.bytes.end(), input.begin() + 2);
  return (digest_.of(input)[0] & 1U) != 0;
}

IpAddress AnonymousAddresses::of(const IpAddress& address) {
  if (const auto known = mapping_.addresses.find(address); known != mapping_.addresses.end()) return known->second;
  const int bits = address.family == Family::ipv4 ? 32 : 128;
  IpAddress anonymous = address;
  for (int bit = 0; bit < bits; ++bit)
    if (!is_pinned(address, bit) && is_flipped(address, bit))
      anonymous.bytes[static_cast<std::size_t>(bit) / 8] ^= mask_of(bit);
  mapping_.addresses.emplace(address, anonymous);
  return anonymous;
}

MacAddress AnonymousAddresses::of(const MacAddress& mac) {
  if (const auto known = mapping_.macs.find(mac); known != mapping_.macs.end()) return known->second;
  MacAddress anonymous = mac;
  if (mac != MacAddress{} && !is_standard_group(mac)) {
    std::array<std::uint8_t, 7> input{about_mac};
    std::copy(mac.begin(), mac.end(), input.begin() + 1);
    anonymous = local_mac(digest_.of(input), mac[0] & group_bit);
  }
  mapping_.macs.emplace(mac, anonymous);
  return anonymous;
}

MacAddress AnonymousAddresses::mac_of_number(std::uint8_t kind, std::uint64_t number) const {
  std::array<std::uint8_t, 10> input{about_number, kind};
  for (std::size_t byte = 0; byte < sizeof number; ++byte)
    input[2 + byte] = static_cast<std::uint8_t>(number >> (8 * byte));
  return local_mac(digest_.of(input), 0);
}

// Each digest is of the one before it, the first one of the bytes.
void AnonymousAddresses::replace(std::span<std::uint8_t> bytes) const {
  std::vector<std::uint8_t> first(1 + bytes.size(), about_bytes);
  std::copy(bytes.begin(), bytes.end(), first.begin() + 1);
  KeyedDigest::Value digest = digest_.of(first);
  for (std::size_t at = 0; at < bytes.size(); at += digest.size()) {
    if (at > 0) digest = digest_.of(digest);
    std::copy_n(digest.begin(), std::min(digest.size(), bytes.size() - at),
                bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

}  // namespace offlab
