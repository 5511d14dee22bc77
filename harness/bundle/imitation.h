// A lab that imitates a router of which only captures are known: three virtual machines with the MTUs, the address
// family and the state of LRO that the captures show, and the coalescing that makes the fault.
#pragma once

#include <optional>
#include <string>

#include "model/fault_class.h"
#include "model/measurement.h"

namespace offlab {

struct SeenRouter {
  std::string name;  // of the case
  FaultClass fault_class = FaultClass::unknown;
  bool ipv6 = false;
  Mtu ingress_mtu = {};
  Mtu egress_mtu = {};
  std::optional<bool> lro = {};  // the guest's, of its ingress NIC; nothing: not known
  bool sends_df = true;
  std::uint64_t announced_segment = 0;  // the receiver's MSS; 0: not seen
};

// What is known of a router from a leg that was measured at it.
SeenRouter router_seen_by(const std::string& name, FaultClass fault_class, const LegMeasurements& measured, bool ipv6,
                          Mtu ingress_mtu, Mtu egress_mtu);

// Why there is no such lab: faults whose cause a capture does not show. Empty: there is one.
std::string trouble_with_imitation(FaultClass fault_class);

// The topology file.
std::string imitation_file(const SeenRouter& router);

}  // namespace offlab
