// A run whose labs run elsewhere, each by itself, in a run folder that both sides see.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "port/observer.h"
#include "runner/run_matrix.h"

namespace offlab {

// What a task writes for each case that has its result: an empty file.
std::string done_file(const CasePlan& plan);
// What happens in the lab, as the task tells it, a line an event.
std::string task_events_file(std::size_t lab);

// The tasks of a run, one a lab of its plan, in the hands of a scheduler.
class LabTasks {
 public:
  virtual ~LabTasks() = default;
  // Whether tasks that an earlier process handed over are still there: they are followed then.
  virtual bool under_way() = 0;
  // Hands over the tasks of these labs, by their numbers. Throws Error.
  virtual void start(const std::vector<std::size_t>& labs) = 0;
  // Asked now and then: what is worth a line since then ("lab-1 is queued again: its host failed"). Throws Error when
  // the scheduler does not answer for long.
  virtual std::vector<std::string> news() = 0;
  // Whether no task is queued or runs any more, by the last news; why, for people.
  virtual bool over() const = 0;
  virtual std::string why_over() const = 0;
  // Returns when nothing runs any more, or cannot be ended.
  virtual void cancel() = 0;
};

// Tells each result as it comes. What the tasks leave without a result was not tried. At a stop the tasks are ended and
// `interrupted` is set.
RunResult follow_tasks(const RunPlan& plan, LabTasks& tasks, const RunFolder& folder, const RunPolicy& policy,
                       const CaseListener& on_result, Observer& observer, const std::stop_token& stop,
                       bool& interrupted);

}  // namespace offlab
