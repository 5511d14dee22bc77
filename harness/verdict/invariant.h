// What must hold for forwarded traffic. Each invariant is a file of its own: the function that judges it, and one row
// that says everything else about it. invariants.h has the table of all rows.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/leg.h"
#include "model/limits.h"
#include "model/measurement.h"
#include "model/scenario.h"
#include "model/verdict.h"

namespace offlab {

// What an invariant may look at.
struct LegEvidence {
  const LegIntent& intent;
  const LegMeasurements& leg;
  const LegMeasurements* control;  // null when the leg is a control itself
  std::string control_trouble;     // why the control cannot be compared with; empty when it behaved
  const MeasureOptions& options;
  std::size_t hop = 0;                         // of the intent, that `leg` and `control` are about
  const LegMeasurements* reference = nullptr;  // between the ends without the devices; null: there was no such leg

  const HopIntent& device() const { return intent.hops.at(hop); }
};

// Evidence without which an invariant cannot pass. It may still be violated: what is there can prove it.
enum class Need {
  captures,         // of what came to the device; without any the judge is not even asked
  egress_capture,   // of what left it
  counters,         // of the kernels of device, sender and receiver
  settings,         // read back before and after
  kernel_log,       // of every guest
  transfer_report,  // the goodput, as the transfer's ends saw it
  stream,           // the fixed-byte transfer, which a case's leg has
  control,          // a leg to compare with; a leg that is a control itself is judged without the invariant
  reference,        // a leg without the devices; without one the invariant is not judged
};

// What a capture inside of the device's guest hides.
enum class Hidden {
  size_that_came,    // GRO and the driver have merged packets already
  size_that_leaves,  // the NIC cuts large frames only later
  losses,            // what the NICs lost on both sides of it
  seen_again,        // a packet that the NIC had no room for is seen once more, its headers half filled in
};

// That a capture point is inside of the device's guest takes a verdict away.
struct BlindInside {
  std::optional<CapturePoint> HopIntent::*point;
  Hidden hidden;
  bool tells_violations = false;                  // what it shows of a violation is one all the same
  bool tells_passes = false;                      // where it shows none there is none
  bool (*matters)(const LegEvidence&) = nullptr;  // null: always
};

enum class InvariantScope {
  each_device,  // each device under test has a finding
  whole_flow,   // judged at the first device only
  run,          // over the cases of a run together; there is no judge of a leg
};

enum class InvariantKind {
  structural,
  // These have innocent causes: a violation is a warning, unless one of the other kind is violated as well.
  goodput,
  resending,
};

// What a violation is.
enum class Violation { fail, warning, fail_if_strict, inconclusive };

// How far an invariant may be off; a FileLimit is what `limits.NAME` in a topology file says.
struct NoLimit {};
struct NothingAllowed {};  // one is too many
struct FixedLimit {
  double value;
  LimitUnit unit;
};
struct OptionLimit {
  double MeasureOptions::*member;
  LimitUnit unit;
  const char* key;  // in a topology file
};
using InvariantLimit = std::variant<NoLimit, NothingAllowed, FixedLimit, FileLimit, OptionLimit>;

// `finding` comes as it is where nothing is violated: a pass with the limit, and nothing else filled in.
using InvariantFunction = Finding (*)(const LegEvidence& evidence, Finding finding);

struct InvariantRow {
  Invariant id;
  InvariantFunction judge;  // null for InvariantScope::run
  std::vector<Need> needs;
  std::vector<BlindInside> blind_inside = {};
  InvariantScope scope;
  InvariantKind kind;
  InvariantLimit limit;
  Violation violation;
  std::string holds_when;        // for docs/verdict.md
  std::string no_mutation = {};  // why no defect in a recorded leg can trip it; empty: selftest/mutations.cpp has one
};

// The row of each invariant, coverage_row() and so on, is defined in its file: without it the program does not link.
#define OFFLAB_ROW(id, name) InvariantRow id##_row();
OFFLAB_INVARIANTS(OFFLAB_ROW)
#undef OFFLAB_ROW

// Of what judges losses by both captures.
std::vector<BlindInside> blind_to_losses();

bool is_statistical(InvariantKind kind);

bool has_failed(const std::vector<Finding>& findings, Invariant invariant);

// Whether a packet was refused although it fitted depends on its size on the wire. Where none was refused nothing does.
bool something_refused(const LegEvidence& evidence);

Finding inconclusive(Invariant invariant, const std::string& why);

// Why nothing is known of what the receiver acknowledged; empty when something is.
std::string acknowledgement_gap(const CaptureMeasurements& seen);
// Why the captures cannot prove that something did NOT happen; empty when they can.
std::string capture_gap(const LegMeasurements& leg);
// The same about what left the router and where it came from.
std::string egress_gap(const LegMeasurements& leg);
// What is said of IP fragments that left the router, whose sizes nobody compares: "; 605 IP fragments are not looked
// at"; empty when there are none.
std::string fragments_left_out(const LegMeasurements& leg);

}  // namespace offlab
