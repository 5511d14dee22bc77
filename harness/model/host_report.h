// What a host says of itself, for whoever maintains the readers of it.
#pragma once

#include <string>

namespace offlab {

struct ReportPart {
  std::string name;  // of a file: "nic-list"
  std::string text;
};

}  // namespace offlab
