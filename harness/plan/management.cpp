#include "plan/management.h"

#include <cstdio>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

constexpr std::uint32_t first_guest = 10;

// Without the bits behind the prefix.
IpPrefix prefix_around(IpAddress address, int length) {
  const int bits = address.family == Family::ipv4 ? 32 : 128;
  for (int bit = length; bit < bits; ++bit)
    address.bytes[static_cast<std::size_t>(bit / 8)] &=
        static_cast<std::uint8_t>(~(0x80U >> static_cast<unsigned>(bit % 8)));
  return {address, length};
}

}  // namespace

std::string link_local_address(const std::string& mac) {
  unsigned b[6];
  int read = 0;
  // NOLINTNEXTLINE(cert-err34-c): two digits always fit
  if (std::sscanf(mac.c_str(), "%2x:%2x:%2x:%2x:%2x:%2x%n", b, b + 1, b + 2, b + 3, b + 4, b + 5, &read) != 6 ||
      static_cast<std::size_t>(read) != mac.size())
    throw Error(fmt::format("'{}' is not a MAC address", mac));
  return fmt::format("fe80::{:x}:{:x}:{:x}:{:x}", ((b[0] ^ 2U) << 8U) | b[1], (b[2] << 8U) | 0xffU, 0xfe00U | b[3],
                     (b[4] << 8U) | b[5]);
}

IpPrefix dhcp_prefix() {
  return *parse_prefix("192.0.2.0/24");
}

std::optional<ManagementAddresses> management_addresses(const LabPlan& lab, const NodePlan& node) {
  if (!node.disk || node.disk->management.from == AddressFrom::link_local) return std::nullopt;
  const ManagementNic& nic = node.disk->management;
  if (nic.from == AddressFrom::dhcp) {
    const auto index = static_cast<std::uint32_t>(&node - lab.nodes.data());
    return ManagementAddresses{*host_address(dhcp_prefix(), first_guest + index), *host_address(dhcp_prefix(), 1),
                               dhcp_prefix().length};
  }
  const IpPrefix prefix = prefix_around(*nic.address, nic.length);
  for (std::uint32_t i = 1; i <= 3; ++i)
    if (const auto host = host_address(prefix, i); host && *host != *nic.address)
      return ManagementAddresses{*nic.address, *host, nic.length};
  throw Error("no address is left for the lab beside " + to_string(*nic.address));
}

}  // namespace offlab
