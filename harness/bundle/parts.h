// The files that are the same in each bundle: made at build time from parts/.
#pragma once

#include <string_view>

namespace offlab::parts {

extern const std::string_view reproduce;  // reproduce.sh
extern const std::string_view tool;       // lab/lab_tool.py
extern const std::string_view build;      // image/NAME/build.sh

}  // namespace offlab::parts
