// IP addresses and prefixes of test traffic.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offlab {

enum class Family { ipv4, ipv6 };

std::string_view to_string(Family family);
std::optional<Family> parse_family(std::string_view text);

// Network byte order; an IPv4 address fills the first four bytes, the rest is zero.
struct IpAddress {
  Family family = Family::ipv4;
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const IpAddress&) const = default;
};

struct IpPrefix {
  IpAddress address;  // host bits zero
  int length = 0;     // 0..32 or 0..128
  auto operator<=>(const IpPrefix&) const = default;
};

std::optional<IpAddress> parse_address(std::string_view text);
// "198.18.2.0/24"; nothing when the text is no prefix or has host bits set.
std::optional<IpPrefix> parse_prefix(std::string_view text);
std::string to_string(const IpAddress& address);
std::string to_string(const IpPrefix& prefix);

bool contains(const IpPrefix& prefix, const IpAddress& address);
bool overlap(const IpPrefix& a, const IpPrefix& b);
// The `index`-th address of the prefix; nothing when there is none, or when it is IPv4's network or broadcast address.
std::optional<IpAddress> host_address(const IpPrefix& prefix, std::uint32_t index);

// 198.18.0.0/15 and 2001:2::/48: reserved for benchmarking (RFC 2544, RFC 5180), routed nowhere.
bool is_benchmark_range(const IpPrefix& prefix);

}  // namespace offlab
