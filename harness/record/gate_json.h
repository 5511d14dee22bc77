// gate.json, schema "offlab.gate/1" (docs/gate.md).
#pragma once

#include <string>

#include "model/gate_report.h"

namespace offlab {

std::string gate_json(const GateReport& report);

}  // namespace offlab
