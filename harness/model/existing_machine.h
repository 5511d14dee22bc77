// A machine that exists already: offlab makes nothing, reaches it over SSH, and puts back what it switched there.
#pragma once

#include <string>
#include <vector>

#include "model/disk_image.h"
#include "model/system_kind.h"

namespace offlab {

struct MachineLogin {
  std::string address = {};  // a name, an IPv4 or an IPv6 address, as the last jump host knows it
  GuestLogin login = {};
  std::vector<std::string> jumps = {};  // hosts to go through, the nearest first: "admin@bastion:22"
  std::string known_hosts = {};         // absolute; empty: ~/.ssh/known_hosts. Not used where login has host keys
  SystemKind system = SystemKind::gnu_linux;
  bool operator==(const MachineLogin&) const = default;
};

// The host below a machine, where frames of one of its NICs are captured: the tap of a virtual machine.
struct CaptureHost {
  MachineLogin host;
  std::string interface = {};  // "vnet7"; of ESXi: "vmnic0", or a virtual NIC: its port's number, its MAC, "vm.eth0"
  bool is_esxi = false;        // by pktcap-uw; false: by tcpdump
  bool operator==(const CaptureHost&) const = default;
};

}  // namespace offlab
