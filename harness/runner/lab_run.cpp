#include "runner/lab_run.h"

#include <fmt/core.h>

#include "base/error.h"
#include "runner/run_case.h"
#include "verdict/judge.h"

namespace offlab {

CaseResult unjudged(const CasePlan& plan, std::optional<Recorded> recorded, const std::string& reason) {
  CaseResult result = unjudged_case(plan.id, plan.axes, plan.expect, Outcome::error, reason);
  result.folder = plan.folder;
  result.recorded = recorded;
  return result;
}

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

CaseResult judge_if_possible(const CasePlan& plan, const RunFolder& folder, const RunPlan& run) try {
  return judge_recorded_case(plan, folder, run);
} catch (const Error& error) {
  return unjudged(plan, Recorded::broken, error.what());
} catch (const std::exception& error) {
  return unjudged(plan, Recorded::broken,
                  fmt::format("what was recorded in {} does not agree with plan.json ({})", plan.folder, error.what()));
}

namespace {

// The attempt after the last one that has left files of its lab.
unsigned next_attempt(const CasePlan& plan, const RunFolder& folder) {
  const unsigned attempts = folder.attempts(plan);
  const std::string last = attempt_of(plan, attempts).folder + "/";
  for (const std::string& file : folder.artifacts(plan))
    if (file.starts_with(last) && file != last + "case.json") return attempts + 1;
  return attempts;
}

}  // namespace

LabRun::LabRun(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const RunPolicy& policy, RunBoard& board,
               LabTask task)
    : plan_(plan), labs_(labs), folder_(folder), policy_(policy), board_(board), task_(std::move(task)) {
  for (const CasePlan& one : task_.lab.cases) first_attempts_[one.id] = task_.tried ? next_attempt(one, folder) : 1;
  attempt_ = {task_.lab.name, task_.tried ? folder.lab_attempts(task_.lab.name) : 0};
}

void LabRun::perform() {
  if (task_.tried) take_finished();
  for (number_ = 0; number_ < task_.lab.cases.size(); ++number_) {
    const CasePlan& one = task_.lab.cases[number_];
    tell(never_came_up_.empty() ? run(number_) : not_tried(one, first_attempt(one), never_came_up_));
  }
  session_.reset();
}

LabTask LabRun::rest() const {
  LabTask rest{task_.lab, true};
  rest.lab.cases.erase(rest.lab.cases.begin(), rest.lab.cases.begin() + static_cast<std::ptrdiff_t>(number_));
  return rest;
}

void LabRun::take_finished() {
  std::vector<CasePlan> open;
  for (CasePlan& one : task_.lab.cases)
    if (is_finished(one, folder_, policy_.retries))
      tell(judge_if_possible(one, folder_, plan_));
    else
      open.push_back(std::move(one));
  task_.lab.cases = std::move(open);
}

// The plan of the lab for the cases from `first` on, which is tried for the `attempt`-th time.
LabPlan LabRun::remaining(std::size_t first, unsigned attempt) const {
  LabPlan rest = task_.lab;
  rest.cases.erase(rest.cases.begin(), rest.cases.begin() + static_cast<std::ptrdiff_t>(first));
  for (CasePlan& one : rest.cases) one = attempt_of(one, first_attempt(one));
  rest.cases.front() = attempt_of(task_.lab.cases[first], attempt);
  return rest;
}

// Until it is recorded or skipped, or the policy has no more attempts.
CaseResult LabRun::run(std::size_t number) {
  const CasePlan& one = task_.lab.cases[number];
  if (const auto ended_by = board_.ended_by()) {
    session_.reset();
    return left_out(one, fmt::format("the run ended with {}", *ended_by));
  }
  if (one.id != begun_ && !has_time_for(one))
    return left_out(one, fmt::format("the {:.0f} s of the run were too short for it", policy_.budget->seconds));
  const unsigned first = first_attempt(one);
  for (unsigned attempt = first;; ++attempt) {
    CaseResult result = try_once(number, attempt);
    if (attempt == first && session_ && session_->was_worn_before()) continue;  // once more, in a fresh lab
    if (result.recorded != Recorded::broken || !never_came_up_.empty() || attempt > policy_.retries) return result;
  }
}

CaseResult LabRun::try_once(std::size_t number, unsigned attempt) {
  const CasePlan& one = task_.lab.cases[number];
  try {
    if (!session_ || !session_->usable()) {
      session_.reset();  // the old lab is gone before the new one starts
      ++attempt_.attempt;
      session_ = labs_.start(remaining(number, attempt), attempt_.attempt);
    }
  } catch (const PlaceLost&) {
    throw;
  } catch (const Error& error) {
    never_came_up_ = error.what();
    if (!error.remedy().empty()) never_came_up_ += fmt::format(" ({})", error.remedy());
    return not_tried(one, attempt, never_came_up_);
  }
  try {
    // The next case runs while this one is judged.
    CaseResult result = run_case(one, attempt, *session_, attempt_, folder_, plan_, [&] {
      if (number + 1 < task_.lab.cases.size()) begin_ahead(task_.lab.cases[number + 1]);
    });
    if (result.recorded == Recorded::broken && !session_->came_up()) never_came_up_ = result.reason;
    return result;
  } catch (const PlaceLost& lost) {
    folder_.write_case_record(attempt_of(one, attempt), {std::nullopt, lost.what(), attempt_});
    throw;
  } catch (const Error& error) {
    return unjudged(one, Recorded::broken, error.what());
  }
}

void LabRun::begin_ahead(const CasePlan& next) {
  if (!session_->usable() || !has_time_for(next) || policy_.until) return;  // the answer may end the run
  try {
    session_->begin(attempt_of(next, first_attempt(next)));
    begun_ = next.id;
  } catch (const PlaceLost&) {  // what was recorded is judged first; the next case finds it out, too
  }
}

bool LabRun::has_time_for(const CasePlan& one) const {
  if (!policy_.budget) return true;
  const Budget& budget = *policy_.budget;
  const double start = session_ && session_->usable() ? 0 : budget.needed.lab_seconds;
  return budget.spent() + start + budget.needed.case_seconds.at(one.id) <= budget.seconds;
}

CaseResult LabRun::left_out(const CasePlan& plan, const std::string& why) {
  folder_.write_case_record(attempt_of(plan, first_attempt(plan)), {Recorded::left_out, why});
  return judge_recorded_case(plan, folder_, plan_);
}

// No lab recorded it.
CaseResult LabRun::not_tried(const CasePlan& plan, unsigned attempt, const std::string& reason) {
  folder_.write_case_record(attempt_of(plan, attempt),
                            {std::nullopt, reason, attempt_.attempt == 0 ? LabAttempt() : attempt_});
  return unjudged(plan, std::nullopt, reason);
}

void LabRun::tell(CaseResult result) {
  const bool ends = result.outcome == policy_.until;
  board_.tell(std::move(result));
  if (ends) session_.reset();
}

}  // namespace offlab
