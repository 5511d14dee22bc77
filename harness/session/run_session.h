// A planned run, from an empty folder to its verdict.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "cache/memory_reservation.h"
#include "model/verdict.h"
#include "plan/plan.h"
#include "plan/time_estimate.h"
#include "port/observer.h"
#include "record/run_folder.h"
#include "runner/follow_tasks.h"
#include "runner/lab_session.h"

namespace offlab {

// Where the cases are recorded.
struct RunPlace {
  std::unique_ptr<MemoryReservation> memory;      // null where somebody else has reserved it
  std::vector<std::unique_ptr<LabStarter>> labs;  // one for each lab that may be up at the same time
  std::unique_ptr<LabTasks> tasks = nullptr;      // instead of labs: somebody else starts them
  Environment environment;
};

// Labs that are started for the run (own_labs.h), or one that runs already (staying/lab_of_run.h).
class RunPlaceFinder {
 public:
  virtual ~RunPlaceFinder() = default;
  // Machines are started here, or on hosts that this one knows. False: they exist, and nothing is needed for them here.
  virtual bool makes_machines() const { return true; }
  // What the place's labs show: the plan asks for no more.
  virtual Observability observable() const = 0;
  // Called first. Throws UsageError when the plan does not fit the place.
  virtual void accept(const RunPlan& plan) = 0;
  // The plan with its labs as the place has room for them. Called next.
  virtual RunPlan arranged(RunPlan plan) const { return plan; }
  // Called once the run folder is there; builds what is missing. Throws Error.
  virtual RunPlace prepare(const RunPlan& plan, const RunFolder& folder, Observer& observer,
                           const std::stop_token& stop) = 0;
};

// Whoever shows the run.
class RunListener : public Observer {
 public:
  // Once, before the first case.
  virtual void on_plan(const RunPlan& plan) = 0;
  virtual void on_result(const CaseResult& result, Question question) = 0;
};

struct SessionResult {
  RunResult run;
  std::filesystem::path folder;
  bool interrupted = false;
};

// Which part of a run a folder has. In it as shard.json, so that merge_runs knows what is missing.
struct ShardRecord {
  unsigned number = 1;  // from 1
  unsigned of = 1;
  std::size_t all_cases = 0;  // of the whole run
};
std::optional<ShardRecord> read_shard(const RunFolder& folder);

struct SessionOptions {
  std::string out;       // the run folder; empty: one below ./runs
  unsigned retries = 0;  // as in RunPolicy
  std::optional<double> budget_seconds = {};
  std::optional<Outcome> until = {};  // as in RunPolicy
  LastResults last = {};              // what a budget's estimate knows of the cases
  std::optional<ShardRecord> shard = {};
};

// Checks the host, prepares the place, runs every case of the plan, writes run.json and junit.xml. `files`: the
// topology file and those that it extends; the run folder keeps them. Throws UsageError for a folder that is in use,
// and Error.
SessionResult run_session(const RunPlan& asked, const std::vector<SourceFile>& files, const SessionOptions& options,
                          RunPlaceFinder& place, RunListener& listener);

// Goes on with a run that was interrupted or killed: what it recorded is judged, what it had not ended is tried again,
// as a further attempt. The options' `out` is its folder; question and cases are those of its plan. Throws UsageError
// where there is nothing to go on with, where another process is at work in the folder, and where the images, the
// accelerator or the program are others than those it began with.
SessionResult resume_session(const SessionOptions& options, RunPlaceFinder& place, RunListener& listener);

// run.json, junit.xml and report.html. `kind`: "run", or "suite" for runs in folders of this one.
void write_reports(const RunResult& run, const RunFolder& folder, const std::string& kind = "run");
// Elsewhere than what was recorded: report.html has no links to it.
void write_reports_apart(const RunResult& run, const RunFolder& folder, const std::string& kind = "run");

// Of a command that the user interrupted: 128 and the number of SIGINT, as shells have it.
inline constexpr int interrupted_status = 130;

// The exit status of a run (docs/run-json.md).
int session_exit_code(const SessionResult& session);

}  // namespace offlab
