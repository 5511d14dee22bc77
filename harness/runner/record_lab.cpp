#include "runner/record_lab.h"

#include <algorithm>

#include "base/error.h"
#include "measure/lab_wear.h"
#include "runner/case_rounds.h"

namespace offlab {
namespace {

LegObservation record_leg(Lab& lab, const CasePlan& plan, const LegPlan& leg, const RunFolder& folder) {
  const std::string where = RunFolder::leg_folder(plan, leg.role, leg.round);
  LegObservation seen;
  try {
    lab.perform(plan, leg, folder.make_folder(where), seen);
  } catch (...) {
    folder.write_leg(where, seen);  // what a broken leg has shown helps to find out why
    throw;
  }
  folder.write_leg(where, seen);
  return seen;
}

// What was off in any of the legs.
LabWear record_rounds(Lab& lab, const CasePlan& plan, const RunFolder& folder) {
  RoundComparison comparison;
  LabWear wear;
  unsigned round = 1;
  for (const LegPlan& leg : plan.legs) {
    if (leg.round != round && !comparison.undecided()) break;
    round = leg.round;
    const LegObservation seen = record_leg(lab, plan, leg, folder);
    comparison.add(leg, seen);
    const LabWear of_leg = lab_wear(leg.intent, seen);
    if (wear.before.empty()) wear.before = of_leg.before;
    if (wear.after.empty()) wear.after = of_leg.after;
  }
  return wear;
}

void conclude(const CasePlan& plan, const CaseRecord& record, const RunFolder& folder, Observer& observer) {
  folder.write_case_record(plan, record);
  observer.on(event::CaseRecorded{plan.id, *record.recorded, record.reason});
}

// False when the lab is not to be used again.
bool record_case(Lab& lab, const CasePlan& plan, bool is_first, const RunFolder& folder, Observer& observer) {
  observer.on(event::CaseStarted{plan.id});
  try {
    const LabWear wear = record_rounds(lab, plan, folder);
    const bool is_worn = !wear.before.empty() || !wear.after.empty();
    // A fresh lab has nothing of other cases: what its first one finds is that case's own.
    if (is_worn)
      observer.on(
          event::LabWorn{plan.id, wear.before.empty() ? wear.after : wear.before, !wear.before.empty() && !is_first});
    conclude(plan, {Recorded::recorded}, folder, observer);
    return !is_worn;
  } catch (const Unsupported& unsupported) {
    conclude(plan, {Recorded::skipped, unsupported.what()}, folder, observer);
    return true;
  } catch (const Error& error) {
    conclude(plan, {Recorded::broken, error.what()}, folder, observer);
    throw;
  }
}

}  // namespace

void record_lab(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer) {
  lab.start();
  record_cases(lab, plan, folder, observer);
}

void record_lab(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer, const NextCase& next) {
  lab.start();
  bool is_first = true;
  while (const auto id = next()) {
    const auto wanted =
        std::find_if(plan.cases.begin(), plan.cases.end(), [&](const CasePlan& one) { return one.id == *id; });
    if (wanted == plan.cases.end()) throw Error("the worker was asked for a case that its lab has not: " + *id);
    if (!record_case(lab, *wanted, is_first, folder, observer)) return;
    is_first = false;
  }
}

void record_cases(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer) {
  for (const CasePlan& one : plan.cases)
    if (!record_case(lab, one, &one == &plan.cases.front(), folder, observer)) return;
}

}  // namespace offlab
