// A gate's answer on one page.
#pragma once

#include <string>

#include "model/gate_report.h"

namespace offlab {

// `folder`: where the evidence is.
std::string gate_page(const GateReport& report, const std::string& folder);

// One line after a pair: what the pairs so far say.
std::string gate_progress(const std::vector<GatePair>& pairs, const Comparison& goodput);

}  // namespace offlab
