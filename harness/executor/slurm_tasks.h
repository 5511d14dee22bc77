// Tasks of a run as a job array of Slurm: sbatch(1), squeue(1) and scancel(1), by their command lines.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "runner/follow_tasks.h"

namespace offlab {

struct SlurmOptions {
  std::string partition = {};            // empty: the default
  std::vector<std::string> sbatch = {};  // further options of sbatch
  unsigned at_once = 0;                  // tasks that may run at the same time; 0: all
};

struct SlurmTask {
  std::string state;  // "PENDING", "RUNNING"
  std::string host;   // empty while it waits
  bool operator==(const SlurmTask&) const = default;
};

// What `squeue --noheader --array --format "%K|%T|%N"` prints of one job: the tasks that are queued or run, by their
// numbers. Throws Error for what is no such line.
std::map<std::size_t, SlurmTask> parse_squeue(const std::string& text);
// "0-2,7" of numbers in order.
std::string array_of(const std::vector<std::size_t>& tasks);

class SlurmTasks : public LabTasks {
 public:
  // `plan`: of the run in `run_folder`, which outlives this.
  SlurmTasks(const RunPlan& plan, std::filesystem::path run_folder, SlurmOptions options, std::stop_token stop)
      : plan_(plan), run_folder_(std::move(run_folder)), options_(std::move(options)), stop_(std::move(stop)) {}

  bool under_way() override;
  void start(const std::vector<std::size_t>& labs) override;
  std::vector<std::string> news() override;
  bool over() const override { return over_; }
  std::string why_over() const override;
  void cancel() override;

  const std::string& job() const { return job_; }

 private:
  // Of the job; nothing when Slurm does not know it any more.
  std::optional<std::map<std::size_t, SlurmTask>> ask(const std::stop_token& stop) const;
  void begin_now(std::size_t task) const;

  const RunPlan& plan_;
  std::filesystem::path run_folder_;
  SlurmOptions options_;
  std::stop_token stop_;
  std::string job_;
  std::map<std::size_t, std::string> last_hosts_;
  std::optional<Deadline> silence_;  // since Slurm did not answer
  bool over_ = false;
};

}  // namespace offlab
