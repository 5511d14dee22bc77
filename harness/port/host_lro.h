// LRO of the hosts below the machines of a run, switched between its labs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/esxi_host.h"

namespace offlab {

class HostLroControl {
 public:
  virtual ~HostLroControl() = default;

  // The hosts have what is wanted when it returns, in force as far as a reboot can do that, and the machines answer
  // again. Nothing is done where it is so already. Throws Error, and Interrupted.
  virtual void bring_to(const HostLro& wanted, const std::vector<std::pair<std::string, MachineLogin>>& machines) = 0;
  // All hosts are as they were before the run. What could not be brought back is said in notes.
  virtual void give_back() noexcept = 0;
};

}  // namespace offlab
