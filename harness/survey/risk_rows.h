// What each NIC answers to one question, and the row that all of them make.
#pragma once

#include <functional>
#include <string>

#include "model/risk.h"
#include "survey/forwarding_paths.h"

namespace offlab {

enum class Lro { off, on, asleep, not_seen };

Lro lro_of(const SurveyedLink& nic);

struct RiskAnswer {
  Risk risk;
  std::string reason;
};

// `row` with the worst answer, and whose it is. A command with "@NIC@" in it is meant once for each of those; a row
// that is safe has no commands.
RiskRow risk_row(RiskRow row, const ForwardingPaths& paths, const std::function<RiskAnswer(const ForwardingNic&)>& ask);

// The row that comes first where the machine does not forward, or nobody knows. `prove`: what shows that.
std::optional<RiskRow> forwarding_row(const ForwardingPaths& paths, const std::string& prove);

// H12: what is no fault, and looks like one. `where_mtus_are`: the command that shows them.
RiskAnswer honest_discovery(const ForwardingNic& one, const char* where_mtus_are);

}  // namespace offlab
