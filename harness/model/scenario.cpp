#include "model/scenario.h"

namespace offlab {

Topology control_topology(const Topology& topology) {
  Topology control = topology;
  for (Network& network : control.networks) network.hypervisor_lro = HypervisorLro::off;
  for (Node& node : control.nodes) {
    if (!is_device_under_test(node)) continue;
    for (Interface& interface : node.interfaces) {
      interface.hypervisor_lro.reset();
      interface.features[std::string(feature_lro)] = false;
      const auto hardware_gro = interface.features.find("rx-gro-hw");
      if (hardware_gro != interface.features.end()) hardware_gro->second = false;
    }
  }
  return control;
}

}  // namespace offlab
