// Does a guest kernel boot under this accelerator? A /dev/kvm that opens is no proof: some hosts create a VM and then
// hang a stock kernel right after "Booting from ROM".
#pragma once

#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "port/hypervisor.h"

namespace offlab {

struct BootProbe {
  bool booted = false;
  std::string reason;  // why not
};

// Starts the guest, whose init powers it off at once, and waits for that until the deadline.
BootProbe probe_boot(Hypervisor& hypervisor, const DomainSpec& spec, const Deadline& deadline,
                     const std::stop_token& stop);

}  // namespace offlab
