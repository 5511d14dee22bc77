#include "lab/configure_node.h"

#include <fmt/core.h>

#include "base/error.h"
#include "lab/disk_guest.h"
#include "lab/run_commands.h"
#include "measure/sections.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

// A restored guest's clock shows when it was saved.
std::string set_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("date -s @{} >/dev/null", std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

std::vector<std::string> configuration_commands(const LabPlan& lab, const NodePlan& node) {
  std::vector<std::string> commands;
  if (!node.existing) commands.push_back(set_clock());
  for (const Step& step : lab.configuration)
    if (const auto* run = std::get_if<step::RunCommands>(&step); run != nullptr && run->node == node.name)
      commands.insert(commands.end(), run->commands.begin(), run->commands.end());
  std::string read_back = "echo; offlab-state";
  for (const NicPlan& nic : node.nics) read_back += " " + nic.device;
  commands.push_back(std::move(read_back));
  return commands;
}

}  // namespace

std::map<NicRef, std::string> configure_node(const LabPlan& lab, const NodePlan& node, NodeShell& shell, Clock& clock,
                                             Observer& observer, const std::stop_token& stop) {
  if (node.disk || node.existing) check_disk_guest(shell, clock, node, observer, stop);
  std::vector<std::string> commands = configuration_commands(lab, node);
  const std::string read_back = std::move(commands.back());
  commands.pop_back();
  if (!node.expected.nics.empty()) {
    run_commands(shell, clock, node.name, "configuration", commands, limits::configuration, stop);
    commands.clear();
    check_own_configuration(shell, clock, node, stop);
  }
  commands.push_back(read_back);
  const std::string output =
      run_commands(shell, clock, node.name, "configuration", commands, limits::configuration, stop);
  auto sections = parse_sections(output);
  std::map<NicRef, std::string> offloads;
  for (const NicPlan& nic : node.nics) {
    const auto found = sections.find("ethtool -k " + nic.device);
    if (found == sections.end()) throw Error(fmt::format("{} did not tell the offloads of {}", node.name, nic.device));
    for (const std::string& network : networks_of(nic)) offloads[{node.name, network}] = found->second;
  }
  return offloads;
}

}  // namespace offlab
