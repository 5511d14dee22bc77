// How long a change of ESXi hosts takes.
#pragma once

#include "model/esxi_host.h"

namespace offlab {

// Of one change at most, with the shutdown and the start of machines around it.
inline double longest_seconds(const EsxiSwitch& change) {
  if (change.reboot == EsxiReboot::none) return 0;
  return (change.reboot == EsxiReboot::host_reboot ? change.host_seconds : 0) + 2 * change.machine_seconds;
}

}  // namespace offlab
