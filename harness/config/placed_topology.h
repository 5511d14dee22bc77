// A topology together with the places in the file where its parts stand, for diagnostics of later checks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/topology.h"

namespace offlab {

// A key that is absent has the place of its table.
struct NetworkPlaces {
  SourcePosition whole, name, ipv4, ipv6, shaping, trunk;
  bool is_sound = true;   // false: a prefix is missing or unreadable, which has been reported
  bool deployed = false;  // its addresses may be any
};

struct InterfacePlaces {
  SourcePosition whole, network, ipv4, ipv6, vlan;
};

struct NodePlaces {
  SourcePosition whole, name, pool, image, container;
  std::vector<InterfacePlaces> interfaces;
  std::vector<SourcePosition> routes;  // of their gateways
  bool has_role = true;                // false: it follows from the flows
  bool is_sound = true;                // false: its role or its interfaces are missing or unreadable
};

struct FlowPlaces {
  SourcePosition whole, name, from, to, family, background, initiator, connect;
  std::optional<std::string> initiator_name;  // nothing: it follows from the roles
  bool is_sound = true;                       // false: its family or one of its ends is missing or unreadable
};

// Each vector of places has the same length and order as its counterpart in the topology; interfaces likewise.
// Names may be empty and references may lead nowhere until check_topology has found nothing wrong.
struct PlacedTopology {
  Topology topology;
  std::vector<NetworkPlaces> networks;
  std::vector<NodePlaces> nodes;
  std::vector<FlowPlaces> flows;
};

}  // namespace offlab
