// The commands that configure a guest: interfaces, addresses, routes, forwarding, services.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace offlab {

// Once, after boot. Interfaces are named after their networks.
std::vector<std::string> configuration_commands(const Topology& topology, const Node& node, const NodePlan& plan);

// Connections at the same time at a node: those of the flow that has most.
unsigned streams_at(const Topology& topology, const std::string& node);

// What the sender of a flow runs: iperf3, and a file of random bytes for whoever connects (its digest beside it).
std::vector<std::string> source_commands(const MeasureOptions& measure);
inline constexpr const char* stream_digest_file = "/tmp/offlab-stream.sha256";

// Before every leg: what differs between the cases of a lab, and caches that would carry one leg into the next.
struct Variation {
  std::set<std::string> mtus;     // "NODE/NETWORK" of the interfaces whose MTU some case of the lab changes
  std::set<std::string> shaping;  // networks whose rate, delay or loss some case changes
  std::set<std::string> streams;  // nodes that some case has fewer or more connections at than configuration knows
};
std::vector<std::string> leg_commands(const Topology& topology, const Node& node, const Variation& variation);

}  // namespace offlab
