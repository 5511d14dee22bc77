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
#include "session/existing_place.h"

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
  if (steps && lab.host_lro)
    for (const std::string& line : changes_of_hosts(*lab.host_lro)) clean_print(stdout, "    {}\n", line);
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
  if (const std::string changes = host_changes(plan); !changes.empty())
    clean_print(stdout, "{}; the time below is without them\n", changes);
  print_times(loaded, plan, estimate, left_out.size());
  return 0;
}

}  // namespace offlab
