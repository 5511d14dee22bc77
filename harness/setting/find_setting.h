// From a key to the row of the table that it means and the parts of the topology that it acts on.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "setting/row.h"

namespace offlab {

struct SettingError {
  bool in_key = false;  // the key is wrong; otherwise its value
  std::string message;
  std::string hint;
};

struct FoundSetting {
  const Row* row = nullptr;
  std::vector<Part> parts;
  std::string name;  // canonical; empty where the row has no names
};

std::variant<FoundSetting, SettingError> find_setting(const Topology& topology, const std::string& key);

}  // namespace offlab
