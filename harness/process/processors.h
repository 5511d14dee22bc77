// Which processors processes run on.
#pragma once

#include <vector>

namespace offlab {

// Those of the host that this process may use, in order.
std::vector<unsigned> usable_cpus();

// The same where they are not all that the host has (taskset, a scheduler); otherwise none.
std::vector<unsigned> restricted_cpus();

// Every process and thread of this PID namespace runs on these from here on, and what they start. libvirt gives QEMU
// all processors of the host, whatever it may use itself: to be called again once guests run. Throws Error when this
// process cannot be moved; others may end meanwhile.
void pin_all_processes(const std::vector<unsigned>& cpus);

}  // namespace offlab
