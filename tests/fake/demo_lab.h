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
  Lab lab(LabPorts ports) {
    for (const NodePlan& node : plan().nodes) world.clock.hold(node.name);  // they boot at once
    return {plan(), ports,           Accelerator::tcg, {{image_key(plan().nodes.at(0)), {"kernel", "initrd", {}}}},
            logs(), stop.get_token()};
  }

  FakeWorld world;
  TempFolder temp;
  std::stop_source stop;
};

// What the Error says that `action` throws; empty when it throws none.
template <typename Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// The first leg of the case that has this role.
inline const LegPlan& leg_of(const CasePlan& plan, LegRole role) {
  for (const LegPlan& leg : plan.legs)
    if (leg.role == role) return leg;
  throw std::logic_error("no such leg");
}

}  // namespace offlab
