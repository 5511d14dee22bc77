#include "lab/snapshot_script.h"

#include <fmt/core.h>

#include "family/guest_family.h"
#include "lab/guest_values.h"
#include "lab/run_commands.h"

namespace offlab {

std::string snapshot_script(const NodePlan& node, const std::string& moment, const std::string& mark) {
  const bool before = moment == "before";
  std::string script;
  if (before) script = family_of(system_of(node)).write_log("offlab: begin " + mark);
  // The shell's own echo and one program: each costs a guest some 50 ms under software emulation.
  script += fmt::format("exec offlab-state{}{}", node.netns.empty() ? "" : " -n " + node.netns,
                        node.device_under_test && !node.existing ? " -d" : "");
  for (const NicPlan& nic : node.nics) script += fmt::format("{} {}", node.device_under_test ? " -s" : "", nic.device);
  if (!before) script += fmt::format(" -l 'offlab: begin {}'", mark);
  return script;
}

std::vector<std::string> snapshot_scripts(const NodePlan& node, const std::string& moment, const std::string& mark,
                                          const std::vector<GuestFile>& files) {
  std::vector<std::string> pieces;
  for (const GuestFile& file : files) pieces.push_back(read_value(file));
  pieces.push_back(snapshot_script(node, moment, mark));
  return packed(pieces);
}

}  // namespace offlab
