// Models of virtual NICs, as an ESXi host calls them.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace offlab {

// "VirtualVmxnet3", as the vSphere API calls the device -> "vmxnet3"; empty: it is no NIC.
inline std::string esxi_nic_model(std::string_view device) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> models = {{
      {"VirtualVmxnet3", "vmxnet3"},
      {"VirtualVmxnet3Vrdma", "vmxnet3 (PVRDMA)"},
      {"VirtualVmxnet2", "vmxnet2"},
      {"VirtualVmxnet", "vmxnet"},
      {"VirtualE1000e", "e1000e"},
      {"VirtualE1000", "e1000"},
      {"VirtualPCNet32", "pcnet32"},
      {"VirtualSriovEthernetCard", "SR-IOV"},
  }};
  for (const auto& [type, model] : models)
    if (device == type) return std::string(model);
  return "";
}

}  // namespace offlab
