#include "plan/existing_lab.h"

#include <algorithm>

#include "setting/sysctl.h"

namespace offlab {

Observability seen_of_existing(const Topology& topology) {
  Observability seen{.captures = {}, .tap_states = false};
  for (const Node& node : topology.nodes) {
    if (!is_device_under_test(node)) continue;
    for (const Interface& interface : node.interfaces)
      seen.captures.insert(interface.capture ? CaptureSide::host : CaptureSide::guest);
  }
  return seen;
}

GuestItems switchable_on_existing(const GuestItems& items) {
  GuestItems switchable;
  for (const GuestItem& item : items)
    if (item.what == Switch::mtu || item.what == Switch::sysctl || item.what == Switch::offload)
      switchable.insert(item);
  return switchable;
}

Switched switched_on(const Node& node, const GuestItems& items) {
  Switched switched;
  for (const GuestItem& item : items) {
    if (item.node != node.name) continue;
    if (item.what == Switch::sysctl) {
      switched.files.insert(sysctl_file(item.name));
      continue;
    }
    const std::string& device = device_of(*find_interface(node, item.network));
    // A NIC that comes up with a new MTU may come up with other offloads.
    switched.offloads.insert(device);
    if (item.what == Switch::mtu) switched.mtus.insert(device);
  }
  return switched;
}

double longest_measured(const MeasureOptions& measure) {
  const double seconds_of_bytes = static_cast<double>(measure.max_bytes.bytes) * 8 / measure.max_rate.bits_per_second;
  return std::min(measure.max_seconds, seconds_of_bytes) - measure.warmup_seconds;
}

}  // namespace offlab
