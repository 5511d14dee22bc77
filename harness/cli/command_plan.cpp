#include <algorithm>
#include <cmath>
#include <iostream>

#include <fmt/format.h>

#include "base/clean_format.h"
#include "base/json.h"
#include "base/number_words.h"
#include "cli/commands.h"
#include "plan/make_plan.h"
#include "record/clean_json.h"
#include "record/plan_json.h"

namespace offlab {
namespace {

void print_steps(const std::vector<Step>& steps, const std::string& indent) {
  for (const Step& step : steps) {
    std::string text = describe(step);
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 1 + indent.size())
      text.insert(at + 1, indent);
    fmt::print("{}\n", clean_text(indent + text));
  }
}

std::string where(const MachineLogin& machine) {
  std::string text = fmt::format("{}@{}", machine.login.user, machine.address);
  if (!machine.jumps.empty()) text += fmt::format(" through {}", fmt::join(machine.jumps, ", "));
  return text;
}

// What a NIC is, and where its frames are seen.
std::string words_of(const NodePlan& node, const NicPlan& nic) {
  if (!node.existing) return fmt::format("{} on {}, host side {}", to_string(nic.model), nic.network, nic.tap);
  const std::string device = fmt::format("{} on {}", nic.device, nic.network);
  if (!node.device_under_test) return device;
  if (nic.capture)
    return fmt::format("{}, captured on {} of {}", device, nic.capture->interface, where(nic.capture->host));
  return device + ", captured inside";
}

void print_lab(const LabPlan& lab, bool steps, const std::vector<std::string>& left_out) {
  clean_print(stdout, "{}:{}\n", lab.name,
              lab.host_lro ? fmt::format("  hosts with LRO {}", lab.host_lro->on ? "on" : "off") : std::string());
  for (const NodePlan& node : lab.nodes) {
    clean_print(stdout, "  {:<10} {}{}\n", node.name, fmt::format("{}", fmt::join(node.addresses, ", ")),
                node.device_under_test ? "  (under test)" : "");
    if (node.existing) clean_print(stdout, "  {:<10}   exists, over SSH: {}\n", "", where(*node.existing));
    for (const NicPlan& nic : node.nics) clean_print(stdout, "  {:<10}   {}\n", "", words_of(node, nic));
  }
  if (steps) print_steps(lab.configuration, "    ");
  for (const CasePlan& one : lab.cases) {
    const bool has_time = std::find(left_out.begin(), left_out.end(), one.id) == left_out.end();
    const bool is_fault = one.expect != Expectation(FaultClass::healthy);
    clean_print(stdout, "  case {}{}{}\n", one.id,
                is_fault ? fmt::format("  (the file expects {})", to_string(one.expect)) : "",
                has_time ? "" : "  no time for it");
    for (const LegPlan& leg : one.legs) {
      if (!steps) continue;
      clean_print(stdout, "    {}{}\n", leg_name(leg.role, leg.round),
                  leg.round == 1 ? "" : "  (only while the goodput's confidence interval holds the floor)");
      print_steps(leg.steps, "      ");
    }
  }
}

std::string minutes(double seconds) {
  const auto whole = std::lround(seconds);
  return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

// Who knows what the hosts have? They end as they began, so with both values there are two changes whatever it is.
void print_hosts(const RunPlan& plan) {
  std::vector<const HostLro*> wanted;
  for (const LabPlan& lab : plan.labs)
    if (lab.host_lro) wanted.push_back(&*lab.host_lro);
  if (wanted.empty()) return;
  std::size_t changes = 0;
  for (std::size_t i = 1; i < wanted.size(); ++i)
    if (wanted[i]->on != wanted[i - 1]->on) ++changes;
  const bool same_ends = wanted.front()->on == wanted.back()->on;
  const EsxiSwitch& how = wanted.front()->change;
  const std::string what = how.reboot == EsxiReboot::host_reboot      ? "reboots of each host"
                           : how.reboot == EsxiReboot::vm_power_cycle ? "power cycles of the virtual machines"
                                                                      : "changes of the hosts' settings";
  std::string number = std::to_string(changes + 1);
  if (same_ends) number = fmt::format("{} or {}", changes, changes + 2);
  const double seconds = (how.reboot == EsxiReboot::host_reboot ? how.host_seconds : 0) +
                         (how.reboot == EsxiReboot::none ? 0 : 2 * how.machine_seconds);
  const double most = static_cast<double>(same_ends ? changes + 2 : changes + 1) * seconds;
  clean_print(stdout, "hosts of {}: {} {}{}, the way back included\n", wanted.front()->file, number, what,
              most > 0 ? fmt::format(", at most {} in all", minutes(most)) : std::string());
}

void print_times(const LoadedScenario& loaded, const RunPlan& plan, const TimeEstimate& estimate,
                 std::size_t left_out) {
  clean_print(stdout, "{} in {}, about {} ({})\n", count_of(loaded.cases.size(), "case", "cases"),
              count_of(plan.labs.size(), "lab", "labs"), minutes(total_seconds(estimate, plan)),
              loaded.last.empty() ? "an estimate for software emulation on two cores; --last RUN uses measured times"
                                  : "by the times of the last run");
  if (loaded.budget_seconds)
    clean_print(stdout, "{} of them fit in {}\n", loaded.cases.size() - left_out, minutes(*loaded.budget_seconds));
}

}  // namespace

int plan_command(const PlanOptions& options) {
  const LoadedScenario loaded = load_scenario(options.scenario);
  const RunPlan plan = make_plan(loaded.scenario, loaded.cases, Question::healthy);
  const TimeEstimate estimate = estimate_time(plan, loaded.last);
  std::vector<std::string> left_out;
  if (loaded.budget_seconds) left_out = beyond_budget(plan, estimate, *loaded.budget_seconds);
  if (options.json) {
    std::cout << clean_json(plan_to_json(plan)).dump(1) << "\n";
    return 0;
  }
  for (const LabPlan& lab : plan.labs) print_lab(lab, options.steps, left_out);
  print_hosts(plan);
  print_times(loaded, plan, estimate, left_out.size());
  return 0;
}

}  // namespace offlab
