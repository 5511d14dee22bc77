#include "worker/existing_access.h"

#include <set>

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "lab/parallel.h"
#include "machine/pktcap.h"
#include "plan/deadlines.h"
#include "ssh/ssh_node_shell.h"
#include "worker/machine_shell.h"

namespace offlab {

std::string shell_name(const CaptureHost& capture) {
  return fmt::format("capture host {}@{}:{}", capture.host.login.user, capture.host.address, capture.host.login.port);
}

std::map<std::string, SshTarget> targets_of(const LabPlan& lab) {
  std::map<std::string, SshTarget> targets;
  for (const NodePlan& node : lab.nodes) {
    targets[node.name] = target_of(*node.existing);
    for (const NicPlan& nic : node.nics)
      if (nic.capture) targets[shell_name(*nic.capture)] = machine_target(nic.capture->host, "/usr/sbin:/sbin");
  }
  return targets;
}

namespace {

// Before anything is sent.
void check_tap(NodeShell& shell, Clock& clock, const CaptureHost& capture, const std::stop_token& stop) {
  const std::string linux_script = fmt::format(
      "command -v tcpdump > /dev/null || {{ echo 'there is no tcpdump'; exit 1; }}; all=$(sed -n "
      "'s/^ *\\([^ :]*\\):.*/\\1/p' /proc/net/dev); for one in $all; do [ $one = {0} ] && exit 0; done; "
      "echo \"it has no interface {0}; it has\" $all; exit 1",
      capture.interface);
  const std::string script = capture.is_esxi ? pktcap_place(capture.interface) : linux_script;
  const CommandResult result =
      shell.run(shell_name(capture), script, Deadline(shell_name(capture), limits::command, clock), stop);
  if (result.exit_status != 0)
    throw Error(fmt::format("{}: {}", shell_name(capture), without_last_ends_of_line(result.output)),
                capture.is_esxi ? "on an ESXi host `net-stats -l` names the virtual NICs"
                                : "on a KVM host `virsh domiflist DOMAIN` names the taps");
}

}  // namespace

void connect_capture_hosts(const LabPlan& lab, NodeShell& shell, Clock& clock, const std::stop_token& stop) {
  std::set<std::string> names;
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics)
      if (nic.capture) names.insert(shell_name(*nic.capture));
  for (const std::string& name : names) shell.connect(name, Deadline(name, limits::reached, clock), stop);
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics)
      if (nic.capture) check_tap(shell, clock, *nic.capture, stop);
}

void check_access(const LabPlan& lab, Clock& clock, const std::stop_token& stop) {
  SshNodeShell shell(targets_of(lab));
  for_each_at_once(lab.nodes, [&](const NodePlan& node) {
    with_frame(fmt::format("machine '{}' ({})", node.name, node.existing->address),
               [&] { shell.connect(node.name, Deadline("ssh on " + node.name, limits::reached, clock), stop); });
  });
  connect_capture_hosts(lab, shell, clock, stop);
}

}  // namespace offlab
