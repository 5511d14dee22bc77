// Settings of a lab that stays, switched and read back.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "port/observer.h"
#include "setting/setting.h"
#include "staying/staying_lab.h"

namespace offlab {

// A setting as the lab has it after it was switched.
struct SettingReadBack {
  std::string key;
  std::string value;
  bool as_wanted = false;
};

// The topology with these settings. Throws UsageError for one that does not exist or that a running lab cannot be
// switched to, and says why.
Topology switched(Topology topology, const std::vector<SettingText>& settings);

// What the lab says of everything that `settings` are about, beside what `wanted` asks for.
std::vector<SettingReadBack> read_back(const LiveState& state, const Topology& wanted, const LabPlan& lab,
                                       const std::vector<SettingText>& settings);

// Switches all of them, one lab at a time, and asks the lab what came of it. Throws UsageError for what this lab cannot
// do while it runs, and Error.
std::vector<SettingReadBack> switch_settings(const LabRegistry& registry, const ChosenLab& lab,
                                             const std::vector<SettingText>& settings, Observer& observer,
                                             const std::stop_token& stop);

}  // namespace offlab
