// What a leg asks of its lab, from the topology that it is measured in.
#pragma once

#include "model/scenario.h"
#include "plan/plan.h"

namespace offlab {

class IntentMaker {
 public:
  // `lab` must have its nodes and stages by the time make() is called.
  explicit IntentMaker(const LabPlan& lab) : lab_(lab) {}

  LegIntent make(const Topology& topology, const MeasureOptions& measure) const;
  // Of a leg between the same ends without the routers: nothing of them is looked at.
  LegIntent make_reference(const Topology& topology, const MeasureOptions& measure) const;
  // In the control of a case: where the case merges packets, the control gets them one by one. It carries what a router
  // carries on such a wire, not what it carries of the sender's superframes.
  std::vector<StageIntent> control_stages(const Topology& of_case) const;
  const NicPlan& plan_of(const NicRef& nic) const;

 private:
  HopIntent make_hop(const Topology& topology, const Hop& hop, Family family) const;
  void add_returned(const Topology& topology, LegIntent& intent) const;
  void add_wanted(const Topology& topology, LegIntent& intent) const;
  std::vector<StageIntent> stages(const Topology& topology) const;
  const std::string& tap_of(const NicRef& nic) const;
  const StagePlan* stage_of(const NicRef& nic) const;

  const LabPlan& lab_;
};

}  // namespace offlab
