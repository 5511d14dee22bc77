#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {

Finding judge_kernel_log(const LegEvidence& evidence) {
  const LegMeasurements& leg = evidence.leg;
  Finding finding{
      Invariant::kernel_log, Outcome::pass, static_cast<double>(leg.kernel_complaints.size()), 0, "", false, {}};
  if (!leg.kernel_complaints.empty()) {
    finding.outcome = Outcome::fail;
    finding.text =
        fmt::format("{} complaints, the first: {}", leg.kernel_complaints.size(), leg.kernel_complaints.front());
  } else if (!leg.kernel_logs_read) {
    return inconclusive(finding.invariant, "a kernel log could not be read");
  } else {
    finding.text = "no complaint in any kernel log";
  }
  return finding;
}

}  // namespace offlab
