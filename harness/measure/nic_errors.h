// Error counters of a NIC, as `ethtool -S` prints them.
#pragma once

#include <string>
#include <vector>

namespace offlab {

// The counters that are about errors or drops and grew, in the order of the driver: "rx_long_length_errors +68". Names
// repeat within a driver's list (vmxnet3 has one a queue), so counters are told apart by their place.
std::vector<std::string> grown_nic_errors(const std::string& before, const std::string& after);
// By how much what came while a NIC's receive ring was full has grown, by the counters of vmxnet3, virtio, e1000,
// e1000e and rtl8139 (8139cp counts it in rx_err as well).
std::uint64_t grown_ring_drops(const std::string& before, const std::string& after);

}  // namespace offlab
