// Captures from both sides of a router, in memory, and the pairs in tests/data/field-pairs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/packet.h"
#include "capture/stored_frames.h"
#include "model/fault_class.h"

namespace offlab {

using Frames = std::vector<StoredFrame>;

struct CapturedPair {
  Frames wan;  // before the router, on the sender's side
  Frames lan;
};

struct FieldPair {
  std::string name;
  FaultClass fault;  // what the router did
  CapturedPair frames;
};

// All of them, read once. Throws Error when a file cannot be read.
const std::vector<FieldPair>& field_pairs();
const FieldPair& field_pair(const std::string& name);

// The router's addresses on both sides of each pair.
inline constexpr std::uint64_t router_wan_mac = 0x525400000012;
inline constexpr std::uint64_t router_lan_mac = 0x525400000011;

// Nothing for frames that are not IP.
std::optional<Packet> packet_of(const StoredFrame& frame);
bool sent_by_router(const StoredFrame& frame);
bool sent_by_sender(const StoredFrame& frame);
bool sent_by_receiver(const StoredFrame& frame);
// TCP payload, or a fragment.
bool carries_data(const StoredFrame& frame);
// ICMP or ICMPv6, neighbour discovery not among it.
bool is_icmp_error(const StoredFrame& frame);

}  // namespace offlab
