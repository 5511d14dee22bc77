// A bisection's answer, for a terminal.
#pragma once

#include <string>

#include "model/bisect_report.h"

namespace offlab {

// One line after a run. `number`: from 1.
std::string bisect_step_line(std::size_t number, const BisectStep& step);

std::string bisect_page(const BisectReport& report, const std::string& folder);

}  // namespace offlab
