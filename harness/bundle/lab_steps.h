// lab/steps.sh of a bundle: a lab and the legs of one case as shell, in the words that parts/reproduce.sh defines.
// QEMU's command lines stand in it as they are run.
#pragma once

#include <string>

#include "plan/plan.h"

namespace offlab {

// Why plain QEMU cannot run the lab; empty where it can.
std::string trouble_with_steps(const LabPlan& lab);

// Whether the guests need offlab-background, which is in no Debian package.
bool needs_background_program(const CasePlan& one);

// The folder of a node's image in a bundle, below image/.
std::string image_folder(const NodePlan& node);

// Of the case's round. Throws Error where there is no such leg.
std::string lab_steps(const LabPlan& lab, const CasePlan& one, unsigned round = 1);

}  // namespace offlab
