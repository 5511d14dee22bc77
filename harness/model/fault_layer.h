// The layer that a fault is in: where it has to be cured.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace offlab {

enum class FaultLayer {
  hypervisor,  // below the guest: virtual switch, tap, the host's NIC
  nic,         // the guest's virtual NIC
  guest,       // the driver in the guest
  router,      // the guest's forwarding: rules, queues, tunnels, tables
  network,     // MTUs and filters of the way
};

constexpr std::string_view to_string(FaultLayer layer) {
  switch (layer) {
    case FaultLayer::hypervisor:
      return "hypervisor";
    case FaultLayer::nic:
      return "nic";
    case FaultLayer::guest:
      return "guest";
    case FaultLayer::router:
      return "router";
    case FaultLayer::network:
      return "network";
  }
  return "?";
}

constexpr std::optional<FaultLayer> parse_fault_layer(std::string_view text) {
  for (const FaultLayer layer :
       std::array{FaultLayer::hypervisor, FaultLayer::nic, FaultLayer::guest, FaultLayer::router, FaultLayer::network})
    if (to_string(layer) == text) return layer;
  return std::nullopt;
}

}  // namespace offlab
