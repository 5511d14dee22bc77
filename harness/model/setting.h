// A setting as the file words it: {"router.lro", "off"}. Which there are is in setting/rows.h.
#pragma once

#include <string>
#include <utility>

namespace offlab {

using SettingText = std::pair<std::string, std::string>;

}  // namespace offlab
