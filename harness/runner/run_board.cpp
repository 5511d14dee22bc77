#include "runner/run_board.h"

namespace offlab {

std::optional<LabTask> RunBoard::take() {
  std::unique_lock lock(mutex_);
  change_.wait(lock, [&] { return stopped_ || !tasks_.empty() || at_work_ == 0; });
  if (stopped_ || tasks_.empty()) return std::nullopt;
  LabTask task = std::move(tasks_.front());
  tasks_.pop_front();
  ++at_work_;
  return task;
}

void RunBoard::done() {
  const std::lock_guard lock(mutex_);
  --at_work_;
  change_.notify_all();
}

void RunBoard::give_back(LabTask rest) {
  const std::lock_guard lock(mutex_);
  if (!rest.lab.cases.empty()) tasks_.push_front(std::move(rest));
  --at_work_;
  change_.notify_all();
}

void RunBoard::stop(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (!failure_) failure_ = std::move(failure);
  change_.notify_all();
}

void RunBoard::tell(CaseResult result) {
  const std::lock_guard lock(mutex_);
  if (result.outcome == until_ && !ended_by_) ended_by_ = result.id;
  results_.push_back(std::move(result));
  on_result_(results_.back());
}

std::optional<std::string> RunBoard::ended_by() const {
  const std::lock_guard lock(mutex_);
  return ended_by_;
}

std::vector<LabTask> RunBoard::left() const {
  const std::lock_guard lock(mutex_);
  return {tasks_.begin(), tasks_.end()};
}

std::vector<CaseResult> RunBoard::take_results() {
  const std::lock_guard lock(mutex_);
  return std::move(results_);
}

void RunBoard::rethrow() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace offlab
