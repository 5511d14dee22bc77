// Lines of a guest's kernel log that mean trouble with offloads or with the network stack.
#pragma once

#include <string>
#include <vector>

namespace offlab {

std::vector<std::string> kernel_complaints(const std::string& log);

}  // namespace offlab
