#include "agent/run_task.h"

#include <csignal>
#include <cstdlib>
#include <fstream>

#include <fmt/core.h>

#include "base/error.h"
#include "base/host_name.h"
#include "base/usage_error.h"
#include "process/stop_signals.h"
#include "record/event_json.h"
#include "runner/follow_tasks.h"
#include "session/own_labs.h"
#include "session/slurm_pool.h"

namespace offlab {
namespace {

// Writes the events where whoever follows the run reads them.
class EventFile : public Observer {
 public:
  explicit EventFile(std::filesystem::path file) : file_(std::move(file)) {}
  void on(const Event& event) override {
    const std::lock_guard lock(mutex_);
    std::ofstream(file_, std::ios::app) << event_to_line(event) + "\n" << std::flush;
  }

 private:
  std::filesystem::path file_;
  std::mutex mutex_;
};

std::string name_of_this_host() {
  if (const char* node = std::getenv("SLURMD_NODENAME")) return node;
  return host_name();
}

}  // namespace

int run_task(const std::filesystem::path& run_folder, std::size_t lab) {
  const RunFolder folder(run_folder);
  RunPlan plan = folder.read_plan();
  if (lab >= plan.labs.size()) throw UsageError(fmt::format("error: the run has no lab {}\n", lab));
  plan.labs = {plan.labs[lab]};
  const TaskChoices choices = read_task_choices(folder);
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  EventFile events(run_folder / task_events_file(lab));
  const auto finder = own_labs({.accelerator = choices.accelerator,
                                .cold = choices.cold,
                                .image_digests = choices.image_digests,
                                .host = name_of_this_host()});
  finder->accept(plan);
  const RunPlace place = finder->prepare(plan, folder, events, signals.token());
  // A task that Slurm queued again while its host was only cut off: the older one ends with its case.
  const std::string owner = fmt::format("tasks/owner-{}", lab);
  const char* restarts = std::getenv("SLURM_RESTART_COUNT");
  const std::string mine = restarts == nullptr ? "0" : restarts;
  folder.write_text(owner, mine);
  const auto done = [&](const CaseResult& result) {
    if (folder.read_text(owner) != mine) throw Error("the task was begun again elsewhere");
    for (const CasePlan& one : plan.labs.front().cases)
      if (one.id == result.id) folder.write_text(done_file(one), "");
  };
  bool interrupted = false;
  run_matrix(plan, {place.labs.front().get()}, folder, {.retries = choices.retries, .resume = true}, done, interrupted);
  return interrupted ? interrupted_status : 0;
}

}  // namespace offlab
