// The lab of topologies/demo.toml in a world of fakes, for tests.
#pragma once

#include <gtest/gtest.h>

#include "base/error.h"
#include "fake/fake_world.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "unit/plan/shipped_scenarios.h"
#include "unit/temp_folder.h"

namespace offlab {

inline const RunPlan& demo_plan() {
  static const RunPlan plan = [] {
    const Scenario scenario = shipped_scenario("demo");
    return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::as_expected);
  }();
  return plan;
}

class DemoLab : public testing::Test {
 protected:
  DemoLab() { std::filesystem::create_directories(logs()); }

  const LabPlan& plan() const { return demo_plan().labs.at(0); }
  const CasePlan& broken() const { return plan().cases.at(0); }
  const CasePlan& fixed() const { return plan().cases.at(1); }
  std::filesystem::path logs() const { return temp.path() / "labs" / "lab-1"; }

  // It boots every guest, or restores those that were saved.
  Lab lab() { return lab(world.ports()); }
  Lab lab(LabPorts ports) { return lab(plan(), ports); }
  // Another plan for the same machines, which outlives the lab.
  Lab lab(const LabPlan& of, LabPorts ports) {
    std::map<std::string, BootFiles> boot_files;
    for (const NodePlan& node : of.nodes) {
      world.clock.hold(node.name);  // they boot at once
      boot_files[node.name] = {"kernel", "initrd", {}};
    }
    return {of, ports, Accelerator::tcg, boot_files, logs(), stop.get_token()};
  }

  FakeWorld world;
  TempFolder temp;
  std::stop_source stop;
};

// What the Problem says that `action` throws; empty when it throws none.
template <typename Problem, typename Action>
std::string problem_of(Action&& action) {
  try {
    action();
  } catch (const Problem& problem) {
    return problem.what();
  }
  return "";
}
template <typename Action>
std::string error_of(Action&& action) {
  return problem_of<Error>(std::forward<Action>(action));
}
template <typename Action>
std::string refusal_of(Action&& action) {
  return problem_of<Unsupported>(std::forward<Action>(action));
}

// The first leg of the case that has this role.
inline const LegPlan& leg_of(const CasePlan& plan, LegRole role) {
  for (const LegPlan& leg : plan.legs)
    if (leg.role == role) return leg;
  throw std::logic_error("no such leg");
}

// A plan of demo.toml with these cases in place of its own.
inline RunPlan demo_plan_with(const std::vector<NamedCase>& cases) {
  Scenario scenario = shipped_scenario("demo");
  scenario.named_cases = cases;
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
}

// Its lab runs, and keeps what the last leg showed.
class RunningDemoLab : public DemoLab {
 protected:
  RunningDemoLab() : RunningDemoLab(demo_plan().labs.at(0)) {}
  explicit RunningDemoLab(const LabPlan& of) : running(lab(of, world.ports())) { running.start(); }

  void perform(const CasePlan& of, LegRole role) { perform(of, leg_of(of, role)); }
  void perform(const CasePlan& of, const LegPlan& leg) {
    seen = {};
    running.perform(of, leg, temp.path(), seen);
  }

  Lab running;
  LegObservation seen;
};

}  // namespace offlab
