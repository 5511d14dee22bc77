#include "staying/guest_access.h"

#include <algorithm>

#include <fmt/ranges.h>
#include <net/if.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "family/guest_family.h"
#include "lab/serial_log.h"
#include "process/isolation.h"
#include "ssh/guest_target.h"

namespace offlab {
namespace {
// A guest that is up answers in a fraction of a second, even under load.
constexpr auto connect_limit = std::chrono::seconds(10);
}  // namespace

const NodePlan& node_of(const LabEntry& entry, const std::string& name) {
  std::vector<std::string> names;
  for (const NodePlan& node : entry.plan.nodes) {
    if (node.name == name) return node;
    names.push_back(node.name);
  }
  throw UsageError(
      fmt::format("error: lab '{}' has no node '{}'; it has {}\n", entry.name, name, fmt::join(names, ", ")));
}

const NicPlan& nic_of(const NodePlan& node, const std::string& interface) {
  std::vector<std::string> names;
  for (const NicPlan& nic : node.nics) {
    if (is_on(nic, interface) || nic.tap == interface || nic.device == interface) return nic;
    names.push_back(nic.network);
  }
  throw UsageError(
      fmt::format("error: {} has no interface '{}'; it has {}\n", node.name, interface, fmt::join(names, ", ")));
}

std::filesystem::path serial_log_of(const std::filesystem::path& lab_folder, const LabEntry& entry,
                                    const std::string& node) {
  return lab_folder / "labs" / entry.plan.name / (node + ".serial.log");
}

bool guest_runs(const NodePlan& node) {
  return if_nametoindex(node.nics.front().tap.c_str()) != 0;
}

LabKeys keys_of(const LabEntry& entry, const NodePlan& node) {
  const auto name = entry.guest_keys.find(node.name);
  if (name == entry.guest_keys.end())
    throw Error(fmt::format("lab '{}' was started by an earlier offlab, whose guests share a key", entry.name),
                fmt::format("offlab down {}, and start it again", entry.name));
  return guest_keys(lab_paths::keys, name->second);
}

SshTarget target_of(const LabEntry& entry, const NodePlan& node) {
  const NodePlan& planned = node_of(entry, node.name);  // whose place among the others tells its address
  return node_target(
      entry.plan, planned, keys_of(entry, node),
      {std::filesystem::path(lab_paths::secrets) / node.name, family_of(SystemKind::gnu_linux).tool_path()});
}

int with_guest(const LabEntry& entry, const NodePlan& node, const std::function<int(SshSession&)>& action) {
  try {
    if (!guest_runs(node)) throw Error("the guest ended");
    SshSession session(target_of(entry, node), Deadline("ssh on " + node.name, connect_limit), {});
    return action(session);
  } catch (const Error& error) {
    throw Error(fmt::format("node '{}': {}; its serial log ends: {}", node.name, error.what(),
                            serial_tail(serial_log_of(lab_paths::out, entry, node.name))),
                fmt::format("offlab console --lab {} {}", entry.name, node.name));
  }
}

}  // namespace offlab
