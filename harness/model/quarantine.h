// Cases that are known to come and go.
#pragma once

#include <string>
#include <vector>

#include "model/fault_class.h"

namespace offlab {

// The case still runs. As long as the entry holds, this class does not fail the night.
struct QuarantineEntry {
  std::string part;
  std::string case_id;
  FaultClass fault_class = FaultClass::unknown;  // another one fails as ever
  std::string reason;
  std::string owner;
  std::string link;
  std::string expires;  // "2026-12-24": the last day on which it holds
  bool operator==(const QuarantineEntry&) const = default;
};

inline constexpr int longest_quarantine_days = 30;
inline constexpr double most_in_quarantine = 0.05;   // of a campaign's cases; one may always be
inline constexpr unsigned passes_to_come_back = 59;  // they bound the rate of flakes at 5 %

}  // namespace offlab
