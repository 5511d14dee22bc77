// How offlab reaches the guests that it made.
#pragma once

#include <string>

#include "ssh/lab_keys.h"
#include "ssh/ssh_target.h"

namespace offlab {

// fe80::.../64 made from a MAC address as EUI-64 (RFC 4291, appendix A). Throws Error when `mac` is none.
std::string link_local_address(const std::string& mac);

// The guest whose management NIC has this MAC address, for a process in the lab's network namespace.
SshTarget guest_target(const LabKeys& keys, const std::string& mac);

}  // namespace offlab
