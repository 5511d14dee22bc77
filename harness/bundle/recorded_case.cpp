#include "bundle/recorded_case.h"

#include <fmt/format.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "record/run_json.h"
#include "runner/run_matrix.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

const CaseResult& chosen_case(const RunResult& run, const std::string& id, const fs::path& folder) {
  for (const CaseResult& one : run.cases)
    if (id.empty() ? one.forwarding == Outcome::fail && one.recorded == Recorded::recorded : one.id == id) return one;
  std::string known;
  for (const CaseResult& one : run.cases) known += "\n    " + clean_line(one.id);
  throw UsageError(
      id.empty() ? fmt::format("error: {} has no case that shows a fault; name one of:{}\n", folder.string(), known)
                 : fmt::format("error: {} has no case '{}'; it has:{}\n", folder.string(), clean_line(id), known));
}

}  // namespace

RecordedCase recorded_case_of(const fs::path& run, const std::string& id) {
  RecordedCase one{.folder = as_usage([&] { return RunFolder::open(run); }),
                   .plan = {},
                   .run = {.outcome = Outcome::error, .name = {}},
                   .result = {.id = {}, .outcome = Outcome::error, .forwarding = Outcome::error},
                   .planned = {}};
  one.plan = one.folder.read_plan();
  one.run =
      one.folder.has("run.json") ? run_from_json(one.folder.read_text("run.json")) : judge_run(one.plan, one.folder);
  one.result = chosen_case(one.run, id, run);
  if (one.result.recorded != Recorded::recorded || !one.result.fault_class)
    throw UsageError(fmt::format("error: nothing was judged in the case '{}': {}\n", clean_line(one.result.id),
                                 clean_line(one.result.reason)));
  for (const LabPlan& lab : one.plan.labs)
    for (const CasePlan& planned : lab.cases)
      if (planned.id == one.result.id) {
        one.lab = &lab;
        one.planned = attempt_of(planned, one.result.attempts);
      }
  if (one.lab == nullptr) throw Error(fmt::format("plan.json has no case '{}'", one.result.id));
  for (const LegPlan& leg : one.planned.legs)
    if (RunFolder::leg_folder(one.planned, leg.role, leg.round) == one.result.leg) one.round = leg.round;
  return one;
}

const LegPlan& leg_of(const CasePlan& one, LegRole role, unsigned round) {
  for (const LegPlan& leg : one.legs)
    if (leg.role == role && leg.round == round) return leg;
  throw Error(fmt::format("plan.json: the case '{}' has no {} of round {}", one.id, to_string(role), round));
}

const HopIntent& hop_of(const LegIntent& intent, const std::string& device) {
  for (const HopIntent& hop : intent.hops)
    if (device_name(hop) == device) return hop;
  return intent.hops.at(0);
}

ForeignEvidence evidence_of(const RecordedCase& one, const LegIntent& intent, const HopIntent& hop,
                            const LegObservation& seen) {
  ForeignEvidence evidence{.first = {}, .sides_are_known = true};
  evidence.choice.port = intent.port;
  const auto file_of = [&](const std::optional<CapturePoint>& point) {
    std::vector<fs::path> files;
    for (const CaptureStatistics& capture : seen.captures)
      if (point && capture.point.id == point->id) files.push_back(one.folder.path() / one.result.leg / capture.file);
    return files;
  };
  evidence.first = file_of(hop.ingress);
  evidence.second = file_of(hop.egress);
  return evidence;
}

AssumedRouter assumed_router(const CaseResult& result, const HopIntent& hop) {
  return {.lro = result.measured ? result.measured->ingress_lro : std::nullopt,
          .ingress_mtu = hop.ingress_mtu.bytes,
          .egress_mtu = hop.egress_mtu.bytes};
}

}  // namespace offlab
