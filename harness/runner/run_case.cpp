#include "runner/run_case.h"

#include "base/error.h"
#include "measure/measure_leg.h"
#include "runner/annotate_findings.h"
#include "verdict/judge.h"

namespace offlab {
namespace {

// Null when the file is missing or is no capture: what needs it is then inconclusive.
std::unique_ptr<FrameSource> capture_of(const LegObservation& seen, const std::string& tap, const RunFolder& folder,
                                        const std::string& leg_folder) {
  for (const CaptureStatistics& capture : seen.captures)
    if (capture.point == tap) try {
        return folder.open_capture(leg_folder, capture.file);
      } catch (const Error&) {
        return nullptr;
      }
  return nullptr;
}

// At each device under test.
std::vector<LegMeasurements> measure_recorded_leg(const CasePlan& plan, const LegPlan& leg, const RunFolder& folder) {
  const std::string where = RunFolder::leg_folder(plan, leg.role);
  const LegObservation seen = folder.read_leg(where);
  std::vector<LegMeasurements> devices;
  for (std::size_t hop = 0; hop < leg.intent.hops.size(); ++hop) {
    const HopIntent& intent = leg.intent.hops[hop];
    const auto ingress = capture_of(seen, intent.ingress_tap, folder, where);
    const auto egress = capture_of(seen, intent.egress_tap, folder, where);
    const auto wire = capture_of(seen, intent.wire, folder, where);
    devices.push_back(measure_leg(leg.intent, hop, seen, {ingress.get(), egress.get(), wire.get()}));
  }
  return devices;
}

MeasuredCase measure_recorded_case(const CasePlan& plan, const RunFolder& folder) {
  MeasuredCase measured{plan.id, plan.axes, plan.expect, {}, {}, {}, {}};
  for (const LegPlan& leg : plan.legs) {
    const bool control = leg.role == LegRole::control;
    std::vector<LegMeasurements> devices = measure_recorded_leg(plan, leg, folder);
    (control ? measured.control_intent : measured.intent) = leg.intent;
    (control ? measured.control : measured.measured) = std::move(devices.at(0));
    devices.erase(devices.begin());
    (control ? measured.later_control : measured.later_measured) = std::move(devices);
  }
  return measured;
}

}  // namespace

CaseResult run_case(const CasePlan& plan, LabSession& lab, const RunFolder& folder, const RunPlan& run) {
  const CaseRecord record = lab.perform(plan);
  folder.write_case_record(plan, record);
  return judge_recorded_case(plan, folder, run);
}

CaseResult judge_recorded_case(const CasePlan& plan, const RunFolder& folder, const RunPlan& run) {
  const CaseRecord record = folder.read_case_record(plan);
  CaseResult result = record.outcome == Outcome::pass
                          ? judge_case(measure_recorded_case(plan, folder), run.measure, run.question)
                          : unjudged_case(plan.id, plan.axes, plan.expect, record.outcome, record.reason);
  if (run.question == Question::as_expected && plan.expect.is_skip() && result.outcome == Outcome::skip)
    result.outcome = Outcome::pass;
  annotate_findings(result, plan, folder);
  result.folder = plan.folder;
  result.artifacts = folder.artifacts(plan);
  return result;
}

}  // namespace offlab
