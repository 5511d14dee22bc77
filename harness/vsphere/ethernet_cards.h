// The Ethernet cards among a virtual machine's devices (config.hardware.device). Pure.
#pragma once

#include <vector>

#include <pugixml.hpp>

#include "port/host_power.h"

namespace offlab {

std::vector<HostNic> ethernet_cards(const pugi::xml_node& devices);

}  // namespace offlab
