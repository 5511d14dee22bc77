#include "runner/follow_tasks.h"

#include <algorithm>
#include <fstream>
#include <set>

#include <fmt/core.h>

#include "base/deadline.h"
#include "base/error.h"
#include "record/event_json.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds between_looks{200};
constexpr milliseconds between_questions{1000};

// The lines that a file has got since the last look.
class Tail {
 public:
  explicit Tail(fs::path file) : file_(std::move(file)) {}
  // What is there already was told by an earlier process.
  void skip() {
    std::error_code none;
    const auto size = fs::file_size(file_, none);
    if (!none) seen_ = size;
  }
  std::vector<std::string> lines() {
    std::vector<std::string> all;
    std::ifstream stream(file_);
    stream.seekg(static_cast<std::streamoff>(seen_));
    for (std::string line; std::getline(stream, line) && !stream.eof();) {
      seen_ += line.size() + 1;
      all.push_back(std::move(line));
    }
    return all;
  }

 private:
  fs::path file_;
  std::uint64_t seen_ = 0;
};

class Follower {
 public:
  Follower(const RunPlan& plan, LabTasks& tasks, const RunFolder& folder, const RunPolicy& policy,
           const CaseListener& on_result, Observer& observer)
      : plan_(plan), tasks_(tasks), folder_(folder), policy_(policy), on_result_(on_result), observer_(observer) {
    for (std::size_t lab = 0; lab < plan.labs.size(); ++lab) tails_.emplace_back(folder.path() / task_events_file(lab));
  }

  void start() {
    if (policy_.resume)
      for (Tail& tail : tails_) tail.skip();
    std::vector<std::size_t> labs;
    for (std::size_t lab = 0; lab < plan_.labs.size(); ++lab) {
      const auto& cases = plan_.labs[lab].cases;
      const auto is_open = [&](const CasePlan& one) { return !is_finished(one, folder_, policy_.retries); };
      if (!policy_.resume || std::any_of(cases.begin(), cases.end(), is_open)) labs.push_back(lab);
    }
    for (std::size_t lab = 0; lab < plan_.labs.size(); ++lab)
      if (std::find(labs.begin(), labs.end(), lab) == labs.end())
        for (const CasePlan& one : plan_.labs[lab].cases) tell(one);
    if (tasks_.under_way()) return;
    // A mark says that a case has its result. What is tried again has none yet.
    for (const std::size_t lab : labs)
      for (const CasePlan& one : plan_.labs[lab].cases) {
        std::error_code none;
        if (!is_finished(one, folder_, policy_.retries)) fs::remove(folder_.path() / done_file(one), none);
      }
    tasks_.start(labs);
  }

  void follow(const std::stop_token& stop) {
    Deadline question("the scheduler", milliseconds(0));
    while (!all_told()) {
      look();
      if (all_told() || ended_by_) return;
      if (question.passed()) {
        for (const std::string& text : tasks_.news()) observer_.on(event::Note{text});
        question = Deadline("the scheduler", between_questions);
        if (tasks_.over()) {
          look();  // what was done just before
          return;
        }
      }
      if (stop.stop_requested()) throw Interrupted();
      Deadline("the next look", between_looks).wait(stop);
    }
  }

  // Of the cases that have no result.
  void end(const std::string& why, bool interrupted) {
    for (const LabPlan& lab : plan_.labs)
      for (const CasePlan& one : lab.cases) {
        if (told_.count(one.id) != 0) continue;
        if (is_finished(one, folder_, policy_.retries)) {  // the task ended before it could say so
          tell(one);
          continue;
        }
        const CasePlan last = attempt_of(one, folder_.attempts(one));
        const std::optional<Recorded> recorded = ended_by_ ? std::optional(Recorded::left_out) : std::nullopt;
        folder_.write_case_record(last, {recorded, why, {}});
        told_.insert(one.id);
        results_.push_back(ended_by_ ? judge_if_possible(one, folder_, plan_) : unjudged(one, std::nullopt, why));
        if (!interrupted) on_result_(results_.back());
      }
  }

  const std::optional<std::string>& ended_by() const { return ended_by_; }
  std::vector<CaseResult> take() { return std::move(results_); }

 private:
  bool all_told() const {
    std::size_t all = 0;
    for (const LabPlan& lab : plan_.labs) all += lab.cases.size();
    return told_.size() == all;
  }

  void look() {
    for (Tail& tail : tails_)
      for (const std::string& line : tail.lines()) {
        try {
          observer_.on(event_from_line(line));
        } catch (const Error&) {  // a line that two tasks wrote into at the same time
        }
      }
    for (const LabPlan& lab : plan_.labs)
      for (const CasePlan& one : lab.cases)
        if (told_.count(one.id) == 0 && folder_.has(done_file(one))) tell(one);
  }

  void tell(const CasePlan& one) {
    told_.insert(one.id);
    results_.push_back(judge_if_possible(one, folder_, plan_));
    if (results_.back().outcome == policy_.until && !ended_by_) ended_by_ = one.id;
    on_result_(results_.back());
  }

  const RunPlan& plan_;
  LabTasks& tasks_;
  const RunFolder& folder_;
  const RunPolicy& policy_;
  const CaseListener& on_result_;
  Observer& observer_;
  std::vector<Tail> tails_;
  std::set<std::string> told_;
  std::optional<std::string> ended_by_;
  std::vector<CaseResult> results_;
};

}  // namespace

std::string done_file(const CasePlan& plan) {
  return "tasks/done/" + fs::path(plan.folder).filename().string();
}

std::string task_events_file(std::size_t lab) {
  return fmt::format("tasks/events-{}.jsonl", lab);
}

RunResult follow_tasks(const RunPlan& plan, LabTasks& tasks, const RunFolder& folder, const RunPolicy& policy,
                       const CaseListener& on_result, Observer& observer, const std::stop_token& stop,
                       bool& interrupted) {
  Follower follower(plan, tasks, folder, policy, on_result, observer);
  interrupted = false;
  try {
    follower.start();
    follower.follow(stop);
    if (follower.ended_by()) tasks.cancel();
    follower.end(follower.ended_by() ? fmt::format("the run ended with {}", *follower.ended_by()) : tasks.why_over(),
                 false);
  } catch (const Interrupted&) {
    interrupted = true;
    tasks.cancel();
    follower.end("interrupted", true);
  }
  return run_result_of(plan, folder, follower.take());
}

}  // namespace offlab
