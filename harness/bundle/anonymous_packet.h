// The headers of one captured packet with other addresses, and nothing of what it carries.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bundle/anonymous_addresses.h"
#include "bundle/checksum_update.h"
#include "capture/ip_header.h"
#include "model/frame.h"

namespace offlab {

class PacketAnonymiser {
 public:
  // `addresses` outlives it.
  explicit PacketAnonymiser(AnonymousAddresses& addresses) : addresses_(addresses) {}

  // Of a frame with an IP packet, the innermost one behind a new Ethernet header: its IP header with extensions, and
  // its TCP header with options, or its ICMP header; all as far as they were kept. "Fragmentation needed" and "packet
  // too big" keep the IP header that they quote, and its packet's TCP header; of other ICMP only the type stays. A VLAN
  // tag or tunnel goes away, and Frame::length gets shorter by it; the new MAC addresses then tell the places apart.
  //
  // Addresses change, also quoted ones, and options as hidden_options.h says. The checksums of IPv4 headers, TCP and
  // ICMP follow. Everything else in these headers stays: lengths, identifications, ports, sequence numbers, TTL, DSCP.
  //
  // The bytes are valid until the next call. Nothing when there is no IP packet.
  std::optional<Frame> rewrite(const Frame& frame);

 private:
  using Bytes = std::span<std::uint8_t>;
  using Original = std::span<const std::uint8_t>;

  // Each appends to bytes_.
  void put_ethernet(const Frame& frame, std::size_t packet_at, std::uint32_t place, Family family);
  // Returns what its addresses do to the checksum of what it carries.
  ChecksumUpdate put_ip(Original packet, const IpHeader& ip);
  void put_tcp(Original segment, ChecksumUpdate update, ChecksumField kind);
  void put_icmp(Original message, Family family, ChecksumUpdate update);
  void put_quote(Original quoted);
  // Copies them; valid until the next append.
  Bytes append(Original bytes);

  AnonymousAddresses& addresses_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace offlab
