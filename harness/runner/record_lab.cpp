#include "runner/record_lab.h"

#include "base/error.h"
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

void record_rounds(Lab& lab, const CasePlan& plan, const RunFolder& folder) {
  RoundComparison comparison;
  unsigned round = 1;
  for (const LegPlan& leg : plan.legs) {
    if (leg.round != round && !comparison.undecided()) return;
    round = leg.round;
    comparison.add(leg, record_leg(lab, plan, leg, folder));
  }
}

void conclude(const CasePlan& plan, const CaseRecord& record, const RunFolder& folder, Observer& observer) {
  folder.write_case_record(plan, record);
  observer.on(event::CaseRecorded{plan.id, *record.recorded, record.reason});
}

}  // namespace

void record_lab(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer) {
  lab.start();
  record_cases(lab, plan, folder, observer);
}

void record_cases(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer) {
  for (const CasePlan& one : plan.cases) {
    observer.on(event::CaseStarted{one.id});
    try {
      record_rounds(lab, one, folder);
      conclude(one, {Recorded::recorded}, folder, observer);
    } catch (const Unsupported& unsupported) {
      conclude(one, {Recorded::skipped, unsupported.what()}, folder, observer);
    } catch (const Error& error) {
      conclude(one, {Recorded::broken, error.what()}, folder, observer);
      throw;
    }
  }
}

}  // namespace offlab
