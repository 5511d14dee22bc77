// What is shown of a case whose machines and settings are nobody's business.
#pragma once

#include <string>

#include "model/observation.h"
#include "model/verdict.h"
#include "plan/plan.h"
#include "runner/analyze_captures.h"

namespace offlab {

// What a machine is in the flow: "sender", "receiver", "router", "router-2"; empty for one that is not on its path.
std::string role_word(const LegIntent& intent, const std::string& node);

// Without what names anything of the run: settings, machines, reasons. Findings are those of the anonymised captures.
CaseResult nameless(CaseResult result, const JudgedCaptures& captures);

// Only protocol counters, and machines by their roles.
LegObservation nameless(const LegObservation& seen, const LegIntent& intent);

}  // namespace offlab
