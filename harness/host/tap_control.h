// The offloads of a tap: read with ethtool's ioctl, forced on the descriptor that QEMU holds.
#pragma once

#include <map>
#include <string>

#include "port/injection.h"

namespace offlab {

// Every feature of a network device by the kernel's name, true when active. Source: linux/ethtool.h ETHTOOL_GFEATURES.
std::map<std::string, bool> device_features(const std::string& device);

enum class DeviceOffload { tso, gso, gro };

// Switches an offload of a network device, as `ethtool -K` does. Source: linux/ethtool.h ETHTOOL_STSO, SGSO, SGRO.
void set_device_offload(const std::string& device, DeviceOffload offload, bool on);

// TUNSETOFFLOAD on the tap's descriptor in whatever process of this PID namespace has it open (pidfd_getfd).
void set_tap_offload(const std::string& tap, OffloadWord word);

}  // namespace offlab
