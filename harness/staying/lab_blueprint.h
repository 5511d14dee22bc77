// The lab of a topology file that is to stay: whose machines, and how they are switched at first.
#pragma once

#include <string>
#include <vector>

#include "record/lab_entry.h"
#include "session/scenario_file.h"

namespace offlab {

struct LabBlueprint {
  std::string name;  // the file's
  std::string file;  // absolute
  std::vector<SourceFile> files;
  std::string case_id;
  std::vector<std::string> axes;
  bool case_settings = false;
  Topology base;
  LabPlan plan;  // without cases
};

// The lab of the first case that is chosen, with that case's settings; where none is chosen: the machines of the
// file's first case, with the file's own settings. Throws UsageError.
LabBlueprint make_blueprint(const ScenarioOptions& options);

// The machines of `chosen`, a case of that file with those axes, with the file's own settings.
LabBlueprint blueprint_for(const Case& chosen, const ScenarioOptions& options);

// The topology of a lab that runs, as it is switched now: from its folder's copy of the file. Throws Error.
Topology running_topology(const LabEntry& entry, const std::string& lab_folder);

}  // namespace offlab
