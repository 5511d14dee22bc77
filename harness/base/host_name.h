#pragma once

#include <string>

namespace offlab {

// As gethostname(2) has it.
std::string host_name();

}  // namespace offlab
