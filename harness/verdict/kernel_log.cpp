#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const LegMeasurements& leg = evidence.leg;
  finding.value = static_cast<double>(leg.kernel_complaints.size());
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

}  // namespace

InvariantRow kernel_log_row() {
  return {.id = Invariant::kernel_log,
          .judge = judge,
          .needs = {Need::kernel_log},
          .scope = InvariantScope::whole_flow,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when =
              "no guest's kernel log has a complaint about offloads, checksums, a full table or the kernel itself"};
}

}  // namespace offlab
