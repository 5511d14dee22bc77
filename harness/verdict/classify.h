// From the signature of what was seen to the class of the fault. docs/verdict.md has the table.
#pragma once

#include <optional>
#include <vector>

#include "verdict/invariant.h"

namespace offlab {

// `findings` are the leg's. Healthy when none fails; unknown when something fails and no signature fits.
FaultClass classify(const LegEvidence& evidence, const std::vector<Finding>& findings);

struct Classification {
  FaultClass fault_class;
  std::optional<std::size_t> hop;  // the device at fault; nothing when healthy or when nobody can tell
};

// The same for several devices, in the direction of the data, and the findings of all. The first device with a
// signature gives the class: what comes after it sees only the consequences. Without one, the first that let data in
// and not out is named.
Classification classify_path(const std::vector<LegEvidence>& devices, const std::vector<Finding>& findings);

// Of all sizes, without their lengths.
struct PassageTotals {
  Passage single;     // packets
  Passage coalesced;  // frames that stand for several

  Passage all() const { return {0, single.sent + coalesced.sent, single.lost + coalesced.lost}; }
};
PassageTotals totals_of(const std::vector<Passage>& passages);

// Is there a size above which nothing passes and below which everything does?
bool drops_by_size(const std::vector<Passage>& passages);

// Single packets pass, and those that a receiving kernel may merge (GRO) are lost: what drops them sees merged frames.
bool drops_merged_inside(const LegMeasurements& leg);

}  // namespace offlab
