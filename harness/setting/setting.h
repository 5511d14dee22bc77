// Settings: the words a case uses to change the topology. Which there are is in setting/rows.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/setting.h"
#include "model/topology.h"
#include "setting/find_setting.h"

namespace offlab {

// Changes the topology; nothing on success. On an error the topology may be half changed.
std::optional<SettingError> apply_setting(Topology& topology, const SettingText& setting);

// What a case of this topology may switch, with the values, one setting a line: for people.
std::string describe_settings(const Topology& topology);

// Every key that exists for this topology, for hints. Where any name may follow, as that of a sysctl, there is none.
std::vector<std::string> setting_keys(const Topology& topology);

// The table of docs/topology.md.
std::string setting_table();

}  // namespace offlab
