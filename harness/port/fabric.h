// What joins the machines of a lab: bridges, and virtual switches that merge.
#pragma once

#include <string>

#include "base/units.h"

namespace offlab {

// A virtual switch that merges: packets from the wire are coalesced before they reach a NIC of the device under test.
// wire bridge - wire port | router port - router bridge - tap. All names are the host's.
struct MergeStage {
  std::string wire_bridge;
  std::string wire_port;
  std::string router_port;
  std::string router_bridge;
  Mtu mtu;
  bool operator==(const MergeStage&) const = default;
};

class Fabric {
 public:
  virtual ~Fabric() = default;

  // `reachable`: the host gets an IPv6 link-local address on it, to reach the guests. Throws Error.
  virtual void create_bridge(const std::string& name, Mtu mtu, bool reachable) = 0;
  // Gives the host an address, "192.0.2.1/24", on a bridge that is reachable. Throws Error.
  virtual void add_address(const std::string& bridge, const std::string& address) = 0;
  // Joins two bridges; nothing is merged yet (Injection::set_merging). Throws Error.
  virtual void create_stage(const MergeStage& stage) = 0;
  // Takes a tap from the bridge that it is a port of and makes it one of `bridge`. Throws Error.
  virtual void move_port(const std::string& tap, const std::string& bridge) = 0;
};

}  // namespace offlab
