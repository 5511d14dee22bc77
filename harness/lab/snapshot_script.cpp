#include "lab/snapshot_script.h"

#include <fmt/core.h>

namespace offlab {

std::string snapshot_script(const NodePlan& node, const std::string& moment, const std::string& mark) {
  const bool before = moment == "before";
  std::string script;
  if (before) script = fmt::format("echo 'offlab: begin {}' > /dev/kmsg\n", mark);
  // The shell's own echo and one program: each costs a guest some 50 ms under software emulation.
  script += "exec offlab-state";
  for (const NicPlan& nic : node.nics) script += fmt::format("{} {}", node.device_under_test ? " -s" : "", nic.device);
  if (!before) script += fmt::format(" -l 'offlab: begin {}'", mark);
  return script;
}

}  // namespace offlab
