// Whole packets made in a test, with checksums computed from scratch: what is under test only changes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capture/stored_frames.h"
#include "model/address.h"

namespace offlab {

using PacketBytes = std::vector<std::uint8_t>;

struct MadeTcp {
  std::string source = "10.1.2.3";  // or two IPv6 addresses
  std::string destination = "10.1.9.9";
  PacketBytes ip_options = {};  // IPv4; a multiple of four bytes
  PacketBytes options = {};     // of TCP; likewise
  std::string payload = {};
  std::uint16_t ip_checksum_error = 0;  // is added to the right one
  std::uint16_t tcp_checksum_error = 0;
};

// From the IP header on.
PacketBytes tcp_packet(const MadeTcp& made);

// "Fragmentation needed" or "packet too big" with this MTU, quoting the first `quoted` bytes of a packet, from a router
// to its sender.
PacketBytes too_big_about(const PacketBytes& packet, const std::string& router, std::size_t quoted,
                          std::uint16_t checksum_error = 0);

// With an Ethernet header, captured whole.
StoredFrame frame_of(const PacketBytes& packet);
Frame seen(const StoredFrame& frame);

// Does the ones' complement sum come out right? Of packets that are there as a whole, from their IP header on.
bool has_right_ip_checksum(const PacketBytes& packet);
// Of TCP or ICMP, with the pseudo header where there is one.
bool has_right_transport_checksum(const PacketBytes& packet);

}  // namespace offlab
