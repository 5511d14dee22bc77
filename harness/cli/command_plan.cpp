#include <iostream>

#include <fmt/format.h>

#include "base/clean_format.h"
#include "base/json.h"
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

void print_lab(const LabPlan& lab, bool steps) {
  clean_print(stdout, "{}:\n", lab.name);
  for (const NodePlan& node : lab.nodes) {
    clean_print(stdout, "  {:<10} {}{}\n", node.name, fmt::format("{}", fmt::join(node.addresses, ", ")),
                node.device_under_test ? "  (under test)" : "");
    for (const NicPlan& nic : node.nics)
      clean_print(stdout, "  {:<10}   {} on {}, host side {}\n", "", to_string(nic.model), nic.network, nic.tap);
  }
  if (steps) print_steps(lab.configuration, "    ");
  double seconds = 0;
  for (const CasePlan& one : lab.cases) {
    clean_print(stdout, "  case {}  (verify expects {})\n", one.id, to_string(one.expect));
    for (const LegPlan& leg : one.legs) {
      if (!steps) continue;
      clean_print(stdout, "    {}{}\n", leg_name(leg.role, leg.round),
                  leg.round == 1 ? "" : "  (only while the goodput's confidence interval holds the floor)");
      print_steps(leg.steps, "      ");
    }
    seconds += usual_traffic_seconds(one);
  }
  clean_print(stdout, "  {} case{}, at most {:.0f} s of traffic with controls where the goodput is clear\n",
              lab.cases.size(), lab.cases.size() == 1 ? "" : "s", seconds);
}

}  // namespace

int plan_command(const PlanOptions& options) {
  const LoadedScenario loaded = load_scenario(options.scenario);
  const RunPlan plan = make_plan(loaded.scenario, loaded.cases, Question::healthy);
  if (options.json)
    std::cout << clean_json(plan_to_json(plan)).dump(1) << "\n";
  else
    for (const LabPlan& lab : plan.labs) print_lab(lab, options.steps);
  return 0;
}

}  // namespace offlab
