// Taps that a process of the host made in its own network namespace, for this one.
#pragma once

#include <string>

#include "base/handle.h"
#include "port/hypervisor.h"

namespace offlab {

class OuterTaps {
 public:
  // `network`: the network namespace that they are made in.
  explicit OuterTaps(UniqueFd network) : network_(std::move(network)) {}

  // Brings the tap `name` of that namespace into this one, under the NIC's name for it, as a port of the NIC's bridge
  // and with its MTU. Whoever has it open goes on with it. Throws Error where there is no such tap, or this process may
  // not.
  void take(const std::string& name, const DomainNic& nic) const;

 private:
  UniqueFd network_;
};

}  // namespace offlab
