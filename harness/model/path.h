// Ways through a topology: which devices a flow passes, and the routes that make it so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/nic_ref.h"
#include "model/topology.h"

namespace offlab {

// The networks that bridges join to one segment with this one, itself included, in file order.
std::vector<std::string> segment_of(const Topology& topology, const std::string& network);

// One router or bridge that a flow passes: it takes packets in on `ingress` and sends them out on `egress` (network
// names).
struct Hop {
  std::string router;
  std::string ingress;
  std::string egress;
  NicRef ingress_nic() const { return {router, ingress}; }
  NicRef egress_nic() const { return {router, egress}; }
  bool operator==(const Hop&) const = default;
};

// What the flow passes on its way, in order: by the routes that the file gives, and fewest hops elsewhere (file order
// breaks ties). Nothing when there is no way.
std::optional<std::vector<Hop>> flow_path(const Topology& topology, const Flow& flow);

// An address on the network's IPv4 prefix that nobody has, for a background sender: the highest free one. Nothing when
// there is none.
std::optional<IpAddress> background_address(const Topology& topology, const std::string& network);

// The node's routes to every network, address pool and routed container that it is not attached to: the file's, then
// computed ones.
std::vector<Route> routes_of(const Topology& topology, const Node& node);

}  // namespace offlab
