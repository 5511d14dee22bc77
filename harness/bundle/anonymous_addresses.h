// Addresses of a real network replaced by others, such that the shape of the network stays: two addresses of one family
// that share exactly k leading bits share exactly k leading bits afterwards (J. Xu, J. Fan, M. Ammar, S. Moon:
// "Prefix-Preserving IP Address Anonymization", ICNP 2002; Crypto-PAn). Each bit is flipped or not by a keyed digest of
// the bits before it, so the same key gives the same addresses, and without it nobody gets back.
//
// Unchanged: unspecified, loopback and multicast addresses, 255.255.255.255, and the benchmark ranges 198.18.0.0/15 and
// 2001:2::/48. Of link-local addresses (169.254.0.0/16, fe80::/10) the prefix stays. No other address becomes one of
// these: a bit is never flipped while the bits before it are the beginning of such a range. So each range is mapped to
// itself, and what maps one to one has no room left for others in it. The price is small and cannot be avoided by any
// map that keeps prefixes: an address shows the leading bits that it shares with such a range, and the next one.
// 10.0.0.0/8 becomes something in 8.0.0.0/5, 192.168.0.0/16 in 192.0.0.0/6, 172.16.0.0/12 in 128.0.0.0/2.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>

#include "base/keyed_digest.h"
#include "model/address.h"

namespace offlab {

using MacAddress = std::array<std::uint8_t, 6>;

// What became of each address that was asked for, unchanged ones included. It undoes the anonymisation: it is for the
// owner of the network, and never in what is handed over.
struct AddressMapping {
  std::map<IpAddress, IpAddress> addresses;
  std::map<MacAddress, MacAddress> macs;
};

class AnonymousAddresses {
 public:
  explicit AnonymousAddresses(const KeyedDigest::Key& key) : digest_(key) {}

  IpAddress of(const IpAddress& address);
  // Locally administered, unicast. Broadcast and the groups of IEEE 802.1 and of IP multicast stay, and so does
  // 00:00:00:00:00:00, which stands for none. Other group addresses, and those that solicit neighbours (they have the
  // end of an IPv6 address in them), become locally administered groups.
  MacAddress of(const MacAddress& mac);
  // A locally administered unicast address for a thing that has a number instead of an address. `kind` keeps numbers of
  // different things apart. Not part of the mapping.
  MacAddress mac_of_number(std::uint8_t kind, std::uint64_t number) const;
  // Replaces bytes by others of the same length: the same ones by the same ones.
  void replace(std::span<std::uint8_t> bytes) const;

  const AddressMapping& mapping() const { return mapping_; }

 private:
  bool is_flipped(const IpAddress& address, int bit) const;

  KeyedDigest digest_;
  AddressMapping mapping_;
};

}  // namespace offlab
