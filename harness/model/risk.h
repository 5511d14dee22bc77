// What a look at a machine says of each hazard, without traffic.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace offlab {

enum class Risk {
  safe,
  cannot_tell,            // something was not seen, or peers decide
  depends_on_hypervisor,  // the machine cannot see what decides
  at_risk,
};

constexpr std::string_view to_string(Risk risk) {
  switch (risk) {
    case Risk::safe:
      return "safe";
    case Risk::cannot_tell:
      return "cannot-tell";
    case Risk::depends_on_hypervisor:
      return "depends-on-hypervisor";
    case Risk::at_risk:
      return "at-risk";
  }
  return "?";
}

struct RiskReason {
  std::vector<std::string> nics;  // none: the machine as a whole
  std::string text;
  bool operator==(const RiskReason&) const = default;
};

struct RiskRow {
  std::string hazards;  // ids of docs/hazards.md: "H01, H14"
  std::string title;    // what would go wrong
  Risk risk = Risk::safe;
  std::vector<RiskReason> reasons = {};  // of the NICs whose answer is the row's
  std::vector<std::string> prove = {};   // commands
  std::vector<std::string> mend = {};
  bool operator==(const RiskRow&) const = default;
};

// The worst of them.
Risk worst(const std::vector<RiskRow>& rows);

// 0 safe, 1 at risk, 4 it cannot be told.
constexpr int exit_code(Risk risk) {
  return risk == Risk::safe ? 0 : risk == Risk::at_risk ? 1 : 4;
}

}  // namespace offlab
