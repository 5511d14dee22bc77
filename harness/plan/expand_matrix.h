// Axes and named cases -> the list of cases.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/scenario.h"
#include "plan/choose_rows.h"

namespace offlab {

// `--axis KEY=V1,V2`: replaces the values of that axis, or adds the axis.
struct AxisOverride {
  std::string key;
  std::vector<std::string> values;
  bool operator==(const AxisOverride&) const = default;
};

struct Selection {
  std::vector<AxisOverride> axes;
  std::vector<std::string> globs;           // `--case GLOB`; none: every case
  std::vector<SettingTexts> excluded = {};  // `--exclude`, beside those of the file
  std::optional<Covering> covering = {};    // `--pairwise`, `--t-way`; without it every combination
  bool operator==(const Selection&) const = default;
};

struct Expanded {
  std::vector<Case> cases;
  std::vector<std::string> mistakes;  // of the selection: an unknown setting, a glob that matches nothing
  bool operator==(const Expanded&) const = default;
};

// The combinations of the axes, the first one varying slowest, then the named cases in file order. A file with neither
// has one case, "default". An overridden axis that the file lacks is applied to named cases too ("NAME,KEY=VALUE"); a
// case that sets the same key itself is a mistake, unless the globs leave it out. Where a topology has several flows,
// "flow" is an axis, the last one. A named case as the file has it is never left out: exclusions and coverings are
// about what its added axes make of it.
Expanded expand_matrix(const Scenario& scenario, const Selection& selection);

}  // namespace offlab
