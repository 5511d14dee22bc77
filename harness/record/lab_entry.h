// What is known about a lab that stays: lab.json in its folder. Schema "offlab.lab/2"; version 1 is read, too.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/process_id.h"
#include "model/setting.h"
#include "plan/plan.h"

namespace offlab {

enum class LabState { starting, up };

struct LabEntry {
  std::string name;
  LabState state = LabState::starting;
  std::string file;               // the topology file, absolute; the lab's folder has a copy
  std::string case_id;            // whose machines were built
  std::vector<std::string> axes;  // "KEY=V1,V2" as on the command line
  std::vector<SettingText> set;   // switched since it is up, in order
  bool case_settings = false;     // the case's own settings were switched on at the start
  ProcessId supervisor;
  ProcessId init;                                 // the first process of its namespaces, as the host sees it
  std::int64_t started = 0;                       // seconds since 1970
  std::string accelerator;                        // "kvm", "tcg"
  std::map<std::string, std::string> guest_keys;  // node -> the name of its host key (ssh/lab_keys.h)
  LabPlan plan;                                   // without cases
  bool operator==(const LabEntry&) const = default;
};

std::string lab_entry_to_json(const LabEntry& entry);
// Throws Error when the text is no such entry.
LabEntry lab_entry_from_json(const std::string& text);

}  // namespace offlab
