#include "lab/snapshot_script.h"

#include <fmt/core.h>

namespace offlab {

std::string snapshot_script(const NodePlan& node, const std::string& moment, const std::string& mark) {
  std::string script = "section() { echo \"==> $1 <==\"; }\n";
  if (moment == "before") script += fmt::format("echo 'offlab: begin {}' > /dev/kmsg\n", mark);
  const auto add = [&](const std::string& name, const std::string& command) {
    script += fmt::format("section '{}'; {}\n", name, command);
  };
  for (const char* file : {"/proc/net/snmp", "/proc/net/snmp6", "/proc/net/netstat"})
    add(file, fmt::format("cat {}", file));
  for (const NicPlan& nic : node.nics) {
    const std::string& name = nic.network;
    add(fmt::format("ethtool -k {}", name), fmt::format("ethtool --json -k {}", name));
    add(fmt::format("ethtool -S {}", name), fmt::format("ethtool -S {} 2>&1", name));
    add(fmt::format("mtu {}", name), fmt::format("cat /sys/class/net/{}/mtu", name));
  }
  add("ip_forward", "cat /proc/sys/net/ipv4/ip_forward");
  add("ipv6_forwarding", "cat /proc/sys/net/ipv6/conf/all/forwarding");
  if (moment == "after") add("kernel log", fmt::format("dmesg | sed -n '/offlab: begin {}/,$p'", mark));
  return script + "section end";
}

}  // namespace offlab
