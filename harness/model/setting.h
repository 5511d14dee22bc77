// Settings: the words a case uses to change the topology.
//
//   hypervisor.lro                  off | passthrough          every tap of the device under test
//   NETWORK.hypervisor.lro          off | passthrough          its tap on that network
//   NETWORK.mtu                     68..65535                  the network and every interface without an own MTU
//   NODE.model                      virtio | vmxnet3 | ...     every interface of the node
//   NODE.NETWORK.model                                         one of them
//   NODE.mtu, NODE.NETWORK.mtu      68..65535
//   NODE.FEATURE, NODE.NETWORK.FEATURE   on | off              as `ethtool -k` names it
//   NODE.vcpus, NODE.memory         a number; MiB
//   FLOW.df                         true | false
//   FLOW.family                     ipv4 | ipv6
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

// Changes the topology; nothing on success. On an error the topology may be half changed.
std::optional<SettingError> apply_setting(Topology& topology, const SettingText& setting);

// What a case of this topology may switch, with the values, one setting a line: for people.
std::string describe_settings(const Topology& topology);

// Every key that exists for this topology, for hints.
std::vector<std::string> setting_keys(const Topology& topology);

}  // namespace offlab
