#include "measure/lab_wear.h"

#include <fmt/core.h>

#include "measure/kernel_log.h"
#include "measure/sections.h"
#include "measure/settings_held.h"

namespace offlab {

LabWear lab_wear(const LegIntent& intent, const LegObservation& seen) {
  LabWear wear;
  if (!intent.observable.guest_counters || intent.hops.empty()) return wear;
  const NodeSections before = sections_of(seen.before);
  const NodeSections after = sections_of(seen.after);
  for (const StateDifference& one : check_settings(intent, intent.hops.front().hop, seen, before, after).differences)
    if (one.when == "before" && !one.injected) {
      wear.before = fmt::format("{}: {} was to be {}, is {}", to_string(one.where), one.what, one.wanted, one.seen);
      break;
    }
  for (const auto& [node, sections] : after) {
    const auto log = sections.find("kernel log");
    if (log == sections.end() || !wear.after.empty()) continue;
    if (const auto complaints = kernel_complaints(log->second); !complaints.empty())
      wear.after = fmt::format("{}: {}", node, complaints.front());
  }
  return wear;
}

}  // namespace offlab
