// Were the settings as wanted, before, during and after the transfer?
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "measure/sections.h"
#include "model/leg.h"
#include "model/measurement.h"
#include "model/observation.h"

namespace offlab {

struct SettingsCheck {
  std::vector<StateDifference> differences;
  std::vector<std::string> side_effects;  // "router wan: tx-checksumming off": changed with what was asked for
  std::optional<bool> ingress_lro;        // of the router, before the transfer
  std::vector<std::string> missing;       // readings that are not there
};

// `hop`: the device whose ingress LRO is read.
SettingsCheck check_settings(const LegIntent& intent, const Hop& hop, const LegObservation& seen,
                             const NodeSections& before, const NodeSections& after);

}  // namespace offlab
