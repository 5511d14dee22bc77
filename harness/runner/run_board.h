// The cases of a run, for all places where its labs run: what is left to do, and what came out.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/verdict.h"
#include "plan/plan.h"

namespace offlab {

using CaseListener = std::function<void(const CaseResult&)>;

// Cases of one lab, for one place.
struct LabTask {
  LabPlan lab;
  bool tried = false;  // some of its cases were begun elsewhere, or by an earlier process
};

class RunBoard {
 public:
  // The run ends with the first case of outcome `until`.
  RunBoard(std::deque<LabTask> tasks, std::optional<Outcome> until, const CaseListener& on_result)
      : tasks_(std::move(tasks)), until_(until), on_result_(on_result) {}

  // The next task. Waits while another place is at work, since it may give back what it took. Nothing once all is done,
  // or after stop().
  std::optional<LabTask> take();
  // The place is done with what it took.
  void done();
  // The place is lost; the cases that have no result are for others.
  void give_back(LabTask rest);
  // Nobody takes anything any more. An exception of a place is kept, the first one.
  void stop(std::exception_ptr failure = nullptr);

  // One at a time.
  void tell(CaseResult result);
  // The case that ended the run.
  std::optional<std::string> ended_by() const;

  // Once nobody is at work: what nobody took.
  std::vector<LabTask> left() const;
  std::vector<CaseResult> take_results();
  void rethrow() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable change_;
  std::deque<LabTask> tasks_;
  std::optional<Outcome> until_;
  const CaseListener& on_result_;
  std::size_t at_work_ = 0;
  bool stopped_ = false;
  std::exception_ptr failure_;
  std::optional<std::string> ended_by_;
  std::vector<CaseResult> results_;
};

}  // namespace offlab
