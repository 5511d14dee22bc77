// Where the programs of a flow's end run: in the node itself, or in its container.
#pragma once

#include <string>

#include "model/topology.h"

namespace offlab {

inline constexpr const char* container_namespace = "container";

// Empty: the node's own.
std::string end_namespace(const Node& node);
// The shell command as the root of a network namespace of the guest runs it; as it is where the name is empty.
std::string in_namespace(const std::string& name, const std::string& command);

}  // namespace offlab
