// Changes to frames of TCP over IPv4: Ethernet 14 bytes, IPv4 20.
#pragma once

#include <cstdint>
#include <vector>

#include "capture/stored_frames.h"

namespace offlab {

using FrameBytes = std::vector<std::uint8_t>;

inline constexpr std::size_t at_ip = 14;
inline constexpr std::size_t at_ip_length = at_ip + 2;
inline constexpr std::size_t at_ip_flags = at_ip + 6;
inline constexpr std::size_t at_hop_limit = at_ip + 8;
inline constexpr std::size_t at_protocol = at_ip + 9;
inline constexpr std::size_t at_header_checksum = at_ip + 10;
inline constexpr std::size_t at_source = at_ip + 12;
inline constexpr std::size_t at_destination = at_ip + 16;
inline constexpr std::size_t at_transport = at_ip + 20;
inline constexpr std::size_t at_sequence = at_transport + 4;
inline constexpr std::size_t at_acknowledgement = at_transport + 8;
inline constexpr std::size_t at_tcp_flags = at_transport + 13;
inline constexpr std::size_t at_window = at_transport + 14;
inline constexpr std::size_t at_options = at_transport + 20;
inline constexpr std::size_t at_icmp_mtu = at_transport + 6;
inline constexpr std::size_t at_quote = at_transport + 8;  // the refused packet in an ICMP error
inline constexpr std::size_t at_quoted_ports = at_quote + 20;

std::uint32_t number_at(const FrameBytes& bytes, std::size_t at, std::size_t size);
void put_number(FrameBytes& bytes, std::size_t at, std::size_t size, std::uint32_t number);
// Makes the IPv4 header's checksum right.
void put_header_checksum(FrameBytes& bytes);

// Changes the MSS option of a SYN.
void put_announced_segment(StoredFrame& frame, std::uint32_t size);

bool is_icmp(const StoredFrame& frame);
bool is_tcp(const StoredFrame& frame);
std::uint32_t payload_of(const StoredFrame& frame);
bool is_syn(const StoredFrame& frame);

// The router's "fragmentation needed" about the packet in `frame`, a moment after it.
StoredFrame frag_needed_about(const StoredFrame& frame, const FrameBytes& router_address, std::uint32_t mtu);
// The packets that a superframe stands for, each a frame of its own.
std::vector<StoredFrame> segments_of(const StoredFrame& frame);

}  // namespace offlab
