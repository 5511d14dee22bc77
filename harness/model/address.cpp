#include "model/address.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/core.h>

namespace offlab {
namespace {

int address_bits(Family family) {
  return family == Family::ipv4 ? 32 : 128;
}

IpAddress masked(IpAddress address, int length) {
  for (int bit = length; bit < 128; ++bit)
    address.bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  return address;
}

}  // namespace

std::string_view to_string(Family family) {
  return family == Family::ipv4 ? "ipv4" : "ipv6";
}

std::optional<Family> parse_family(std::string_view text) {
  if (text == "ipv4") return Family::ipv4;
  if (text == "ipv6") return Family::ipv6;
  return std::nullopt;
}

std::optional<IpAddress> parse_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string copy(text);
  IpAddress address;
  address.family = text.find(':') == std::string_view::npos ? Family::ipv4 : Family::ipv6;
  const int family = address.family == Family::ipv4 ? AF_INET : AF_INET6;
  if (inet_pton(family, copy.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::optional<IpPrefix> parse_prefix(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = parse_address(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  int length = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (!address || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (length < 0 || length > address_bits(address->family)) return std::nullopt;
  if (masked(*address, length) != *address) return std::nullopt;
  return IpPrefix{*address, length};
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.family == Family::ipv4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(), text.size());
  return text.data();
}

std::string to_string(const IpPrefix& prefix) {
  return fmt::format("{}/{}", to_string(prefix.address), prefix.length);
}

bool contains(const IpPrefix& prefix, const IpAddress& address) {
  return prefix.address.family == address.family && masked(address, prefix.length) == prefix.address;
}

bool overlap(const IpPrefix& a, const IpPrefix& b) {
  return a.address.family == b.address.family && (contains(a, b.address) || contains(b, a.address));
}

std::optional<IpAddress> host_address(const IpPrefix& prefix, std::uint32_t index) {
  const int host_bits = address_bits(prefix.address.family) - prefix.length;
  const std::uint64_t count = host_bits >= 33 ? std::uint64_t{1} << 33 : std::uint64_t{1} << host_bits;
  if (index >= count) return std::nullopt;
  const bool is_v4_subnet = prefix.address.family == Family::ipv4 && host_bits >= 2;
  if (is_v4_subnet && (index == 0 || index == count - 1)) return std::nullopt;
  IpAddress address = prefix.address;
  std::uint64_t carry = index;
  for (int byte = address_bits(address.family) / 8 - 1; byte >= 0 && carry != 0; --byte) {
    carry += address.bytes[static_cast<std::size_t>(byte)];
    address.bytes[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(carry);
    carry >>= 8U;
  }
  return address;
}

bool is_benchmark_range(const IpPrefix& prefix) {
  static const IpPrefix v4 = *parse_prefix("198.18.0.0/15");
  static const IpPrefix v6 = *parse_prefix("2001:2::/48");
  const IpPrefix& range = prefix.address.family == Family::ipv4 ? v4 : v6;
  return prefix.length >= range.length && contains(range, prefix.address);
}

}  // namespace offlab
