// What can be switched while a lab runs, and what cannot. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/topology.h"
#include "plan/plan.h"
#include "setting/guest_items.h"

namespace offlab {

// Steps that bring a running lab from the settings of `from` to those of `to`: MTUs, DF, guest offloads, then a
// ForceTap, and a SetMerging where it merges, for every tap of a device under test whose hypervisor.lro is not off in
// `to`, changed or not. What `also` names is carried out even where it seems to be so already.
std::vector<Step> live_steps(const Topology& from, const Topology& to, const LabPlan& lab, const GuestItems& also = {});

// Which merge stage the topology's settings need and the lab does not have; nothing when it has them all.
std::optional<std::string> missing_stage(const Topology& topology, const LabPlan& lab);

// The steps from a lab as its configuration left it to the offloads and taps of `base`.
std::vector<Step> first_steps(const Topology& base, const LabPlan& lab);

// Steps that give a lab's guests back what cases in it switch and nobody reads back: what ends are held back to, and
// windows. `running`: the lab's own settings.
std::vector<Step> steps_back(const Topology& running, const std::vector<Case>& cases);

// Why a lab with the machines of `running` cannot be made into `wanted` by live steps: "router's NIC on wan is vmxnet3
// in the lab, virtio in the file". Nothing when it can.
std::optional<std::string> machine_difference(const Topology& running, const Topology& wanted);

// The machines of `machines` with the flows of `settings` and with its settings, but for those that are fixed when a
// machine is made; both are of one file.
Topology with_settings(const Topology& machines, const Topology& settings);

// The lab of `base`, to stay: its media carry jumbo frames, every flow of `cases` that fits its machines finds its
// source running, and it has no cases.
LabPlan plan_staying_lab(const Scenario& scenario, const Topology& base, const std::vector<Case>& cases);

}  // namespace offlab
