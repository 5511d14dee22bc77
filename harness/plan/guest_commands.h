// The commands that configure a guest: interfaces, addresses, routes, forwarding, services.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/variation.h"

namespace offlab {

// Once, after boot.
std::vector<std::string> configuration_commands(const Topology& topology, const Node& node, const NodePlan& plan);

// What the sender of a flow runs: iperf3, and a file of random bytes for whoever connects (its digest beside it).
std::vector<std::string> source_commands(const MeasureOptions& measure);
inline constexpr const char* stream_digest_file = "/tmp/offlab-stream.sha256";

// Before every leg: what differs between the cases of a lab, and caches that would carry one leg into the next.
std::vector<std::string> leg_commands(const Topology& topology, const Node& node, const Variation& variation);

}  // namespace offlab
