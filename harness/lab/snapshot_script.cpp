#include "lab/snapshot_script.h"

#include <fmt/core.h>

namespace offlab {

std::string snapshot_script(const NodePlan& node, const std::string& moment, const std::string& mark) {
  std::string script = "section() { echo \"==> $1 <==\"; }\n";
  if (moment == "before") script += fmt::format("echo 'offlab: begin {}' > /dev/kmsg\n", mark);
  const auto add = [&](const std::string& name, const std::string& command) {
    script += fmt::format("section '{}'; {}\n", name, command);
  };
  // Without a process where the shell can read by itself: each costs a guest some 50 ms under software emulation.
  const auto add_value = [&](const std::string& name, const std::string& file) {
    add(name, fmt::format("read v < {}; echo $v", file));
  };
  // As sections, by itself: "==> FILE <==".
  script += "head -v -n 100000 /proc/net/snmp /proc/net/snmp6 /proc/net/netstat\n";
  for (const NicPlan& nic : node.nics) {
    const std::string& name = nic.network;
    add(fmt::format("ethtool -k {}", name), fmt::format("ethtool --json -k {}", name));
    if (node.device_under_test) add(fmt::format("ethtool -S {}", name), fmt::format("ethtool -S {} 2>&1", name));
    add_value(fmt::format("mtu {}", name), fmt::format("/sys/class/net/{}/mtu", name));
  }
  add_value("ip_forward", "/proc/sys/net/ipv4/ip_forward");
  add_value("ipv6_forwarding", "/proc/sys/net/ipv6/conf/all/forwarding");
  if (moment == "after") add("kernel log", fmt::format("dmesg | sed -n '/offlab: begin {}/,$p'", mark));
  return script + "section end";
}

}  // namespace offlab
