// Settings: the words a case uses to change the topology.
//
//   hypervisor.lro                        off | passthrough | merge   every tap of the devices under test
//   hypervisor.lro-families               both | ipv4 | ipv6          whose merged frames they accept
//   NETWORK.hypervisor.lro                                            their taps on that network
//   NETWORK.mtu                           68..65535                   and of every interface without an own MTU
//   NETWORK.rate, .delay, .loss           "100mbit", "10ms", "0.1%"
//   NODE.model                            virtio | vmxnet3 | ...      every interface of the node
//   NODE.mtu, NODE.hypervisor.lro
//   NODE.FEATURE                          on | off                    as `ethtool -k` names it
//   NODE.host.NAME, NODE.guest.NAME       on | off                    libvirt's <host>, <guest> of a virtio NIC
//   NODE.NETWORK.KEY                                                  any of these for one interface
//   NODE.vcpus, NODE.memory, NODE.kernel  a number; MiB; a release
//   limits.coverage, ...                  what the verdict allows (model/limits.h)
//   FLOW.df, FLOW.family, FLOW.streams    true | false; ipv4 | ipv6; 1..128
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/topology.h"

namespace offlab {

// One setting as the file words it: {"router.lro", "off"}.
using SettingText = std::pair<std::string, std::string>;

struct SettingError {
  bool in_key = false;  // the key is wrong; otherwise its value
  std::string message;
  std::string hint;
};

inline constexpr unsigned max_streams = 128;  // iperf3's MAX_STREAMS

// "6.1.0-47-amd64"
bool is_kernel_release(std::string_view text);

// Changes the topology; nothing on success. On an error the topology may be half changed.
std::optional<SettingError> apply_setting(Topology& topology, const SettingText& setting);

// What a case of this topology may switch, with the values, one setting a line: for people.
std::string describe_settings(const Topology& topology);

// Every key that exists for this topology, for hints.
std::vector<std::string> setting_keys(const Topology& topology);

}  // namespace offlab
