// Shell commands that switch settings in a guest. Under software emulation a process costs a guest some 50 ms: what the
// shell can do itself it does.
#pragma once

#include <string>

#include "model/topology.h"

namespace offlab {

// Nothing happens to a NIC that has this MTU.
std::string mtu_command(const std::string& device, NicModel model, Mtu mtu);

// Holds back what an end sends.
std::string shaping_command(const std::string& device, const Shaping& shaping);

// TCP's windows of a node with so many connections at the same time.
std::string windows_command(const Node& node, unsigned streams);

// Whether a node's TCP sets DF: for connections that it takes on sockets made from now on.
std::string df_value(bool df);
// Fails where the node's TCP sends without DF.
std::string require_df();
// The same, and where it was otherwise the node's source of traffic is started again, so that it holds for that, too.
std::string df_command(bool df);

// Connections at the same time at a node: those of the flow that has most.
unsigned streams_at(const Topology& topology, const std::string& node);

// False when any flow from there is to go without.
bool sets_df(const Topology& topology, const std::string& node);

}  // namespace offlab
