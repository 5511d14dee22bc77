// What differs between topologies of one lab, as far as guests are told by commands.
#pragma once

#include <set>
#include <string>

#include "model/nic_ref.h"
#include "model/topology.h"

namespace offlab {

struct Variation {
  std::set<NicRef> mtus;          // NICs whose MTU differs
  std::set<std::string> shaping;  // networks whose rate, delay or loss differs
  std::set<std::string> streams;  // nodes with fewer or more connections

  void merge(Variation other);
};

// Connections at the same time at a node: those of the flow that has most.
unsigned streams_at(const Topology& topology, const std::string& node);

// Of two topologies with the same nodes and networks.
Variation variation_between(const Topology& from, const Topology& to);

}  // namespace offlab
