#include "runner/run_matrix.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "runner/run_case.h"
#include "verdict/family_symmetry.h"
#include "verdict/judge.h"

namespace offlab {
namespace {

CaseResult unjudged(const CasePlan& plan, std::optional<Recorded> recorded, const std::string& reason) {
  CaseResult result = unjudged_case(plan.id, plan.axes, plan.expect, Outcome::error, reason);
  result.folder = plan.folder;
  result.recorded = recorded;
  return result;
}

// Has the case an end that stays? What was interrupted, left out, or cut off by the end of the process, has none.
bool is_finished(const CasePlan& plan, const RunFolder& folder, unsigned retries) try {
  const unsigned attempts = folder.attempts(plan);
  const CasePlan last = attempt_of(plan, attempts);
  if (!folder.has(last.folder + "/case.json")) return false;
  const auto recorded = folder.read_case_record(last).recorded;
  if (recorded == Recorded::broken) return attempts > retries;
  return recorded && recorded != Recorded::left_out;
} catch (const Error&) {
  return false;  // a damaged record is none
}

// Damaged files of one case do not hide the others.
CaseResult judge_if_possible(const CasePlan& plan, const RunFolder& folder, const RunPlan& run) try {
  return judge_recorded_case(plan, folder, run);
} catch (const Error& error) {
  return unjudged(plan, Recorded::broken, error.what());
} catch (const std::exception& error) {
  return unjudged(plan, Recorded::broken,
                  fmt::format("what was recorded in {} does not agree with plan.json ({})", plan.folder, error.what()));
}

// The attempt after the last one that has left files of its lab.
unsigned next_attempt(const CasePlan& plan, const RunFolder& folder) {
  const unsigned attempts = folder.attempts(plan);
  const std::string last = attempt_of(plan, attempts).folder + "/";
  for (const std::string& file : folder.artifacts(plan))
    if (file.starts_with(last) && file != last + "case.json") return attempts + 1;
  return attempts;
}

void sort_as_planned(const RunPlan& plan, std::vector<CaseResult>& results) {
  std::map<std::string, std::size_t> places;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) places.emplace(one.id, places.size());
  std::sort(results.begin(), results.end(),
            [&](const CaseResult& a, const CaseResult& b) { return places.at(a.id) < places.at(b.id); });
}

class Matrix {
 public:
  Matrix(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const RunPolicy& policy,
         const CaseListener& on_result)
      : plan_(plan), labs_(labs), folder_(folder), policy_(policy), on_result_(on_result) {
    if (!policy.resume) return;
    for (const LabPlan& lab : plan.labs)
      for (const CasePlan& one : lab.cases) first_attempts_[one.id] = next_attempt(one, folder);
  }

  void run_lab(LabPlan lab) {
    session_.reset();
    never_came_up_.clear();
    attempt_ = {lab.name, policy_.resume ? folder_.lab_attempts(lab.name) : 0};
    if (policy_.resume) take_finished(lab);
    for (std::size_t i = 0; i < lab.cases.size(); ++i)
      tell(never_came_up_.empty() ? run(lab, i) : not_tried(lab.cases[i], first_attempt(lab.cases[i]), never_came_up_));
    session_.reset();
  }

  void interrupt() {
    session_.reset();
    for (const LabPlan& lab : plan_.labs)
      for (const CasePlan& one : lab.cases)
        if (std::none_of(results_.begin(), results_.end(), [&](const CaseResult& r) { return r.id == one.id; }))
          results_.push_back(interrupted(one));
  }

  std::vector<CaseResult> take() {
    sort_as_planned(plan_, results_);
    return std::move(results_);
  }

 private:
  void take_finished(LabPlan& lab) {
    std::vector<CasePlan> open;
    for (CasePlan& one : lab.cases)
      if (is_finished(one, folder_, policy_.retries))
        tell(judge_if_possible(one, folder_, plan_));
      else
        open.push_back(std::move(one));
    lab.cases = std::move(open);
  }

  unsigned first_attempt(const CasePlan& one) const { return policy_.resume ? first_attempts_.at(one.id) : 1; }

  // The plan of a lab for the cases from `first` on, which is tried for the `attempt`-th time.
  LabPlan remaining(const LabPlan& lab, std::size_t first, unsigned attempt) const {
    LabPlan rest = lab;
    rest.cases.erase(rest.cases.begin(), rest.cases.begin() + static_cast<std::ptrdiff_t>(first));
    for (CasePlan& one : rest.cases) one = attempt_of(one, first_attempt(one));
    rest.cases.front() = attempt_of(lab.cases[first], attempt);
    return rest;
  }

  // Until it is recorded or skipped, or the policy has no more attempts.
  CaseResult run(const LabPlan& lab, std::size_t number) {
    const CasePlan& one = lab.cases[number];
    if (ended_by_) return left_out(one, fmt::format("the run ended with {}", *ended_by_));
    if (one.id != begun_ && !has_time_for(one))
      return left_out(one, fmt::format("the {:.0f} s of the run were too short for it", policy_.budget->seconds));
    const unsigned first = first_attempt(one);
    for (unsigned attempt = first;; ++attempt) {
      CaseResult result = try_once(lab, number, attempt);
      if (attempt == first && session_ && session_->was_worn_before()) continue;  // once more, in a fresh lab
      if (result.recorded != Recorded::broken || !never_came_up_.empty() || attempt > policy_.retries) return result;
    }
  }

  CaseResult try_once(const LabPlan& lab, std::size_t number, unsigned attempt) {
    const CasePlan& one = lab.cases[number];
    try {
      if (!session_ || !session_->usable()) {
        session_.reset();  // the old lab is gone before the new one starts
        ++attempt_.attempt;
        session_ = labs_.start(remaining(lab, number, attempt), attempt_.attempt);
      }
    } catch (const Error& error) {
      never_came_up_ = error.what();
      return not_tried(one, attempt, never_came_up_);
    }
    try {
      // The next case runs while this one is judged.
      CaseResult result = run_case(one, attempt, *session_, attempt_, folder_, plan_, [&] {
        if (number + 1 < lab.cases.size()) begin_ahead(lab.cases[number + 1]);
      });
      if (result.recorded == Recorded::broken && !session_->came_up()) never_came_up_ = result.reason;
      return result;
    } catch (const Error& error) {
      return unjudged(one, Recorded::broken, error.what());
    }
  }

  void begin_ahead(const CasePlan& next) {
    if (!session_->usable() || !has_time_for(next) || policy_.until) return;  // the answer may end the run
    session_->begin(attempt_of(next, first_attempt(next)));
    begun_ = next.id;
  }

  bool has_time_for(const CasePlan& one) const {
    if (!policy_.budget) return true;
    const Budget& budget = *policy_.budget;
    const double start = session_ && session_->usable() ? 0 : budget.needed.lab_seconds;
    return budget.spent() + start + budget.needed.case_seconds.at(one.id) <= budget.seconds;
  }

  CaseResult left_out(const CasePlan& plan, const std::string& why) {
    folder_.write_case_record(attempt_of(plan, first_attempt(plan)), {Recorded::left_out, why});
    return judge_recorded_case(plan, folder_, plan_);
  }

  // What has an end keeps it, whether this process or an earlier one brought it about.
  CaseResult interrupted(const CasePlan& plan) {
    if (policy_.resume && is_finished(plan, folder_, policy_.retries)) return judge_if_possible(plan, folder_, plan_);
    const unsigned last = folder_.attempts(plan);
    if (folder_.has(attempt_of(plan, last).folder + "/case.json")) return unjudged(plan, std::nullopt, "interrupted");
    return not_tried(plan, last, "interrupted");
  }

  // No lab recorded it.
  CaseResult not_tried(const CasePlan& plan, unsigned attempt, const std::string& reason) {
    folder_.write_case_record(attempt_of(plan, attempt),
                              {std::nullopt, reason, attempt_.attempt == 0 ? LabAttempt() : attempt_});
    return unjudged(plan, std::nullopt, reason);
  }

  void tell(CaseResult result) {
    if (result.outcome == policy_.until && !ended_by_) {
      ended_by_ = result.id;
      session_.reset();
    }
    results_.push_back(std::move(result));
    on_result_(results_.back());
  }

  const RunPlan& plan_;
  LabStarter& labs_;
  const RunFolder& folder_;
  const RunPolicy& policy_;
  const CaseListener& on_result_;
  std::unique_ptr<LabSession> session_;
  LabAttempt attempt_;                              // at the lab whose cases are recorded
  std::string never_came_up_;                       // why it did not
  std::optional<std::string> ended_by_;             // the case of the outcome that ends the run
  std::string begun_;                               // the case that the lab was asked for ahead
  std::map<std::string, unsigned> first_attempts_;  // of a run that is resumed
  std::vector<CaseResult> results_;
};

// What is the same for NICs that are made alike.
std::string made_as(const NicPlan& nic) {
  std::string text(to_string(nic.model));
  for (const auto& [name, on] : nic.host_offloads) text += fmt::format(" host.{}={}", name, on);
  for (const auto& [name, on] : nic.guest_offloads) text += fmt::format(" guest.{}={}", name, on);
  if (nic.queues > 1) text += fmt::format(" queues={}", nic.queues);
  return text;
}

std::map<NicRef, std::string> nics_of(const LabPlan& lab) {
  std::map<NicRef, std::string> nics;
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics)
      for (const std::string& network : networks_of(nic))
        nics[{node.name, network}] = fmt::format("{} {}", made_as(nic), node.kernel);
  return nics;
}

// Of the case itself; an empty one, which has no counterpart, when no leg measures it.
LegIntent measured_intent(const CasePlan& plan) {
  const auto leg = std::find_if(plan.legs.begin(), plan.legs.end(),
                                [](const LegPlan& one) { return one.role == LegRole::measured; });
  return leg == plan.legs.end() ? LegIntent() : leg->intent;
}

void add_digests(const RunPlan& plan, std::vector<CaseResult>& cases) {
  std::map<std::string, std::string> digests;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) digests[one.id] = one.digest;
  for (CaseResult& one : cases) one.digest = digests.at(one.id);
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

std::vector<LabHost> labs_of(const RunPlan& plan, const RunFolder& folder) {
  std::vector<LabHost> labs;
  for (const LabPlan& lab : plan.labs)
    for (LabAttempt of{lab.name, 1}; folder.has(lab_folder(of)); ++of.attempt) {
      Environment environment = folder.read_lab_environment(of);
      labs.push_back({of, std::move(environment.host), std::move(environment.image)});
    }
  return labs;
}

RunResult summarise(const RunPlan& plan, const RunFolder& folder, std::vector<CaseResult> cases) {
  const Environment environment = folder.read_environment();
  add_family_symmetry(settings_of(plan, cases), cases);
  add_digests(plan, cases);
  std::vector<Outcome> outcomes;
  for (const CaseResult& one : cases) outcomes.push_back(one.outcome);
  return {.outcome = combine(outcomes),
          .question = plan.question,
          .name = plan.name,
          .summary = plan.summary,
          .host = environment.host,
          .image = environment.image,
          .packages = environment.packages,
          .started = environment.started,
          .seconds = environment.seconds,
          .cases = std::move(cases),
          .plan_digest = plan.digest,
          .labs = labs_of(plan, folder)};
}

}  // namespace

RunResult run_matrix(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const RunPolicy& policy,
                     const CaseListener& on_result, bool& interrupted) {
  Matrix matrix(plan, labs, folder, policy, on_result);
  interrupted = false;
  try {
    for (const LabPlan& lab : plan.labs) matrix.run_lab(lab);
  } catch (const Interrupted&) {
    interrupted = true;
    matrix.interrupt();
  }
  return summarise(plan, folder, matrix.take());
}

std::vector<std::string> unfinished_cases(const RunPlan& plan, const RunFolder& folder, unsigned retries) {
  std::vector<std::string> open;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      if (!is_finished(one, folder, retries)) open.push_back(one.id);
  return open;
}

RunResult judge_run(const RunPlan& plan, const RunFolder& folder) {
  std::vector<CaseResult> cases;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) cases.push_back(judge_if_possible(one, folder, plan));
  return summarise(plan, folder, std::move(cases));
}

}  // namespace offlab
