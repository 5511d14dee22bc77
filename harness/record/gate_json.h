// gate.json, schema "offlab.gate/1" (docs/gate.md).
#pragma once

#include <string>
#include <string_view>

#include "model/gate_report.h"

namespace offlab {

std::string gate_json(const GateReport& report);
// Of the cases' results what gate.json has of them: outcome, class, reason, folder. Throws Error for a text that is
// none.
GateReport gate_from_json(std::string_view text);

}  // namespace offlab
