#include "runner/run_matrix.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "runner/run_case.h"
#include "verdict/family_symmetry.h"
#include "verdict/judge.h"

namespace offlab {
namespace {

CaseResult broken_case(const CasePlan& plan, const std::string& reason) {
  CaseResult result = unjudged_case(plan.id, plan.axes, plan.expect, Outcome::error, reason);
  result.folder = plan.folder;
  return result;
}

// A case that no lab recorded.
CaseResult unrecorded_case(const CasePlan& plan, const std::string& reason, const RunFolder& folder) {
  folder.write_case_record(plan, {Outcome::error, reason});
  return broken_case(plan, reason);
}

// The plan of a lab for the cases from `first` on.
LabPlan remaining(const LabPlan& lab, std::size_t first) {
  LabPlan rest = lab;
  rest.cases.erase(rest.cases.begin(), rest.cases.begin() + static_cast<std::ptrdiff_t>(first));
  return rest;
}

class Matrix {
 public:
  Matrix(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const CaseListener& on_result)
      : plan_(plan), labs_(labs), folder_(folder), on_result_(on_result) {}

  void run_lab(const LabPlan& lab) {
    std::unique_ptr<LabSession> session;
    std::string never_came_up;
    for (std::size_t i = 0; i < lab.cases.size(); ++i) {
      const CasePlan& one = lab.cases[i];
      if (!never_came_up.empty()) {
        tell(unrecorded_case(one, never_came_up, folder_));
        continue;
      }
      try {
        if (!session || !session->usable()) {
          session.reset();  // the old lab is gone before the new one starts
          session = labs_.start(remaining(lab, i));
        }
        tell(run_case(one, *session, folder_, plan_));
        if (results_.back().outcome == Outcome::error && !session->came_up()) never_came_up = results_.back().reason;
      } catch (const Error& error) {
        tell(session ? broken_case(one, error.what()) : unrecorded_case(one, error.what(), folder_));
        if (!session) never_came_up = error.what();
      }
    }
  }

  void interrupt() {
    for (const LabPlan& lab : plan_.labs)
      for (const CasePlan& one : lab.cases)
        if (std::none_of(results_.begin(), results_.end(), [&](const CaseResult& r) { return r.id == one.id; }))
          results_.push_back(unrecorded_case(one, "interrupted", folder_));
  }

  std::vector<CaseResult> take() { return std::move(results_); }

 private:
  void tell(CaseResult result) {
    results_.push_back(std::move(result));
    on_result_(results_.back());
  }

  const RunPlan& plan_;
  LabStarter& labs_;
  const RunFolder& folder_;
  const CaseListener& on_result_;
  std::vector<CaseResult> results_;
};

// What is the same for NICs that are made alike.
std::string made_as(const NicPlan& nic) {
  std::string text(to_string(nic.model));
  for (const auto& [name, on] : nic.host_offloads) text += fmt::format(" host.{}={}", name, on);
  for (const auto& [name, on] : nic.guest_offloads) text += fmt::format(" guest.{}={}", name, on);
  return text;
}

std::map<std::string, std::string> nics_of(const LabPlan& lab) {
  std::map<std::string, std::string> nics;
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics)
      nics[node.name + " " + nic.network] = fmt::format("{} {}", made_as(nic), node.kernel);
  return nics;
}

// Of the case itself; an empty one, which has no counterpart, when no leg measures it.
LegIntent measured_intent(const CasePlan& plan) {
  const auto leg = std::find_if(plan.legs.begin(), plan.legs.end(),
                                [](const LegPlan& one) { return one.role == LegRole::measured; });
  return leg == plan.legs.end() ? LegIntent() : leg->intent;
}

// In the order of `cases`.
std::vector<CaseSettings> settings_of(const RunPlan& plan, const std::vector<CaseResult>& cases) {
  std::map<std::string, CaseSettings> settings;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) settings[one.id] = {measured_intent(one), nics_of(lab)};
  std::vector<CaseSettings> ordered;
  for (const CaseResult& one : cases) ordered.push_back(settings.at(one.id));
  return ordered;
}

RunResult summarise(const RunPlan& plan, const RunFolder& folder, std::vector<CaseResult> cases) {
  const Environment environment = folder.read_environment();
  add_family_symmetry(settings_of(plan, cases), cases);
  std::vector<Outcome> outcomes;
  for (const CaseResult& one : cases) outcomes.push_back(one.outcome);
  return {combine(outcomes), plan.question,        plan.name,           plan.summary,        environment.host,
          environment.image, environment.packages, environment.started, environment.seconds, std::move(cases)};
}

}  // namespace

RunResult run_matrix(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const CaseListener& on_result,
                     bool& interrupted) {
  Matrix matrix(plan, labs, folder, on_result);
  interrupted = false;
  try {
    for (const LabPlan& lab : plan.labs) matrix.run_lab(lab);
  } catch (const Interrupted&) {
    interrupted = true;
    matrix.interrupt();
  }
  return summarise(plan, folder, matrix.take());
}

RunResult judge_run(const RunPlan& plan, const RunFolder& folder) {
  std::vector<CaseResult> cases;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) try {
        cases.push_back(judge_recorded_case(one, folder, plan));
      } catch (const Error& error) {  // damaged files of one case do not hide the others
        cases.push_back(broken_case(one, error.what()));
      }
  return summarise(plan, folder, std::move(cases));
}

}  // namespace offlab
