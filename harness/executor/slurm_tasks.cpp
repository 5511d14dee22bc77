#include "executor/slurm_tasks.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/core.h>

#include "base/error.h"
#include "base/number_ranges.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr seconds time_to_answer{20};
constexpr seconds longest_silence{120};
constexpr seconds longest_end{40};  // of tasks that were cancelled: their labs end

fs::path job_file(const fs::path& run_folder) {
  return run_folder / "tasks/slurm-job";
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

std::map<std::size_t, SlurmTask> parse_squeue(const std::string& text) {
  std::map<std::size_t, SlurmTask> tasks;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) continue;
    const auto first = line.find('|');
    const auto second = line.find('|', first == std::string::npos ? first : first + 1);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + std::min(first, line.size()), number);
    if (second == std::string::npos || error != std::errc() || end != line.data() + first)
      throw Error(fmt::format("squeue printed '{}'", line.substr(0, 100)));
    tasks[number] = {line.substr(first + 1, second - first - 1), line.substr(second + 1)};
  }
  return tasks;
}

std::string array_of(const std::vector<std::size_t>& tasks) {
  return number_ranges(tasks);
}

bool SlurmTasks::under_way() {
  std::ifstream(job_file(run_folder_)) >> job_;
  return !job_.empty() && ask(stop_).has_value();
}

void SlurmTasks::start(const std::vector<std::size_t>& labs) {
  if (labs.empty()) {
    over_ = true;
    return;
  }
  const std::string limit = options_.at_once == 0 ? "" : fmt::format("%{}", options_.at_once);
  std::vector<std::string> command = {"sbatch",
                                      "--parsable",
                                      "--requeue",
                                      "--open-mode=append",
                                      "--array=" + array_of(labs) + limit,
                                      "--job-name=offlab-" + plan_.name,
                                      "--output=" + (run_folder_ / "tasks/task-%a.log").string(),
                                      "--chdir=" + run_folder_.string()};
  if (!options_.partition.empty()) command.push_back("--partition=" + options_.partition);
  command.insert(command.end(), options_.sbatch.begin(), options_.sbatch.end());
  command.push_back((run_folder_ / "tasks/task.sh").string());
  const ProgramResult result = run_or_throw(command, Deadline("sbatch", time_to_answer), stop_);
  job_ = first_line(result.output);
  job_ = job_.substr(0, job_.find(';'));  // "123;cluster"
  if (job_.empty() || job_.find_first_not_of("0123456789") != std::string::npos)
    throw Error(fmt::format("sbatch printed '{}' instead of a job's number", first_line(result.output)));
  std::ofstream(job_file(run_folder_)) << job_ << "\n";
}

std::optional<std::map<std::size_t, SlurmTask>> SlurmTasks::ask(const std::stop_token& stop) const {
  const ProgramResult result = run_program({"squeue", "--noheader", "--array", "--jobs=" + job_, "--format=%K|%T|%N",
                                            "--states=PENDING,RUNNING,SUSPENDED,COMPLETING,CONFIGURING,REQUEUED"},
                                           Deadline("squeue", time_to_answer), stop);
  if (result.exit_status == 0) {
    auto tasks = parse_squeue(result.output);
    return tasks.empty() ? std::nullopt : std::optional(std::move(tasks));
  }
  if (result.errors.find("Invalid job id") != std::string::npos) return std::nullopt;
  throw Error(fmt::format("squeue: {}", first_line(result.errors)));
}

std::vector<std::string> SlurmTasks::news() {
  std::vector<std::string> lines;
  std::optional<std::map<std::size_t, SlurmTask>> tasks;
  try {
    tasks = ask(stop_);
    silence_.reset();
  } catch (const Error& error) {
    if (silence_) {
      if (silence_->passed()) throw;
      return lines;
    }
    silence_.emplace("Slurm", longest_silence);
    return {fmt::format("{}; asking again", error.what())};
  }
  if (!tasks) {
    over_ = true;
    return lines;
  }
  for (const auto& [number, task] : *tasks) {
    if (number >= plan_.labs.size()) continue;
    const std::string& lab = plan_.labs[number].name;
    const auto before = last_hosts_.find(number);
    const bool waits = task.state == "PENDING" || task.state == "REQUEUED";
    if (waits && before != last_hosts_.end()) {
      lines.push_back(fmt::format("{} is queued again: it ended on {}", lab, before->second));
      last_hosts_.erase(before);
      begin_now(number);
    } else if (task.state == "RUNNING" && (before == last_hosts_.end() || before->second != task.host)) {
      lines.push_back(fmt::format("{} runs on {}", lab, task.host));
      last_hosts_[number] = task.host;
    }
  }
  return lines;
}

// Slurm lets a task that it queues again wait for two minutes, for what may still run on its host. An attempt does not
// touch the files of the one before it.
void SlurmTasks::begin_now(std::size_t task) const {
  try {
    run_program({"scontrol", "update", fmt::format("JobId={}_{}", job_, task), "StartTime=now"},
                Deadline("scontrol", time_to_answer), stop_);
  } catch (const Error&) {  // then it waits
  }
}

std::string SlurmTasks::why_over() const {
  return fmt::format("job {} of Slurm ended without it; tasks/task-N.log in the run folder has the tasks' last words",
                     job_);
}

void SlurmTasks::cancel() {
  if (job_.empty()) return;
  try {
    run_program({"scancel", job_}, Deadline("scancel", time_to_answer), {});
    for (const Deadline end("the end of the job", longest_end); !end.passed() && ask({}).has_value();)
      Deadline("the next question", seconds(1)).wait({});
    std::error_code none;
    fs::remove(job_file(run_folder_), none);
  } catch (const Error&) {  // nothing more can be done
  }
}

}  // namespace offlab
