// A machine's shape as a topology file.
#pragma once

#include <string>

#include "model/machine_survey.h"

namespace offlab {

// A router with the models, MTUs, LRO and GRO of the NICs that forward, and an end on each of their networks. The
// server is on the NIC of the default route, or else on the last one. What is above the NICs (VLANs, bonds, tunnels,
// NAT) is left out, and the file says so. Throws Error where fewer than two NICs can be put into a lab, and for a
// FreeBSD machine: the routers of labs run Linux.
std::string topology_of(const MachineSurvey& survey, const std::string& name);

}  // namespace offlab
