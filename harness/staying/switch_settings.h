// Settings of a lab that stays, switched and read back.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "setting/setting.h"
#include "port/observer.h"
#include "staying/staying_lab.h"

namespace offlab {

// A setting as the lab has it after it was switched.
struct SettingReadBack {
  std::string key;
  std::string value;
  bool as_wanted = false;
};

// Switches all of them, one lab at a time, and asks the lab what came of it. Throws UsageError for what this lab cannot
// do while it runs, and Error.
std::vector<SettingReadBack> switch_settings(const LabRegistry& registry, const ChosenLab& lab,
                                             const std::vector<SettingText>& settings, Observer& observer,
                                             const std::stop_token& stop);

}  // namespace offlab
