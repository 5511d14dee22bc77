// The cases of one lab, at one place, until each has an end.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "plan/time_estimate.h"
#include "record/run_folder.h"
#include "runner/lab_session.h"
#include "runner/run_board.h"

namespace offlab {

// A case is begun only while what is left of the time is what it may take.
struct Budget {
  double seconds = 0;
  std::function<double()> spent;  // seconds, so far
  TimeEstimate needed;
};

struct RunPolicy {
  unsigned retries = 0;  // how often a case is tried again, in a fresh lab, when its lab broke in it
  std::optional<Budget> budget = {};
  std::optional<Outcome> until = {};  // the run ends with the first case of this outcome; the rest is left out
  bool resume = false;                // the folder has what an earlier process recorded: that is judged, not run again
};

// Has the case an end that stays? What was interrupted, left out, or cut off by the end of a process, has none.
bool is_finished(const CasePlan& plan, const RunFolder& folder, unsigned retries);
// What a run says of a case that nobody could judge.
CaseResult unjudged(const CasePlan& plan, std::optional<Recorded> recorded, const std::string& reason);
// Damaged files of one case do not hide the others.
CaseResult judge_if_possible(const CasePlan& plan, const RunFolder& folder, const RunPlan& run);

class LabRun {
 public:
  LabRun(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const RunPolicy& policy, RunBoard& board,
         LabTask task);
  // Tells the board each result. Throws Interrupted, and PlaceLost.
  void perform();
  // The cases that have no result.
  LabTask rest() const;

 private:
  void take_finished();
  unsigned first_attempt(const CasePlan& one) const { return first_attempts_.at(one.id); }
  LabPlan remaining(std::size_t first, unsigned attempt) const;
  CaseResult run(std::size_t number);
  CaseResult try_once(std::size_t number, unsigned attempt);
  void begin_ahead(const CasePlan& next);
  bool has_time_for(const CasePlan& one) const;
  CaseResult left_out(const CasePlan& plan, const std::string& why);
  CaseResult not_tried(const CasePlan& plan, unsigned attempt, const std::string& reason);
  void tell(CaseResult result);

  const RunPlan& plan_;
  LabStarter& labs_;
  const RunFolder& folder_;
  const RunPolicy& policy_;
  RunBoard& board_;
  LabTask task_;
  std::size_t number_ = 0;                          // of the case at hand
  std::map<std::string, unsigned> first_attempts_;  // of each case
  std::unique_ptr<LabSession> session_;
  LabAttempt attempt_;         // at the lab
  std::string never_came_up_;  // why it did not
  std::string begun_;          // the case that the lab was asked for ahead
};

}  // namespace offlab
