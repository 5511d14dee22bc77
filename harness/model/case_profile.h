// What a person looks at beside a verdict: the case's path drawn, its traffic over time, the sizes of its packets, and
// the settings it had. Made from the recording (measure/leg_profile, runner/case_profile).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/capture_point.h"

namespace offlab {

struct PicturedNic {
  std::string network;
  std::string model;
  std::uint32_t mtu = 0;  // 0: not known
  std::string addresses;  // "198.18.2.1/24, 2001:2:0:2::1/64"
  std::string device;     // what its guest calls it
  bool operator==(const PicturedNic&) const = default;
};

struct PicturedNode {
  std::string name;
  std::string role;  // "sender", "receiver", "router", "bridge"; empty: it is not on the flow's path
  bool under_test = false;
  std::string text;  // its image, or the system of a machine that exists
  std::vector<PicturedNic> nics;
  bool operator==(const PicturedNode&) const = default;
};

struct PicturedPoint {
  std::string id;
  std::string node;
  std::string network;
  CaptureSide side = CaptureSide::host;
  bool operator==(const PicturedPoint&) const = default;
};

struct CasePicture {
  std::vector<std::string> path;  // node, network, node, ... from the sender of the data to its receiver
  std::vector<PicturedNode> nodes;
  std::vector<std::string> networks;
  std::vector<PicturedPoint> points;
  bool operator==(const CasePicture&) const = default;
};

// Packets by size: each count is of sizes up to its edge, in bytes of L3, and above the edge before it.
using SizeHistogram = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

struct PointProfile {
  std::string point;      // capture point
  std::string text;       // "into router (wan)"
  std::uint32_t mtu = 0;  // of the NIC there
  SizeHistogram packets;  // as they cross a wire: a coalesced frame counts as the packets that it stands for
  SizeHistogram frames;   // as they were captured; empty where that is the same
  bool operator==(const PointProfile&) const = default;
};

struct GoodputSample {
  double start = 0;  // seconds
  double seconds = 0;
  double bits_per_second = 0;
  bool operator==(const GoodputSample&) const = default;
};

// One leg over time. Buckets are `step` seconds wide; the first one begins with the first traffic.
struct LegProfile {
  std::string name;                   // "case", "control"
  double step = 0;                    // seconds
  std::vector<double> uplink;         // bit/s handed to the first device under test; empty: not recorded
  std::vector<std::uint64_t> errors;  // "fragmentation needed" and "packet too big" on the wire in front of it
  std::vector<GoodputSample> goodput;
  std::vector<PointProfile> points;
  std::vector<std::string> missing;  // captures that could not be read, and why
  bool operator==(const LegProfile&) const = default;
};

// A setting as it was read back before the transfer. Empty: it was not read.
struct SettingReading {
  std::string where;  // "router wan", "tap router-wan", "router"
  std::string what;   // "large-receive-offload", as `ethtool -k` has it
  std::string in_case;
  std::string in_control;
  bool operator==(const SettingReading&) const = default;
};

struct CaseProfile {
  CasePicture picture;
  std::vector<LegProfile> legs;  // the case, then its control
  std::vector<SettingReading> settings;
  bool operator==(const CaseProfile&) const = default;
};

}  // namespace offlab
