#include "runner/run_case.h"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/core.h>

#include "base/error.h"
#include "measure/hidden_tunnel.h"
#include "measure/measure_leg.h"
#include "runner/annotate_findings.h"
#include "runner/case_profile.h"
#include "verdict/diagnosis.h"
#include "verdict/judge.h"

namespace offlab {
namespace {

// Null when the file is missing or is no capture: what needs it is then inconclusive.
std::unique_ptr<FrameSource> capture_of(const LegObservation& seen, const std::optional<CapturePoint>& point,
                                        const RunFolder& folder, const std::string& leg_folder) {
  for (const CaptureStatistics& capture : seen.captures)
    if (point && capture.point.id == point->id) try {
        return folder.open_capture(leg_folder, capture.file);
      } catch (const Error&) {
        return nullptr;
      }
  return nullptr;
}

// What hides the flow behind each of several routers in a row.
void see_hidden(const LegIntent& intent, const LegObservation& seen, const RunFolder& folder, const std::string& where,
                HiddenHops& hidden) {
  hidden.resize(intent.hops.size());
  for (std::size_t hop = 0; hop + 1 < intent.hops.size(); ++hop)
    if (const auto behind = capture_of(seen, intent.hops[hop].egress, folder, where); behind && !hidden[hop])
      hidden[hop] = hidden_by(*behind, intent);
}

// In any leg of the case, so that all of them are about the same devices.
HiddenHops hidden_in(const CasePlan& plan, const RunFolder& folder) {
  HiddenHops hidden;
  for (const LegPlan& leg : plan.legs) {
    const std::string where = RunFolder::leg_folder(plan, leg.role, leg.round);
    if (leg.intent.hops.size() > 1 && folder.has(where))
      see_hidden(leg.intent, folder.read_leg(where), folder, where, hidden);
  }
  return hidden;
}

// A round after the first is there when any of its legs is.
bool was_recorded(const CasePlan& plan, unsigned round, const RunFolder& folder) {
  return round == 1 || std::any_of(plan.legs.begin(), plan.legs.end(), [&](const LegPlan& leg) {
           return leg.round == round && folder.has(RunFolder::leg_folder(plan, leg.role, leg.round));
         });
}

// The goodput of all rounds together is what each of them is judged by.
void share_goodput(std::vector<MeasuredCase>& rounds) {
  for (std::size_t i = 0; i < rounds.size(); ++i)
    for (std::size_t other = 0; other < rounds.size(); ++other) {
      if (other == i) continue;
      rounds[i].measured.other_rounds.push_back(rounds[other].measured.intervals);
      rounds[i].control.other_rounds.push_back(rounds[other].control.intervals);
    }
}

std::vector<MeasuredCase> measure_recorded_rounds(const CasePlan& plan, const RunFolder& folder) {
  if (plan.legs.empty()) throw Error(fmt::format("plan.json: the case '{}' has no leg", plan.id));
  const HiddenHops hidden = hidden_in(plan, folder);
  std::map<unsigned, MeasuredCase> rounds;
  for (LegPlan leg : plan.legs) {
    if (!was_recorded(plan, leg.round, folder)) continue;
    leg.intent = joined_at_tunnels(std::move(leg.intent), hidden);
    MeasuredCase& measured =
        rounds.try_emplace(leg.round, MeasuredCase{.id = plan.id, .axes = plan.axes, .expect = plan.expect})
            .first->second;
    if (leg.role == LegRole::reference) {
      measured.reference = std::move(measure_recorded_leg(plan, leg, folder).at(0));
      continue;
    }
    const bool control = leg.role == LegRole::control;
    std::vector<LegMeasurements> devices = measure_recorded_leg(plan, leg, folder);
    (control ? measured.control_intent : measured.intent) = leg.intent;
    (control ? measured.control : measured.measured) = std::move(devices.at(0));
    devices.erase(devices.begin());
    (control ? measured.later_control : measured.later_measured) = std::move(devices);
  }
  std::vector<MeasuredCase> all;
  for (auto& [number, round] : rounds) all.push_back(std::move(round));
  share_goodput(all);
  for (MeasuredCase& round : all) round.reference = all.front().reference;
  return all;
}

// Whatever one round showed was there: a violation in any of them counts, then missing evidence in any.
CaseResult judge_rounds(const CasePlan& plan, const RunFolder& folder, const RunPlan& run) {
  const std::vector<MeasuredCase> rounds = measure_recorded_rounds(plan, folder);
  std::vector<CaseResult> results;
  for (const MeasuredCase& round : rounds) {
    results.push_back(judge_case(round, run.measure, run.question));
    results.back().leg = RunFolder::leg_folder(plan, LegRole::measured, static_cast<unsigned>(results.size()));
  }
  for (const Outcome worst : {Outcome::fail, Outcome::inconclusive})
    for (CaseResult& result : results)
      if (result.forwarding == worst) return std::move(result);
  return std::move(results.at(0));
}

}  // namespace

std::vector<LegMeasurements> measure_recorded_leg(const CasePlan& plan, const LegPlan& leg, const RunFolder& folder) {
  const std::string where = RunFolder::leg_folder(plan, leg.role, leg.round);
  if (leg.intent.hops.empty()) throw Error(fmt::format("plan.json: the leg '{}' has no hop", where));
  const LegObservation seen = folder.read_leg(where);
  std::vector<LegMeasurements> devices;
  for (std::size_t hop = 0; hop < leg.intent.hops.size(); ++hop) {
    const HopIntent& intent = leg.intent.hops[hop];
    const auto ingress = capture_of(seen, intent.ingress, folder, where);
    const auto egress = capture_of(seen, intent.egress, folder, where);
    const auto wire = capture_of(seen, intent.wire, folder, where);
    const auto returned = capture_of(seen, intent.returned, folder, where);
    devices.push_back(measure_leg(leg.intent, hop, seen, {ingress.get(), egress.get(), wire.get(), returned.get()}));
  }
  return devices;
}

CaseResult run_case(const CasePlan& plan, unsigned attempt, LabSession& lab, const LabAttempt& of,
                    const RunFolder& folder, const RunPlan& run, const std::function<void()>& recorded) {
  const CasePlan tried = attempt_of(plan, attempt);
  const auto begin = std::chrono::steady_clock::now();
  CaseRecord record = lab.perform(tried);
  record.lab = of;
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (record.recorded && lab.was_worn_before())
    record = {Recorded::broken, "something was off in the lab before the case's traffic", record.lab, record.seconds};
  folder.write_case_record(tried, record);
  recorded();
  CaseResult result = judge_recorded_case(plan, folder, run);
  annotate_findings(result, folder);
  keep_profile(result, run, folder, folder);
  return result;
}

CaseResult judge_recorded_case(const CasePlan& plan, const RunFolder& folder, const RunPlan& run) {
  const unsigned attempts = folder.attempts(plan);
  const CasePlan last = attempt_of(plan, attempts);
  const CaseRecord record = folder.read_case_record(last);
  const bool skipped = record.recorded == Recorded::skipped;
  CaseResult result =
      record.recorded == Recorded::recorded
          ? judge_rounds(last, folder, run)
          : unjudged_case(plan.id, plan.axes, plan.expect,
                          skipped || record.recorded == Recorded::left_out ? Outcome::skip : Outcome::error,
                          record.reason);
  if (run.question == Question::as_expected && plan.expect.is_skip() && skipped) result.outcome = Outcome::pass;
  result.folder = last.folder;
  result.artifacts = folder.artifacts(plan);
  result.recorded = record.recorded;
  result.attempts = attempts;
  result.lab = record.lab;
  result.seconds = record.seconds;
  if (result.fault_class) result.diagnosis = diagnose(result);
  return result;
}

}  // namespace offlab
